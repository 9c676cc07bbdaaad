"""Who stands in for whom today, and who follows somebody whose account is closed."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from .delegations import Delegation
from .models import Membership, User
from .remembering import remembered
from .tree import path_ids


def stand_ins_for(user: User, *, matter: str = "", on: date | None = None) -> User | None:
    """Return the active person who stands in for `user` on that day (today) in this matter. One query.

    `matter` is a code (`matters.py`); without one only a delegation of all matters counts. Nothing is passed
    on: when the stand-in is away as well, it is still the stand-in. People whose account is closed have no
    stand-in, but a successor (`successor_of`).
    """
    if not user.is_active:
        return None
    found = _valid(on).filter(principal=user, delegate__is_active=True).select_related("delegate")
    return next((row.delegate for row in found.order_by("pk") if row.covers(matter)), None)


def delegations_to(user: Any, on: date | None = None) -> list[Delegation]:
    """Return the delegations under which `user` stands in for active people on that day (today), oldest first.

    `delegation.principal` is loaded. One query a user object, none in requests that read, as long as nothing
    has changed (`remembering.py`); another query for a day in the past.
    """
    if not isinstance(user, User) or not user.is_active or user.pk is None:
        return []
    if on is None and not _remembered_to(user):
        return []
    today = timezone.localdate()
    day = on or today
    rows = _remembered_to(user) if day >= today else _to(user, day)
    return [_copy(row) for row in rows if row.since <= day <= row.until]


def absences_of(people: Iterable[User], on: date | None = None) -> dict[int, Delegation]:
    """Return by person's id the delegation of all matters that says who is away on that day. One query."""
    ids = [person.pk for person in people]
    if not ids:
        return {}
    found = _valid(on).filter(principal_id__in=ids, delegate__is_active=True).select_related("delegate")
    return {row.principal_id: row for row in found.order_by("-pk") if row.codes is None}


def successor_of(user: User, *, matter: str = "", unfit: Collection[int] = ()) -> User | None:
    """Return the active person to whom the work of `user`, whose account is closed, goes; None if there is none.

    First along today's delegations in this matter, from stand-in to stand-in until one is active; else the
    head of the main department (the last one, when all memberships have ended), else the next head up.
    Never `user`, never somebody inactive, and never one of `unfit` (keys of people who may not do this work),
    whatever the rows say; circles among them end.
    """
    return _along_delegations(user, matter, unfit) or _head_above(user, unfit)


def _valid(on: date | None) -> Any:
    return Delegation.objects.valid_on(on or timezone.localdate())


# --- of the stand-in -----------------------------------------------------------------------------------------


def _remembered_to(user: User) -> tuple[Delegation, ...]:
    """Return all that run or will run: those who begin or end at midnight do so without a change of rows."""
    if getattr(user, "_delegations_to", None) is None:
        today = timezone.localdate()
        user._delegations_to = remembered(user, "delegations_to", lambda: _to(user, today))  # type: ignore[attr-defined]
    held: tuple[Delegation, ...] = user._delegations_to  # type: ignore[attr-defined]
    return held


def _to(user: User, day: date) -> tuple[Delegation, ...]:
    found = Delegation.objects.unrevoked().filter(delegate=user, principal__is_active=True, until__gte=day)
    return tuple(found.select_related("principal").order_by("pk"))


def _copy(row: Delegation) -> Delegation:
    """Return a delegation that the caller may change: what is remembered belongs to all threads."""
    mine = copy.copy(row)
    mine.matters = copy.copy(row.matters)
    mine.principal = copy.copy(row.principal)
    return mine


# --- the successor -------------------------------------------------------------------------------------------


def _along_delegations(user: User, matter: str, unfit: Collection[int]) -> User | None:
    """Go from stand-in to stand-in, all of one distance at a time; one query each."""
    seen = {user.pk}
    reached = [user.pk]
    while reached:
        found = _valid(None).filter(principal_id__in=reached).select_related("delegate").order_by("pk")
        delegates = {row.delegate_id: row.delegate for row in found if row.covers(matter)}
        fresh = [person for pk, person in delegates.items() if pk not in seen]
        fit = next((person for person in fresh if person.is_active and person.pk not in unfit), None)
        if fit is not None:
            return fit
        # Nobody who is there passes the work on, so the way goes on only behind those who left.
        reached = [person.pk for person in fresh if not person.is_active]
        seen.update(person.pk for person in fresh)
    return None


def _head_above(user: User, unfit: Collection[int]) -> User | None:
    """Return the head of the main department, else the next head up, in two queries."""
    main = min(_memberships(user), key=_mainness, default=None)
    if main is None:
        return None
    chain = path_ids(main.department.path)
    heads = Membership.objects.current().filter(role=Membership.Role.HEAD, department_id__in=chain)
    by_department = {
        row.department_id: row.user
        for row in heads.exclude(user__in=[user.pk, *unfit]).select_related("user").order_by("-pk")
    }
    return next((by_department[pk] for pk in reversed(chain) if pk in by_department), None)


def _memberships(user: User) -> Iterator[Membership]:
    """Return the places that the person holds or has held, but for those that have not begun."""
    today = timezone.localdate()
    rows = Membership.objects.filter(user=user).select_related("department", "position").order_by("pk")
    return (row for row in rows if row.since is None or row.since <= today)


def _mainness(membership: Membership) -> tuple[int, bool, int, int]:
    """Sort the main place first: held longest into the future, then marked, then by rank."""
    today = timezone.localdate()
    ended = 0
    if membership.until is not None and membership.until < today:
        ended = (today - membership.until).days
    return ended, not membership.is_primary, membership.position.rank, membership.pk
