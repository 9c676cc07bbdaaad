"""Queries whose SQL is built once: on a hot path Django builds SQL longer than the database takes to run it.

The text depends on the kind of database alone, so it is kept for each connection, and only values change.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Generic, TypeVar

from django.db import connections, models, router
from django.db.models.query import ModelIterable, get_related_populators

from .planned import planned_cursor

M = TypeVar("M", bound=models.Model)

#: A primary key that no row has, as an example for `Prepared`.
EXAMPLE_KEY = 9_007_199_254_740_991


def example_keys(number: int, *, after: int = 0) -> list[int]:
    """Return so many keys that no row has, all different; `after` leaves out those that stand elsewhere in a query."""
    return [EXAMPLE_KEY - place for place in range(after, after + number)]


def example_words(number: int, what: str) -> list[str]:
    """Return so many texts that no row has, all different; `what` tells those of one list from those of another."""
    return [f"example {what} {place:06}" for place in range(number)]


class CountOf(models.Subquery):
    """The number of rows of a sliced query, as part of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = models.IntegerField()


def count_of(parts: Iterable[models.QuerySet[Any, Any]], limit: int) -> Any:
    """Return how many rows querysets have that share none, as part of another query; of each at most `limit`."""
    counts = (CountOf(part.order_by().values("pk")[:limit]) for part in parts)
    return sum(counts, start=models.Value(0))


@dataclass(frozen=True)
class _Statement:
    """One query as built for one connection: `slots` says which value stands at which parameter.

    `populators` are Django's for what is loaded along, each with the foreign key that leads there (None for others).
    """

    compiler: Any
    sql: str
    params: tuple[Any, ...]
    slots: tuple[tuple[int, int], ...]
    converters: dict[int, Any]
    populators: Sequence[tuple[Any, Any]]
    columns: list[str]
    span: slice
    annotations: Mapping[str, int]


class Prepared(Generic[M]):
    """A query of whole rows of one model, with what is loaded along and annotated; only values differ between calls.

    `rows` is for a query of single columns (`values_list`), also of several ones put together (`union`).

    `build` makes the query from values; `examples` are values that occur nowhere else in it. Its conditions must not
    depend on the values: no None, no list, nothing that Django would fold.

    A `keyed` query finds its few rows by keys, whatever the values: PostgreSQL keeps its plan (`planned_cursor`).
    `write` asks the database that is written to.
    """

    def __init__(
        self,
        build: Callable[..., models.QuerySet[M, Any]],
        *examples: Any,
        write: bool = False,
        keyed: bool = False,
    ) -> None:
        self._build = build
        self._examples = examples
        self._write = write
        self._keyed = keyed
        self._model: type[M] | None = None

    def all(self, *values: Any) -> list[M]:
        """Run the query with these values and return its rows."""
        statement, model = self._statement(), self._model
        if model is None:
            raise RuntimeError("A prepared query was run before it was built.")
        shared: dict[tuple[Any, Any], Any] = {}
        return [self._object(model, statement, row, shared) for row in self._fetched(statement, values)]

    def _fetched(self, statement: _Statement, values: Sequence[Any]) -> Iterable[Sequence[Any]]:
        connection = statement.compiler.connection
        params = list(statement.params)
        for position, number in statement.slots:
            params[position] = _adapted(connection, values[number])
        with planned_cursor(connection) if self._keyed else connection.cursor() as cursor:
            cursor.execute(statement.sql, params)
            rows: Iterable[Sequence[Any]] = cursor.fetchall()
        if statement.converters:
            rows = statement.compiler.apply_converters(rows, statement.converters)
        return rows

    def first(self, *values: Any) -> M | None:
        """Return the first row, or None."""
        return next(iter(self.all(*values)), None)

    def _object(
        self, model: type[M], statement: _Statement, row: Sequence[Any], shared: dict[tuple[Any, Any], Any]
    ) -> M:
        """Return the object of a row; rows that refer to the same one of another model share its object."""
        found = model.from_db(statement.compiler.using, statement.columns, row[statement.span])
        for populator, link in statement.populators:
            place = (link, getattr(found, link.attname)) if link is not None else None
            if place in shared:
                link.set_cached_value(found, shared[place])
                continue
            populator.populate(row, found)
            if place is not None:
                shared[place] = link.get_cached_value(found)
        for name, column in statement.annotations.items():
            setattr(found, name, row[column])
        return found

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """Run the query with these values and return its columns as tuples, in the order of `values_list`."""
        return [tuple(row) for row in self._fetched(self._statement(), values)]

    def _statement(self) -> _Statement:
        alias = self._alias()
        kept: dict[Prepared[Any], _Statement] = connections[alias].__dict__.setdefault("_prepared", {})
        if self not in kept:
            kept[self] = self._prepare(alias)
        return kept[self]

    def _alias(self) -> str:
        if self._model is None:
            self._model = self._build(*self._examples).model
        return router.db_for_write(self._model) if self._write else router.db_for_read(self._model)

    def _prepare(self, alias: str) -> _Statement:
        queryset = self._build(*self._examples).using(alias)
        compiler: Any = queryset.query.get_compiler(using=alias)
        sql, params = compiler.as_sql()
        # Columns that were picked one by one (`values`) are no row of a model.
        picked = not issubclass(queryset._iterable_class, ModelIterable)
        select, info = compiler.select, None if picked else compiler.klass_info
        fields = info["select_fields"] if info else [0]
        span = slice(fields[0], fields[-1] + 1)
        return _Statement(
            compiler=compiler,
            sql=sql,
            params=tuple(params),
            slots=tuple(self._slots(params, [_adapted(connections[alias], one) for one in self._examples])),
            converters=compiler.get_converters([column[0] for column in select]),
            populators=_populators(info, select, alias) if info else [],
            columns=[column[0].target.attname for column in select[span]] if info else [],
            span=span,
            annotations=compiler.annotation_col_map or {},
        )

    def _slots(self, params: Sequence[Any], examples: Sequence[Any]) -> list[tuple[int, int]]:
        """Find the examples among the parameters. Raises ValueError when one is missing, or stands for two values."""
        if len(set(examples)) < len(examples):
            raise ValueError(f"One example stands twice among {examples}.")
        found = [
            (position, number)
            for position, param in enumerate(params)
            for number, example in enumerate(examples)
            if type(param) is type(example) and param == example
        ]
        missing = set(range(len(examples))) - {number for _position, number in found}
        if missing:
            raise ValueError(f"The query has no parameter for the examples {sorted(missing)}.")
        return found


def _populators(info: Any, select: Any, alias: str) -> list[tuple[Any, Any]]:
    made = get_related_populators(info, select, alias)  # type: ignore[call-arg]
    links = (
        None if related["reverse"] or related["field"].unique else related["field"]
        for related in info.get("related_klass_infos", [])
    )
    return list(zip(made, links, strict=True))


class PreparedFamily(Generic[M]):
    """One query in several shapes, where lists of values have different lengths: each is built when first asked for.

    A shape is what the SQL depends on. `build(*shape, *values)` makes the query, `examples(*shape)` its values.
    """

    def __init__(
        self,
        build: Callable[..., models.QuerySet[M, Any]],
        examples: Callable[..., Sequence[Any]],
        *,
        keyed: bool = False,
    ) -> None:
        self._build = build
        self._examples = examples
        self._keyed = keyed
        self._members: dict[tuple[Hashable, ...], Prepared[M]] = {}

    def of(self, *shape: Hashable) -> Prepared[M]:
        """Return the query in this shape."""
        if shape not in self._members:
            build = partial(self._build, *shape)
            self._members[shape] = Prepared(build, *self._examples(*shape), keyed=self._keyed)
        return self._members[shape]


def _adapted(connection: Any, value: Any) -> Any:
    """Return a value as Django hands it to the database: rows by key, and SQLite takes dates as text."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
