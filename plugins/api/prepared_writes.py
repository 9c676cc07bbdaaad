"""Rows written by SQL that is built once, for the few writes that every decision makes.

Like `bulk_create()` and `update()` these send no signals, and they store one table: of a model that inherits from
another one, only its own columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DatabaseError, connections, models, router
from django.db.models.constants import OnConflict

from .planned import planned_cursor

M = TypeVar("M", bound=models.Model)

#: As many rows are put into one prepared statement; Django writes more.
MOST_ROWS = 20
#: Fields that store text as it is; those made out of them may not.
_TEXTS = frozenset({models.CharField, models.TextField})


@dataclass(frozen=True)
class _Insert:
    """`head`, then the columns of each row (`group`), then `tail`, which gives the keys back."""

    head: str
    group: str
    tail: str


def _value(field: Any, row: models.Model, connection: Any, *, add: bool) -> Any:
    """Return what the database gets for one column; nothing, as most of a task is, and text need no preparation."""
    value = field.pre_save(row, add)
    if value is None or (type(value) is str and type(field) in _TEXTS):
        return value
    return field.get_db_prep_save(value, connection)


class PreparedInsert(Generic[M]):
    """New rows of one model.

    With `ignore_conflicts` rows that break a rule of uniqueness are passed over; only `is_new` then reads keys back.
    """

    def __init__(self, model: type[M], *, ignore_conflicts: bool = False) -> None:
        self._model = model
        self._ignore = ignore_conflicts
        self._fields = [
            field
            for field in model._meta.local_concrete_fields
            if not isinstance(field, models.AutoField) and not field.generated
        ]

    def one(self, row: M) -> M:
        """Store one row and return it with its key."""
        self.all([row])
        return row

    def all(self, rows: Sequence[M]) -> None:
        """Store rows in one query; a key that the database gives out is set on each."""
        if len(rows) > MOST_ROWS:
            whole: Any = models.QuerySet(self._model)
            whole.bulk_create(rows, ignore_conflicts=self._ignore)
        elif rows:
            keys = self._stored(rows)
            if not self._ignore:
                self._with_keys(rows, keys)

    def is_new(self, row: M) -> bool:
        """Store a row unless one like it is there, or stored now by another transaction; tell whether it was."""
        keys = self._stored([row])
        self._with_keys([row], keys)
        return bool(keys)

    def unless(self, row: M, **known: Any) -> bool:
        """Store a row unless there is one with these values in its columns; one query. Tell whether it was stored."""
        connection = connections[router.db_for_write(self._model)]
        quote, meta = connection.ops.quote_name, self._model._meta
        columns = {field.name: str(field.column) for field in meta.local_concrete_fields}
        same = " AND ".join(f"{quote(columns[name])} = %s" for name in known)
        source = f"SELECT 1 FROM {quote(meta.db_table)} WHERE {same}"  # noqa: S608 - names of columns
        keys = self._stored([row], unless=source, values=list(known.values()))
        self._with_keys([row], keys)
        return bool(keys)

    def _stored(self, rows: Sequence[Any], *, unless: str = "", values: Sequence[Any] = ()) -> list[Any]:
        """Run the statement and return a key for each row that was stored."""
        for row in rows:
            row._prepare_related_fields_for_save(operation_name="bulk_create")
        connection = connections[router.db_for_write(self._model)]
        statement = self._statement(connection)
        groups = ", ".join([f"({statement.group})"] * len(rows))
        source = f"SELECT {statement.group} WHERE NOT EXISTS ({unless})" if unless else f"VALUES {groups}"
        given = [_value(field, row, connection, add=True) for row in rows for field in self._fields]
        with planned_cursor(connection) as cursor:
            cursor.execute(statement.head + source + statement.tail, [*given, *values])
            return cursor.fetchall()

    def _with_keys(self, rows: Sequence[M], keys: Sequence[Any]) -> None:
        alias, pk = router.db_for_write(self._model), self._model._meta.pk
        for row, (key,) in zip(rows, keys, strict=False):
            if isinstance(pk, models.AutoField):
                setattr(row, pk.attname, key)
            row._state.adding, row._state.db = False, alias

    def _statement(self, connection: Any) -> _Insert:
        kept: dict[PreparedInsert[Any], _Insert] = connection.__dict__.setdefault("_prepared_inserts", {})
        if self not in kept:
            kept[self] = self._prepare(connection)
        return kept[self]

    def _prepare(self, connection: Any) -> _Insert:
        quote, meta = connection.ops.quote_name, self._model._meta
        conflict = OnConflict.IGNORE if self._ignore else None
        columns = ", ".join(quote(field.column) for field in self._fields)
        verb = connection.ops.insert_statement(on_conflict=conflict)
        suffix = connection.ops.on_conflict_suffix_sql(self._fields, conflict, (), ())
        return _Insert(
            head=f"{verb} {quote(meta.db_table)} ({columns}) ",
            group=", ".join(["%s"] * len(self._fields)),
            tail=f" {suffix} RETURNING {quote(meta.pk.column)}",
        )


class PreparedUpdate(Generic[M]):
    """Some columns of one stored row. `names` are those of the model's own fields."""

    def __init__(self, model: type[M], *names: str) -> None:
        known = {field.name: field for field in model._meta.local_concrete_fields}
        self._model = model
        self._fields = [known[name] for name in names]

    def save(self, row: M) -> None:
        """Write the columns as they stand on the object. Raises `DatabaseError` when there is no such row."""
        connection = connections[router.db_for_write(self._model)]
        values = [_value(field, row, connection, add=False) for field in self._fields]
        with planned_cursor(connection) as cursor:
            cursor.execute(self._statement(connection), [*values, row.pk])
            if cursor.rowcount != 1:
                raise DatabaseError(f"There is no {self._model._meta.label} {row.pk} to write.")

    def _statement(self, connection: Any) -> str:
        kept: dict[PreparedUpdate[Any], str] = connection.__dict__.setdefault("_prepared_updates", {})
        if self not in kept:
            quote, meta = connection.ops.quote_name, self._model._meta
            columns = ", ".join(f"{quote(field.column)} = %s" for field in self._fields)
            kept[self] = f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608
        return kept[self]
