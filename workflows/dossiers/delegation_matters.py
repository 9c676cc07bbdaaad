"""Delegations and authorities to sign may be limited to types of dossiers."""

from __future__ import annotations

from home.people.api import MatterSource, matters

from .models import DossierType


def _types() -> list[tuple[str, str]]:
    """Return every type by code, also closed ones: dossiers of theirs may still run."""
    return [(kind.code, str(kind)) for kind in DossierType.objects.order_by("title", "code")]


matters.register(MatterSource(code="dossier_types", label=_types))
