"""Pages of a sorted list, each found by the line beside it: page 1,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Expression, F, Func, QuerySet, Value

from workflows.engine.api import COUNT_LIMIT, merged

#: Longest text of a cursor: a subject of 300 letters, each of three bytes, written in base64.
LONGEST = 2_000
_HIGHEST = 2**63 - 1


class _Beyond(Func):
    """Whether a row of columns stands before or after a row of values; both databases use an index for it."""

    conditional = True
    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **context: Any) -> Any:
        """Return `(a, b) > (x, y)`."""
        parts = [compiler.compile(source) for source in self.get_source_expressions()]
        half = len(parts) // 2
        columns, values = (", ".join(sql for sql, _ in side) for side in (parts[:half], parts[half:]))
        params = tuple(value for _, found in parts for value in found)
        return f"({columns}) {self.extra['sign']} ({values})", params


@dataclass(frozen=True)
class Order:
    """How a list is sorted: by `keys`, which are never null, then by key; all rise, or all fall."""

    name: str
    keys: Sequence[Expression | F]
    falls: bool = False

    @property
    def columns(self) -> list[Any]:
        """Return what the database compares, the primary key last."""
        return [*self.keys, F("pk")]

    @property
    def named(self) -> dict[str, Any]:
        """Return the keys by the names that a line has for them."""
        return {f"key{number}": key for number, key in enumerate(self.keys)}

    def sorted(self, found: QuerySet, *, back: bool = False) -> QuerySet:
        """Return the list in this order, or in the opposite one."""
        falls = self.falls != back
        return found.order_by(*(key.desc() if falls else key.asc() for key in self.columns))

    def beyond(self, found: QuerySet, line: Sequence[Any], *, back: bool = False) -> QuerySet:
        """Return what stands after the line (before it when going back)."""
        sign = "<" if self.falls != back else ">"
        return found.filter(_Beyond(*self.columns, *map(Value, line), sign=sign))


@dataclass(frozen=True)
class Slice:
    """One page: its lines in order, and the cursors of its neighbours ("" where there is none).

    `count` is the number of lines of all pages, at most `COUNT_LIMIT`, as it was when the first page was read; None
    when that was not asked for.
    """

    lines: list[dict[str, Any]]
    previous: str = ""
    next: str = ""
    count: int | None = None
    keys: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Keep the primary keys of the lines."""
        object.__setattr__(self, "keys", [line["pk"] for line in self.lines])


def slice_of(
    found: QuerySet | Sequence[QuerySet],
    order: Order,
    *,
    size: int,
    after: str = "",
    before: str = "",
    columns: Sequence[str] = ("pk",),
    counted: bool = False,
) -> Slice:
    """Return the page behind the cursor `after`, or in front of `before`, else the first one. One query.

    `found` may be several querysets that have no line in common; the lines are dicts of `columns`. With `counted` the
    first page reads on up to `COUNT_LIMIT` lines; the others take the number from their cursor.
    A cursor that cannot be read counts as none. `found` holds only what the reader may see: a cursor is a place in
    the order, and shows nothing of what stands there.
    """
    place, back = (_read(after, order), False) if after else (_read(before, order), True)
    back = back and place is not None
    parts = [found] if isinstance(found, QuerySet) else found
    if place is not None:
        parts = [order.beyond(part, place.line, back=back) for part in parts]
    ahead = COUNT_LIMIT if counted and place is None else size + 1
    lines = list(
        merged(parts, order.named, columns=columns, limit=max(ahead, size + 1), falls=order.falls != back)
    )
    count = None if not counted else place.count if place else min(len(lines), COUNT_LIMIT)
    more, lines = len(lines) > size, lines[:size]
    if back:
        lines.reverse()
    if not lines:
        return Slice([], count=count)
    has_previous, has_next = (more, True) if back else (place is not None, more)
    return Slice(
        lines,
        previous=_written(lines[0], order, count) if has_previous else "",
        next=_written(lines[-1], order, count) if has_next else "",
        count=count,
    )


@dataclass(frozen=True)
class _Place:
    """What a cursor holds: the line beside a page, and how many lines there were."""

    line: list[Any]
    count: int


def _written(line: Mapping[str, Any], order: Order, count: int | None) -> str:
    found = [line[name] for name in order.named]
    values = [value.isoformat() if isinstance(value, datetime) else value for value in found]
    text = json.dumps([*values, line["pk"], count or 0], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, order: Order) -> _Place | None:
    """Return what a cursor names, or None for one that was not made here."""
    if not cursor or len(cursor) > LONGEST or not cursor.isascii():
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != len(order.columns) + 1:
        return None
    *texts, key, count = values
    if type(key) is not int or not 0 <= key <= _HIGHEST or type(count) is not int:
        return None
    found = [_value(text, name in MOMENTS) for text, name in zip(texts, _names(order), strict=True)]
    return None if None in found else _Place([*found, key], min(max(count, 0), COUNT_LIMIT))


#: The keys that hold moments; all others hold text.
MOMENTS = frozenset({"opened_at", "due_at", "scheduled", "created", "finished"})


def _names(order: Order) -> list[str]:
    """Return the column behind each key: the first one that the expression names."""
    sources: list[Any] = [
        key if isinstance(key, F) else key.get_source_expressions()[0] for key in order.keys
    ]
    return [source.name for source in sources]


def _value(text: Any, is_moment: bool) -> Any:
    if not isinstance(text, str) or "\0" in text or not _can_be_stored(text):
        return None
    if not is_moment:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and moment.year > 1 else None


def _can_be_stored(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
