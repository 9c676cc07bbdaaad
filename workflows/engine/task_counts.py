"""How many tasks there are, for the menu of every page and the tabs of the inbox. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery, Value

from home.people.api import User, remembered
from plugins.api.api import Prepared
from workflows.dossiers.api import own_names_of

from .task_lists import Shape, examples_of, matters_of, parts_of, pools, shape_of

#: Counting stops here ("100+").
COUNT_LIMIT = 100


class _CountOf(Subquery):
    """The number of rows of a sliced query, as part of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _counting(person: Any, lists: Sequence[Sequence[QuerySet[Any, Any]]]) -> QuerySet[User, Any]:
    counts = [
        sum((_CountOf(part.order_by().values("pk")[:COUNT_LIMIT]) for part in parts), start=Value(0))
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
    prepared, values = remembered(user, "tasks to count", lambda: _prepared_for(user))
    rows = prepared.rows(*values)
    mine, pool = rows[0] if rows else (0, 0)
    return min(mine, COUNT_LIMIT), min(pool, COUNT_LIMIT)


def _prepared_for(user: User) -> tuple[Prepared[User], tuple[Any, ...]]:
    matters = {who: codes for who, codes in matters_of(user).items() if codes is None or codes}
    roles = sorted(own_names_of(user))
    shape = (shape_of(matters), len(roles))
    if shape not in _prepared:
        roles_like = [f"example role {number:06}" for number in range(len(roles))]
        examples = [9_007_199_254_740_991, *examples_of(shape[0]), *roles_like]
        _prepared[shape] = Prepared(partial(_build, *shape), *examples)
    types = [code for codes in matters.values() for code in sorted(codes or ())]
    return _prepared[shape], (user.pk, *matters, *types, *roles)


def _build(shape: Shape, roles: int, person: Any, *values: Any) -> QuerySet[Any, Any]:
    own = values[: len(values) - roles]
    return _counting(person, [parts_of(shape, own), pools(values[len(own) :])])


#: By how many tasks of others count, and how many roles.
_prepared: dict[tuple[Shape, int], Prepared[User]] = {}
