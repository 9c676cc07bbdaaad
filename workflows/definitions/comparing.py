"""Finds what belongs together in two definitions: steps by their ids, branches and sections by likeness."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Pairs = list[tuple[int | None, int | None]]


@dataclass(frozen=True)
class Located:
    """A step and where it stands.

    `home` is equal in two definitions when the step stands in the same branch of the same block; `before` is the key of
    the step before it in that branch, `block` the key of the block around it, `branch` the number of the branch.
    """

    data: Mapping[str, Any]
    place: str
    home: tuple[str, Any]
    index: int
    before: str = ""
    block: str = ""
    branch: int = 0

    @property
    def id(self) -> str:
        """The id of the step; a draft may have none."""
        return str(self.data.get("id", ""))


def located(steps: Sequence[Any], twins: Mapping[str, Pairs]) -> dict[str, Located]:
    """Return all steps, nested ones too, by a key: the id, or the id and a number where a draft uses it twice.

    With `twins` (pairs of branches by the key of their block) homes are named as in the older definition.
    """
    found: dict[str, Located] = {}
    _collect(steps, "flow.steps", ("", 0), "", 0, twins, found)
    return found


def _collect(
    steps: Sequence[Any],
    place: str,
    home: tuple[str, Any],
    block: str,
    branch: int,
    twins: Mapping[str, Pairs],
    found: dict[str, Located],
) -> None:
    before = ""
    for index, data in enumerate(steps):
        key = _key(str(data.get("id", "")), found)
        here = f"{place}[{index}]"
        found[key] = Located(data, here, home, index, before, block, branch)
        before = key
        for number, inner in enumerate(data.get("branches") or []):
            around = (key, _old_number(twins.get(key), number))
            _collect(
                inner.get("steps") or [],
                f"{here}.branches[{number}].steps",
                around,
                key,
                number,
                twins,
                found,
            )


def _key(step_id: str, taken: Mapping[str, Located]) -> str:
    key, number = step_id, 1
    while key in taken:
        number += 1
        key = f"{step_id} {number}"
    return key


def _old_number(pairs: Pairs | None, number: int) -> Any:
    """Return the number that a branch had before; a new branch is no other one's home."""
    if pairs is None:
        return number
    return next((old for old, new in pairs if new == number and old is not None), f"new {number}")


def matched(one: Sequence[Any], other: Sequence[Any], likeness: Callable[[Any, Any], int]) -> Pairs:
    """Return which part of `one` is which of `other`, as pairs of numbers: equal ones, then alike ones, then by place.

    What is left alone stands with None on the other side.
    """
    left, right = list(range(len(one))), list(range(len(other)))
    pairs: Pairs = []

    def take(old: int, new: int) -> None:
        pairs.append((old, new))
        left.remove(old)
        right.remove(new)

    for new in list(right):
        for old in [number for number in left if one[number] == other[new]][:1]:
            take(old, new)
    scores = sorted(
        (-likeness(one[old], other[new]), abs(old - new), new, old) for old in left for new in right
    )
    for score, _far, new, old in scores:
        if score < 0 and old in left and new in right:
            take(old, new)
    for old, new in zip(list(left), list(right), strict=False):
        take(old, new)
    pairs.sort(key=lambda pair: (pair[1] is None, pair[1] if pair[1] is not None else pair[0]))
    return pairs + [(old, None) for old in left] + [(None, new) for new in right]


def kept_in_order(numbers: Sequence[int]) -> set[int]:
    """Return the longest part of `numbers` that rises: what stayed where it was, so that the fewest have moved."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, number in enumerate(numbers):
        at = bisect_left(tails, number)
        previous.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(number)
            ends.append(index)
        else:
            tails[at], ends[at] = number, index
    found, index = set(), ends[-1] if ends else -1
    while index >= 0:
        found.add(numbers[index])
        index = previous[index]
    return found


def plain(value: Any) -> dict[str, Any]:
    """Return a mapping, empty for anything else: drafts may lack it."""
    return value if isinstance(value, dict) else {}
