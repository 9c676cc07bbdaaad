"""The one gate: which dossiers a person may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models

from home.people.api import User, delegations_to, is_office_admin, roles_of

if TYPE_CHECKING:
    from .models import Dossier

#: The role of those who look after dossiers that nobody else can act on: the office's administrators.
DISPATCH = "dispatch"


def principals_of(user: User) -> frozenset[str]:
    """Return every name under which `user` may be granted access; empty for the inactive and the anonymous."""
    return own_names_of(user) | {stand_in_role(row.pk) for row in delegations_to(user)}


def own_names_of(user: User) -> frozenset[str]:
    """Return the names that are the person's own: themselves and their roles. Tasks wait for these only."""
    if not user.is_active or user.pk is None:
        return frozenset()
    return roles_of(user) | {f"user:{user.pk}"} | ({DISPATCH} if is_office_admin(user) else set())


def stand_in_role(delegation_id: int) -> str:
    """Return the name under which the stand-in of a delegation sees what its principal has to do."""
    return f"stand_in:{delegation_id}"


class DossierQuerySet(models.QuerySet["Dossier"]):
    """Look-ups of dossiers; lists, search, files, feeds and the API all start with `visible_to`."""

    def visible_to(self, user: User) -> DossierQuerySet:
        """Return the dossiers that `user` submitted, was asked about, or answers for as a head."""
        from .models import DossierAccess

        principals = principals_of(user)
        if not principals:
            return self.none()
        granted = DossierAccess.objects.filter(principal__in=principals).values("dossier_id")
        return self.filter(pk__in=granted)

    def submitted_by(self, user: User) -> DossierQuerySet:
        """Return the dossiers of one submitter."""
        return self.filter(submitter=user)


def grant(dossier: Dossier, principals: Iterable[str]) -> None:
    """Let `principals` see the dossier from now on; one query, whatever their number."""
    from .models import DossierAccess

    rows = [DossierAccess(dossier=dossier, principal=name) for name in sorted(set(principals))]
    DossierAccess.objects.bulk_create(rows, ignore_conflicts=True)
