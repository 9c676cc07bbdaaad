"""How many tasks there are, for the menu of every page and the tabs of the inbox. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, Value

from home.people.api import User, remembered
from plugins.api.api import EXAMPLE_KEY, CountOf, Prepared, PreparedFamily, example_words
from workflows.dossiers.api import open_followed, principals_of

from .task_lists import Shape, asked_of, claimable_by, examples_of, length_of, parts_of, pools_of

#: Counting stops here ("100+").
COUNT_LIMIT = 100


def _counting(person: Any, lists: Sequence[Sequence[QuerySet[Any, Any]]]) -> QuerySet[User, Any]:
    counts = [
        sum((CountOf(part.order_by().values("pk")[:COUNT_LIMIT]) for part in parts), start=Value(0))
        for parts in lists
    ]
    return User.objects.filter(pk=person).order_by().values_list(*counts)


def count_parts(user: User, lists: Sequence[Sequence[QuerySet[Any, Any]]]) -> list[int]:
    """Return how long each of these lists is (one list has several parts), at most `COUNT_LIMIT`; one query."""
    found = _counting(user.pk, lists).first() or [0] * len(lists)
    return [min(number or 0, COUNT_LIMIT) for number in found]


def count_tasks(user: User) -> tuple[int, int]:
    """Return how many tasks wait for `user` and how many could be claimed, each at most 100; one query.

    Every page asks this: its SQL is built once for everybody who stands in for as many people and has as many roles.
    """
    prepared, values = remembered(user, "tasks to count", lambda: _prepared_for(user, ()))
    mine, pool = _counted(prepared, values, 2)
    return mine, pool


def count_tabs(user: User) -> tuple[int, int, int]:
    """Return the same, and how many dossiers under way `user` follows; one query."""
    names = sorted(principals_of(user))
    mine, pool, followed = _counted(*_prepared_for(user, names), 3) if names else (0, 0, 0)
    return mine, pool, followed


def _counted(prepared: Prepared[User], values: Sequence[Any], number: int) -> list[int]:
    found = prepared.rows(*values) or [(0,) * number]
    return [min(one or 0, COUNT_LIMIT) for one in found[0]]


def _prepared_for(user: User, names: Sequence[str]) -> tuple[Prepared[User], tuple[Any, ...]]:
    """Return the query and its values; with `names`, under which `user` sees dossiers, it counts those followed too."""
    shape, own = asked_of(user)
    pools, roles = claimable_by(user)
    return _counts.of(shape, pools, len(names)), (user.pk, *own, *roles, *names)


def _build(shape: Shape, pools: Shape, names: int, person: Any, *values: Any) -> QuerySet[Any, Any]:
    own, rest = values[: length_of(shape)], values[length_of(shape) :]
    roles = rest[: length_of(pools)]
    lists: list[Sequence[QuerySet[Any, Any]]] = [parts_of(shape, own), pools_of(pools, roles)]
    if names:
        lists.append([open_followed(person, rest[len(roles) :])])
    return _counting(person, lists)


def _examples(shape: Shape, pools: Shape, names: int) -> list[Any]:
    words = [*example_words(length_of(pools), "role"), *example_words(names, "name")]
    return [EXAMPLE_KEY, *examples_of(shape, after=1), *words]


#: By whose tasks count, from which pools, and how many names.
_counts: PreparedFamily[User] = PreparedFamily(_build, _examples)
