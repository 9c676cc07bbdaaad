"""The gate of remarks: who reads what is said among those who work on a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from home.people.api import Delegation, User, UserQuerySet, delegations_to

from .gate import own_names_of, people_named, stand_in_role

if TYPE_CHECKING:
    from .models import Dossier, Remark  # noqa: F401


class RemarkQuerySet(models.QuerySet["Remark"]):
    """Look-ups of remarks; pages, exports and feeds all start with `visible_to`."""

    def visible_to(self, user: User) -> RemarkQuerySet:
        """Return the remarks that `user` may read, those withdrawn included.

        Of a dossier that they may see: those for everybody, and their own; those for the staff unless the dossier is
        their own, or that of the person for whom alone they see it as a stand-in.
        """
        from .models import Dossier

        seen = Dossier.objects.visible_to(user)
        open_to = Q(audience="all") | Q(by=user.pk) | Q(dossier__in=_worked_on(user))
        return self.filter(open_to, dossier__in=seen)


def _worked_on(user: User) -> models.QuerySet[Dossier]:
    """Return the dossiers of others that `user` sees on their own account, or for somebody who is not its submitter."""
    from .models import Dossier, DossierAccess

    own = DossierAccess.objects.filter(principal__in=own_names_of(user))
    condition = Q(pk__in=own.values("dossier_id"))
    for row in delegations_to(user):
        lent = DossierAccess.objects.filter(principal=stand_in_role(row.pk))
        condition |= Q(pk__in=lent.values("dossier_id")) & ~Q(submitter=row.principal_id)
    found: models.QuerySet[Dossier] = Dossier.objects.filter(condition).exclude(submitter=user.pk)
    return found


def may_read_staff(dossier: Dossier, user: User) -> bool:
    """Return whether `user` reads what those who work on a dossier say among themselves; at most one query."""
    return _worked_on(user).filter(pk=dossier.pk).exists()


def remark_readers(dossier: Dossier, audience: str) -> UserQuerySet:
    """Return the active people who may read a remark on a dossier: the gate asked the other way round."""
    from .models import DossierAccess

    names = set(DossierAccess.objects.filter(dossier=dossier).values_list("principal", flat=True))
    if audience == "all":
        return people_named(names)
    lent = {stand_in_role(pk) for pk in _given_by(dossier.submitter_id)}
    return people_named(names - lent).exclude(pk=dossier.submitter_id)


def _given_by(submitter_id: int) -> list[int]:
    return list(Delegation.objects.filter(principal=submitter_id).order_by("pk").values_list("pk", flat=True))
