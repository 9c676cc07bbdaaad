"""Pages of a sorted list, each found by the line beside it: page 1,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Expression, F, Func, QuerySet, Value

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
    """One page: primary keys in order, and the cursors of its neighbours ("" where there is none)."""

    keys: list[int]
    previous: str = ""
    next: str = ""


def slice_of(found: QuerySet, order: Order, *, size: int, after: str = "", before: str = "") -> Slice:
    """Return the page behind the cursor `after`, or in front of `before`, else the first one. One query.

    A cursor that cannot be read counts as none. `found` holds only what the reader may see: a cursor is a place in
    the order, and shows nothing of what stands there.
    """
    line, back = (_read(after, order), False) if after else (_read(before, order), True)
    back = back and line is not None
    wanted = order.sorted(found if line is None else order.beyond(found, line, back=back), back=back)
    named = {f"_key{n}": key for n, key in enumerate(order.keys)}
    lines = list(wanted.annotate(**named).values_list(*named, "pk")[: size + 1])
    more, lines = len(lines) > size, lines[:size]
    if back:
        lines.reverse()
    if not lines:
        return Slice([])
    ahead, behind = (more, True) if back else (line is not None, more)
    return Slice(
        keys=[row[-1] for row in lines],
        previous=_written(lines[0]) if ahead else "",
        next=_written(lines[-1]) if behind else "",
    )


def _written(line: Sequence[Any]) -> str:
    values = [value.isoformat() if isinstance(value, datetime) else value for value in line]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, order: Order) -> list[Any] | None:
    """Return the line that a cursor names, or None for one that was not made here."""
    if not cursor or len(cursor) > LONGEST or not cursor.isascii():
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != len(order.columns):
        return None
    *texts, key = values
    if type(key) is not int or not 0 <= key <= _HIGHEST:
        return None
    found = [_value(text, name in MOMENTS) for text, name in zip(texts, _names(order), strict=True)]
    return None if None in found else [*found, key]


#: The keys that hold moments; all others hold text.
MOMENTS = frozenset({"opened_at", "due_at"})


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
