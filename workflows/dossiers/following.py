"""Following dossiers: the wish to be told of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from home.audit.api import Entry, record
from home.people.api import User

from .gate import DossierQuerySet, readers_of
from .models import Dossier, DossierAccess, Follow


def follow(dossier_id: int, *, by: User) -> Dossier:
    """Have `by` told of the decisions on a dossier from now on; doing it twice changes nothing.

    Raises `Dossier.DoesNotExist` when they may not see it.
    """
    with transaction.atomic():
        dossier: Dossier = Dossier.objects.visible_to(by).get(pk=dossier_id)
        _row, is_new = Follow.objects.get_or_create(user=by, dossier=dossier)
        if is_new:
            record(_entry("dossier.followed", dossier, by))
    return dossier


def unfollow(dossier_id: int, *, by: User) -> Dossier:
    """No longer tell `by` of a dossier. Raises `Dossier.DoesNotExist` when they may not see it."""
    with transaction.atomic():
        dossier: Dossier = Dossier.objects.visible_to(by).get(pk=dossier_id)
        ended, _rows = Follow.objects.filter(user=by, dossier=dossier).delete()
        if ended:
            record(_entry("dossier.unfollowed", dossier, by))
    return dossier


def _entry(verb: str, dossier: Dossier, by: User) -> Entry:
    # Whom somebody follows is no part of the dossier's history: the row belongs to the person.
    data = {"dossier": dossier.pk}
    return Entry(verb=verb, by=by, target=f"user:{by.pk}", label=dossier.number, data=data)


def followed_by(user: User) -> DossierQuerySet:
    """Return the dossiers that `user` follows and may still see."""
    return Dossier.objects.visible_to(user).filter(pk__in=Follow.objects.filter(user=user).values("dossier"))


def open_followed(person: Any, principals: Sequence[str]) -> DossierQuerySet:
    """Return the dossiers under way that a person (primary key) follows and may see under one of these names."""
    granted = DossierAccess.objects.filter(principal__in=list(principals)).values("dossier_id")
    followed = Follow.objects.filter(user=person).values("dossier")
    return Dossier.objects.filter(pk__in=granted).filter(pk__in=followed, state__in=Dossier.OPEN)


def follows(user: User, dossier: Dossier) -> bool:
    """Return whether `user` follows a dossier; one query."""
    return Follow.objects.filter(user=user, dossier=dossier).exists()


def followers_of(dossier: Dossier) -> list[User]:
    """Return who follows a dossier and may see it today; two queries, one when nobody follows it."""
    ids = list(Follow.objects.filter(dossier=dossier).order_by("pk").values_list("user", flat=True))
    return list(readers_of(dossier).filter(pk__in=ids)) if ids else []
