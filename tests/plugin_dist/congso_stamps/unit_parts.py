"""Stamps, on the pages of departments."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from home.people.api import Unit, UnitPart, unit_parts


def none_here(request: HttpRequest, unit: Unit) -> dict[str, Any] | None:
    """Return nothing: no department keeps stamps."""
    return None


unit_parts.register(
    UnitPart(code="stamps", label=_("Stamps"), template="congso_stamps/stamps.html", context=none_here)
)
