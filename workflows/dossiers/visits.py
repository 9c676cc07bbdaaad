"""When a person last looked at a dossier; what pages mark as new is reckoned from it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from home.people.api import User

from .models import Dossier, Visit

#: Looks that follow each other within so much time are one visit: what was new at its beginning stays marked.
VISIT = timedelta(minutes=30)


def look(dossier_id: int, *, by: User, done: bool = False) -> None:
    """Remember that `by` has a dossier before them now; `done` says that what was new is no longer.

    A bookmark of the person, no act on the dossier: nothing of it is in the audit trail. Raises `Dossier.DoesNotExist`
    when they may not see it.
    """
    now = timezone.now()
    with transaction.atomic():
        dossier = Dossier.objects.visible_to(by).only("pk").get(pk=dossier_id)
        visit, is_new = Visit.objects.get_or_create(user=by, dossier=dossier, defaults={"at": now})
        if done:
            visit.before = now
        elif not is_new and now - visit.at > VISIT:
            visit.before = visit.at
        visit.at = now
        visit.save(update_fields=["at", "before"])


def seen_since(user: User, dossier: Dossier) -> datetime | None:
    """Return the moment after which changes are new to `user`; None at the first visit. One query."""
    visit = Visit.objects.filter(user=user, dossier=dossier).first()
    if visit is None:
        return None
    moment: datetime | None = visit.at if timezone.now() - visit.at > VISIT else visit.before
    return moment
