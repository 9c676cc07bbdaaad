"""Rules between memberships: one head a department and one main place a person, on any one day."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .models import Membership


def lock_for_check(membership: Membership) -> None:
    """Lock the department of a new head and the person of a main place, so that the check sees the truth."""
    if membership.role == "head":
        _lock("people.Department", membership.department_id)
    if membership.is_primary:
        _lock("people.User", membership.user_id)


def check_membership(
    membership: Membership, *, beside: Collection[Membership] = (), gone: Collection[int] = ()
) -> None:
    """Raise `ValidationError` on `role`, `is_primary` or `position` if another membership is in the way.

    `beside` are memberships that are edited in the same form: they count as they will be, not as stored;
    `gone` are the ids of those that the same form removes.
    """
    department, person = membership.department_id, membership.user_id
    clashes: dict[str, tuple[dict[str, Any], Callable[[Membership], ValidationError]]] = {
        "role": ({"role": "head", "department_id": department}, _second_head),
        "is_primary": ({"is_primary": True, "user_id": person}, _second_main_place),
        "position": (
            {"user_id": person, "department_id": department, "position_id": membership.position_id},
            _same_place,
        ),
    }
    for field, (same, message) in clashes.items():
        if any(getattr(membership, name) != value for name, value in same.items()):
            continue
        clash = _first_clash(membership, beside, gone, same)
        if clash is not None:
            raise ValidationError({field: message(clash)})


def _first_clash(
    membership: Membership, beside: Collection[Membership], gone: Collection[int], same: dict
) -> Membership | None:
    for other in beside:
        alike = all(getattr(other, name) == value for name, value in same.items())
        if other is not membership and alike and _overlap(membership, other):
            return other
    stored = apps.get_model("people.Membership")._default_manager.filter(**same)
    known = [other.pk for other in [membership, *beside] if other.pk]
    found = stored.exclude(pk__in=[*known, *gone]).overlapping(membership.since, membership.until)
    return found.select_related("user", "department", "position").order_by("pk").first()


def _overlap(one: Membership, two: Membership) -> bool:
    starts_late = one.until is not None and two.since is not None and two.since > one.until
    ends_early = one.since is not None and two.until is not None and two.until < one.since
    return not starts_late and not ends_early


def _second_head(clash: Membership) -> ValidationError:
    message = _("%(department)s already has a head: %(person)s. Set the end of that membership first.")
    return ValidationError(message, code="second_head", params=_names(clash))


def _second_main_place(clash: Membership) -> ValidationError:
    message = _("%(person)s already has a main place: %(department)s. Untick or end that membership first.")
    return ValidationError(message, code="second_main_place", params=_names(clash))


def _same_place(clash: Membership) -> ValidationError:
    message = _("%(person)s already holds this position in %(department)s at that time.")
    return ValidationError(message, code="same_place", params=_names(clash))


def _names(clash: Membership) -> dict[str, str]:
    return {"department": str(clash.department), "person": str(clash.user)}


def _lock(model: str, pk: int) -> None:
    list(apps.get_model(model)._base_manager.select_for_update().filter(pk=pk).values_list("pk"))
