"""Rows of the table: each module of `bench/rows/` registers functions that measure one thing."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from bench.context import Context

#: Rows per scale: how many tasks a measured list stands on.
SCALES = {"small": 1_000, "100k": 100_000, "1m": 1_000_000}
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Result:
    """One line of the table. `ratio` is product ÷ baseline inside one run; `ok` is the verdict on `goal`."""

    name: str
    database: str
    scale: str
    median_ms: float
    queries: int | None = None
    baseline: str | None = None
    ratio: float | None = None
    goal: str = ""
    ok: bool | None = None

    def as_json(self) -> dict[str, object]:
        """Return the row as PERFORMANCE lays it down."""
        return asdict(self)


Measure = Callable[[Context], Iterable[Result]]


@dataclass(frozen=True)
class Row:
    """A registered measurement; `database` rows run once for each database, the others once."""

    name: str
    measure: Measure
    per_database: bool


class Rows(dict[str, Row]):
    """Every row by its name, in order of registration."""

    def register(self, name: str, *, per_database: bool = True) -> Callable[[Measure], Measure]:
        """Register a function; a name that is taken already is an error."""

        def take(measure: Measure) -> Measure:
            if name in self:
                raise ValueError(f"Two rows are called {name!r}.")
            self[name] = Row(name, measure, per_database)
            return measure

        return take


ROWS = Rows()
row = ROWS.register


def load() -> Rows:
    """Import every module of `bench/rows/` and return what they registered."""
    package = importlib.import_module("bench.rows")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"bench.rows.{module.name}")
    return ROWS


def chosen(rows: Rows, words: Iterable[str]) -> list[Row]:
    """Return the rows whose name begins with one of the words; all of them without words."""
    begins = tuple(words)
    return [found for name, found in rows.items() if not begins or name.startswith(begins)]
