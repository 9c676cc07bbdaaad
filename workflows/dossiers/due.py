"""Due dates that can be sorted: none counts as one that never comes."""

from __future__ import annotations

from typing import Any

from django.db.models import DateTimeField, F, Func


class DueOrNever(Func):
    """A due date, or the end of time for what has none. Never null; stands behind all others.

    The end of time stands in the SQL itself, not among the parameters: only so does an index on this expression serve.
    """

    function = "COALESCE"
    arity = 1
    output_field = DateTimeField()

    def __init__(self, column: str, **extra: Any) -> None:
        super().__init__(F(column), **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the SQL of SQLite, which holds moments as text."""
        return self.as_sql(
            compiler,
            connection,
            template="%(function)s(%(expressions)s, '9999-12-31 00:00:00')",
            **context,
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the SQL of PostgreSQL."""
        never = "'9999-12-31 00:00:00+00:00'::timestamptz"
        return self.as_sql(
            compiler, connection, template=f"%(function)s(%(expressions)s, {never})", **context
        )
