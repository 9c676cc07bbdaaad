"""How many tasks there are, for the tabs of the inbox and for saved lists. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from home.people.api import User
from plugins.api.api import EXAMPLE_KEY, PreparedFamily, count_of, example_words
from workflows.dossiers.api import open_followed, principals_of

from .task_lists import Shape, asked_of, claimable_by, examples_of, length_of, parts_of, pools_of

#: Counting stops here ("100+").
COUNT_LIMIT = 100


def _counting(person: Any, lists: Sequence[Sequence[QuerySet[Any, Any]]]) -> QuerySet[User, Any]:
    counts = [count_of(parts, COUNT_LIMIT) for parts in lists]
    return User.objects.filter(pk=person).order_by().values_list(*counts)


def count_parts(user: User, lists: Sequence[Sequence[QuerySet[Any, Any]]]) -> list[int]:
    """Return how long each of these lists is (one list has several parts), at most `COUNT_LIMIT`; one query."""
    found = _counting(user.pk, lists).first() or [0] * len(lists)
    return [min(number or 0, COUNT_LIMIT) for number in found]


def count_tabs(user: User) -> tuple[int, int, int]:
    """Return how many tasks wait for `user`, how many could be claimed, and how many dossiers under way `user` follows.

    Each at most `COUNT_LIMIT`; one query, whose SQL is built once for everybody who stands in for as many people and
    has as many roles and names.
    """
    names = sorted(principals_of(user))
    if not names:
        return 0, 0, 0
    shape, own = asked_of(user)
    pools, roles = claimable_by(user)
    found = _counts.of(shape, pools, len(names)).rows(user.pk, *own, *roles, *names)
    mine, pool, followed = (min(number or 0, COUNT_LIMIT) for number in found[0])
    return mine, pool, followed


def _build(shape: Shape, pools: Shape, _names: int, person: Any, *values: Any) -> QuerySet[Any, Any]:
    own, rest = values[: length_of(shape)], values[length_of(shape) :]
    roles, names = rest[: length_of(pools)], rest[length_of(pools) :]
    return _counting(person, [parts_of(shape, own), pools_of(pools, roles), [open_followed(person, names)]])


def _examples(shape: Shape, pools: Shape, names: int) -> list[Any]:
    words = [*example_words(length_of(pools), "role"), *example_words(names, "name")]
    return [EXAMPLE_KEY, *examples_of(shape, after=1), *words]


#: By whose tasks count, from which pools, and how many names.
_counts: PreparedFamily[User] = PreparedFamily(_build, _examples)
