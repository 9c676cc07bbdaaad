"""Who may see, make and revoke delegations and authorities to sign."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from home.people.api import Delegation, SigningAuthority, User, is_office_admin


def delegations_visible_to(user: Any) -> QuerySet[Delegation]:
    """Return the delegations given or received by the person; administrators of the office see all.

    That somebody is away today, and who stands in, is known to the whole office (`absences_of`); reasons,
    matters and what is over are not.
    """
    rows = Delegation.objects.select_related("principal", "delegate", "made_by", "revoked_by")
    if is_office_admin(user):
        return rows
    return rows.filter(Q(principal=user) | Q(delegate=user)) if _counts(user) else rows.none()


def authorities_visible_to(user: Any) -> QuerySet[SigningAuthority]:
    """Return the authorities held or given by the person; administrators of the office see all."""
    rows = SigningAuthority.objects.with_places_represented().select_related(
        "holder", "on_behalf_of", "position", "department", "made_by", "revoked_by"
    )
    if is_office_admin(user):
        return rows
    return rows.filter(Q(holder=user) | Q(on_behalf_of=user)) if _counts(user) else rows.none()


def may_delegate(user: Any, principal: User) -> bool:
    """Tell whether `user` may say who stands in for `principal`: that person, and administrators."""
    return _counts(user) and (user.pk == principal.pk or is_office_admin(user))


def may_revoke(user: Any, delegation: Delegation) -> bool:
    """Tell whether `user` may revoke it, as long as there is anything left to revoke."""
    return may_delegate(user, delegation.principal)


def _counts(user: Any) -> bool:
    return isinstance(user, User) and user.is_active and user.pk is not None
