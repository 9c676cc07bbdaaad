"""Rules of delegations: another active person, no two for the same matter on one day, and no circle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .locking import hold_people, hold_rule
from .mandates import check_days
from .matters import Codes, in_common

if TYPE_CHECKING:
    from .delegations import Delegation

_State = tuple[int, date, date, Codes]


def lock_for_check(delegation: Delegation) -> None:
    """Let one writer after the other check: a circle may close over people whom neither of two writers names."""
    hold_rule("delegations")
    hold_people([delegation.principal_id, delegation.delegate_id])


def check_delegation(delegation: Delegation) -> None:
    """Raise `ValidationError` on `delegate`, `until` or `since` if the delegation may not be; it may be incomplete."""
    if delegation.principal_id is None or delegation.delegate_id is None:
        return
    if delegation.principal_id == delegation.delegate_id:
        raise _refusal("delegate", _("Nobody stands in for themselves. Choose another person."), "oneself")
    check_days(delegation.since, delegation.until)
    _check_active(delegation)
    if delegation.since is None or delegation.until is None:
        return
    others = list(_others(delegation))
    _check_overlap(delegation, others)
    _check_circle(delegation, others)


def _check_active(delegation: Delegation) -> None:
    ids = [delegation.principal_id, delegation.delegate_id]
    people = apps.get_model("people.User")._base_manager.filter(pk__in=ids, is_active=True).in_bulk()
    if delegation.delegate_id not in people:
        message = _("The account of this stand-in is closed. Choose somebody who works here.")
        raise _refusal("delegate", message, "inactive")
    if delegation.principal_id not in people:
        message = _("The account of the person who is away is closed: nothing can be delegated any more.")
        raise ValidationError(message, code="inactive")


def _others(delegation: Delegation) -> Any:
    """Return all unrevoked delegations of anybody that share a day with this one."""
    stored = apps.get_model("people.Delegation")._default_manager
    found = stored.overlapping(delegation.since, delegation.until).exclude(pk=delegation.pk)
    return found.select_related("principal", "delegate").order_by("pk")


def _check_overlap(delegation: Delegation, others: Iterable[Delegation]) -> None:
    for other in others:
        if other.principal_id == delegation.principal_id and _shared(delegation.codes, other.codes):
            message = _(
                "From %(since)s to %(until)s %(delegate)s stands in already. "
                "Choose other days or matters, or revoke that delegation first."
            )
            values = {**_days(other.since, other.until), "delegate": str(other.delegate)}
            raise _refusal("since", message, "overlap", values)


def _check_circle(delegation: Delegation, others: Iterable[Delegation]) -> None:
    way = _way_back(delegation, others)
    if way is None:
        return
    names = " → ".join(map(str, [way[0].principal, *(step.delegate for step in way)]))
    message = _(
        "This would close a circle of stand-ins on the same days: %(principal)s → %(names)s. "
        "Choose another person or other days."
    )
    raise _refusal("delegate", message, "circle", {"principal": str(delegation.principal), "names": names})


def _way_back(delegation: Delegation, others: Iterable[Delegation]) -> list[Delegation] | None:
    """Return the delegations that lead from the delegate to the principal on shared days in shared matters.

    A state is a person with the days and matters that are still shared; none is looked at twice, so that
    circles among imported rows end.
    """
    given = defaultdict(list)
    for other in others:
        given[other.principal_id].append(other)
    start: _State = (delegation.delegate_id, delegation.since, delegation.until, delegation.codes)
    seen = {start}
    waiting: list[tuple[_State, list[Delegation]]] = [(start, [])]
    while waiting:
        (person, since, until, codes), way = waiting.pop()
        for step in given[person]:
            days = max(since, step.since), min(until, step.until)
            shared = in_common(codes, step.codes)
            if days[0] > days[1] or shared == frozenset():
                continue
            if step.delegate_id == delegation.principal_id:
                return [*way, step]
            state = (step.delegate_id, *days, shared)
            if state not in seen:
                seen.add(state)
                waiting.append((state, [*way, step]))
    return None


def _shared(one: Codes, two: Codes) -> bool:
    return in_common(one, two) != frozenset()


def _days(since: date, until: date) -> dict[str, str]:
    return {"since": f"{since:%d/%m/%Y}", "until": f"{until:%d/%m/%Y}"}


def _refusal(field: str, message: str, code: str, values: dict[str, str] | None = None) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code, params=values)})
