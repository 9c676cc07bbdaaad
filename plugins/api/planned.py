"""Statements whose plan PostgreSQL keeps: parameters travel beside the text, so that the text stays the same."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import NotSupportedError, OperationalError
from django.db.backends.utils import CursorWrapper


class _Reused(CursorWrapper):
    """One cursor of a connection for all these statements, each of which is read to its end before the next one.

    psycopg counts statements while it runs one of these, and at no other time: it would hold the text of all others as
    well, values and all, and count none often enough between so many.
    """

    def execute(self, sql: Any, params: Any = None) -> Any:
        """Run a statement by its kept plan, if it has one.

        A column whose type a migration has changed makes plans useless: they are dropped, and the statement is run
        again. Inside a transaction that cannot be done: raises `OperationalError`, and the act may be tried again.
        """
        raw = self.cursor.connection
        raw.prepare_threshold = settings.PREPARE_AFTER
        try:
            return super().execute(sql, params)
        except NotSupportedError as error:
            if not _is_outdated(error):
                raise
            if self.db.in_atomic_block:
                raise OperationalError("The kept plan of a statement is out of date.") from error
            self.cursor.execute("DEALLOCATE ALL")
            return super().execute(sql, params)
        finally:
            raw.prepare_threshold = None

    def __exit__(self, *_error: object) -> None:
        """Stay open for the next statement."""


def _is_outdated(error: NotSupportedError) -> bool:
    """Tell whether PostgreSQL says “cached plan must not change result type”; the words depend on its language."""
    from psycopg.errors import FeatureNotSupported

    return isinstance(error.__cause__, FeatureNotSupported)


def planned_cursor(connection: Any) -> Any:
    """Return a cursor for a statement that is run again and again, and whose best plan no value changes.

    Read what it gives at once: the next statement uses the same cursor.

    Django puts values into the text, so that PostgreSQL reads and plans each statement anew: for one that finds rows by
    their keys that takes longer than to run it. Here psycopg has the server keep the plan of what it sees more often
    than `PREPARE_AFTER` says (None keeps none). For lists whose rows depend much on the reader it is the wrong way: one
    plan for all of them is a bad plan for some. Where statements are logged (`connection.queries`) they go as always:
    the log shows them with their values.
    """
    if connection.vendor != "postgresql" or connection.queries_logged:
        return connection.cursor()
    from psycopg import Cursor

    connection.close_if_health_check_failed()
    connection.ensure_connection()
    kept: _Reused | None = connection.__dict__.get("_planned_cursor")
    if kept is None or kept.cursor.connection is not connection.connection:
        kept = connection.__dict__["_planned_cursor"] = _Reused(Cursor(connection.connection), connection)
    return kept
