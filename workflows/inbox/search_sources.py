"""Dossiers, in the search page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from home.base.api import Hit, SearchSource, search_sources
from home.people.api import User
from workflows.dossiers.api import Dossier

from .folding import matching


def find_dossiers(user: Any, query: str, limit: int) -> list[Hit]:
    """Return the newest dossiers that `user` may see and whose number or subject hold every word. Three queries."""
    if not isinstance(user, User):
        return []
    found = matching(Dossier.objects.visible_to(user), query, user).select_related("type")
    found = found.defer("answers").order_by("-opened_at", "-pk")
    return [_hit(dossier) for dossier in found[:limit]]


def _hit(dossier: Dossier) -> Hit:
    from django.urls import reverse

    return Hit(
        title=f"{dossier.number} – {dossier.subject}",
        url=reverse("dossier", args=[dossier.pk]),
        summary=f"{dossier.type} · {dossier.get_state_display()}",
        icon="folder",
    )


def suggest_dossiers(user: Any, query: str, limit: int) -> list[Hit]:
    """Return the newest dossiers that `user` may see and whose number begins so; a number holds a digit."""
    number = query.strip()
    if not isinstance(user, User) or " " in number or not any(sign.isdigit() for sign in number):
        return []
    numbered = Dossier.objects.visible_to(user).filter(number__istartswith=number).select_related("type")
    return [_hit(dossier) for dossier in numbered.defer("answers").order_by("-opened_at", "-pk")[:limit]]


search_sources.register(
    SearchSource(
        code="dossiers",
        label=_("Dossiers"),
        search=find_dossiers,
        suggest=suggest_dossiers,
        icon="folder",
        order=15,
    )
)
