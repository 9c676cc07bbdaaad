"""Dossier types that a page may offer to start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from home.base.api import Start, StartSource, start_sources
from workflows.definitions.api import DamagedVersionError
from workflows.dossiers.api import DossierType
from workflows.engine.api import NotVisibleError, version_to_start


def _choices() -> Iterable[tuple[str, str]]:
    types = DossierType.objects.filter(is_active=True, current__isnull=False)
    return [(kind.code, str(kind)) for kind in types.order_by("code")]


def _offer(user: Any, code: str) -> Start | None:
    """Return the dossier type as a start; None for whoever may not start it."""
    try:
        kind = version_to_start(code, user).type
    except (NotVisibleError, DamagedVersionError):
        return None
    return Start(str(kind), reverse("dossier_new", args=[code]), kind.description)


start_sources.register(StartSource(code="dossier", choices=_choices, offer=_offer))
