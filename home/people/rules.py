"""Rules between memberships: one head a department and one main place a person, on any one day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

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


def check_membership(membership: Membership, *, beside: Iterable[Membership] = ()) -> None:
    """Raise `ValidationError` on `role` or `is_primary` if another membership stands in the way.

    `beside` are memberships that are edited in the same form: they count as they will be, not as stored.
    """
    others = list(beside)
    if membership.role == "head" and membership.department_id:
        clash = _first_clash(membership, others, role="head", department_id=membership.department_id)
        if clash is not None:
            raise ValidationError({"role": _second_head(clash)})
    if membership.is_primary and membership.user_id:
        clash = _first_clash(membership, others, is_primary=True, user_id=membership.user_id)
        if clash is not None:
            raise ValidationError({"is_primary": _second_main_place(clash)})


def _first_clash(membership: Membership, beside: list[Membership], **same: object) -> Membership | None:
    for other in beside:
        alike = all(getattr(other, name) == value for name, value in same.items())
        if other is not membership and alike and _overlap(membership, other):
            return other
    stored = apps.get_model("people.Membership")._default_manager.filter(**same)
    known = [other.pk for other in [membership, *beside] if other.pk]
    found = stored.exclude(pk__in=known).overlapping(membership.since, membership.until)
    return found.select_related("user", "department", "position").order_by("pk").first()


def _overlap(one: Membership, two: Membership) -> bool:
    starts_late = one.until is not None and two.since is not None and two.since > one.until
    ends_early = one.since is not None and two.until is not None and two.until < one.since
    return not starts_late and not ends_early


def _second_head(clash: Membership) -> ValidationError:
    message = _("%(department)s already has a head: %(person)s. Set the end of that membership first.")
    values = {"department": str(clash.department), "person": str(clash.user)}
    return ValidationError(message, code="second_head", params=values)


def _second_main_place(clash: Membership) -> ValidationError:
    message = _("%(person)s already has a main place: %(department)s. Untick or end that membership first.")
    values = {"department": str(clash.department), "person": str(clash.user)}
    return ValidationError(message, code="second_main_place", params=values)


def _lock(model: str, pk: int) -> None:
    list(apps.get_model(model)._base_manager.select_for_update().filter(pk=pk).values_list("pk"))
