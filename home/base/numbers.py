"""Numbers in the frame of every page (what waits, what is unread): however many there are, they are one query."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from home.notifications.api import COUNT_LIMIT
from home.people.api import User, remembered
from plugins.api.api import EXAMPLE_KEY, Prepared, PreparedFamily, Registry, count_of


@dataclass(frozen=True, kw_only=True)
class FrameNumber:
    """A number for an entry of the menu (`MenuItem.number`) or another part of the frame, by its `code`.

    `asked(user)` returns what the SQL depends on (a shape), and the values in it; both are remembered as long as
    nothing renews the stamp (`home.people.remembering`). `rows(shape, values)` returns what is counted: querysets that
    have no line in common. `examples(shape, after)` returns a value for each of the values, as `Prepared` wants them:
    keys from `example_keys(…, after=after)`, words that no other number uses.
    """

    code: str
    asked: Callable[[Any], tuple[Hashable, Sequence[Any]]]
    rows: Callable[[Any, Sequence[Any]], Sequence[QuerySet[Any, Any]]]
    examples: Callable[[Any, int], Sequence[Any]]


#: Every room and plugin may ship a `frame_numbers.py` that registers here.
frame_numbers: Registry[FrameNumber] = Registry(
    FrameNumber, module="frame_numbers", noun="number of the frame"
)

#: What is asked for one reader: of each number its code and shape.
_Shapes = tuple[tuple[str, Hashable], ...]


@dataclass(frozen=True)
class _Question:
    """The query of one reader, with its values."""

    codes: tuple[str, ...]
    prepared: Prepared[User]
    values: tuple[Any, ...]


def numbers_of(request: HttpRequest) -> Mapping[str, int]:
    """Return the reader's numbers by code, each at most `COUNT_LIMIT`; none for visitors. One query a request."""
    known: Mapping[str, int] | None = request.__dict__.get("_congso_numbers")
    if known is None:
        known = _counted(request.user) if request.user.is_authenticated else {}
        request.__dict__["_congso_numbers"] = known
    return known


def _counted(user: Any) -> Mapping[str, int]:
    question = remembered(user, ("numbers", len(frame_numbers)), lambda: _question(user))
    rows = question.prepared.rows(*question.values) if question.codes else []
    counted = rows[0] if rows else [0] * len(question.codes)
    return {code: min(number, COUNT_LIMIT) for code, number in zip(question.codes, counted, strict=True)}


def _question(user: Any) -> _Question:
    asked = [(number.code, *number.asked(user)) for number in frame_numbers]
    shapes = tuple((code, shape) for code, shape, _values in asked)
    values = [value for _code, _shape, some in asked for value in some]
    return _Question(tuple(code for code, _shape in shapes), _queries.of(shapes), (user.pk, *values))


def _build(shapes: _Shapes, person: Any, *given: Any) -> QuerySet[User, Any]:
    """Return the query of some shapes for a person; `given` are the values of each shape, one after the other."""
    values = iter(given)
    counts = []
    for code, shape in shapes:
        kind = frame_numbers.get(code)
        own = list(islice(values, len(kind.examples(shape, 0))))
        counts.append(count_of(kind.rows(shape, own), COUNT_LIMIT))
    return User.objects.filter(pk=person).order_by().values_list(*counts)


def _examples(shapes: _Shapes) -> Sequence[Any]:
    found: list[Any] = [EXAMPLE_KEY]
    for code, shape in shapes:
        found += frame_numbers.get(code).examples(shape, len(found))
    return found


_queries: PreparedFamily[User] = PreparedFamily(_build, _examples)
