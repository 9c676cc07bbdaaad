"""What other rooms add to the page of a department or of a working group: news, documents, forms, dossiers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from plugins.api.api import Registry

from .models import Department, WorkingGroup

Unit = Department | WorkingGroup


@dataclass(frozen=True, kw_only=True)
class UnitPart:
    """One card on the page of a unit: `context(request, unit)` gives what `template` shows, or None when there is
    nothing for this reader.

    It shows only what the reader may see, in at most three queries. `more_url` in the context leads to everything.
    """

    code: str
    label: str | Promise
    template: str
    context: Callable[[HttpRequest, Unit], dict[str, Any] | None]
    icon: str = "layout-dashboard"
    order: int = 100


#: Every room and plugin may ship a `unit_parts.py` that registers here.
unit_parts: Registry[UnitPart] = Registry(UnitPart, module="unit_parts", noun="part of a unit's page")


@dataclass(frozen=True)
class DrawnPart:
    """A part with its content, ready for the template."""

    code: str
    label: str
    icon: str
    more_url: str
    body: SafeString


def parts_for(request: HttpRequest, unit: Unit) -> list[DrawnPart]:
    """Return what the rooms have to show of this unit to this reader, in order."""
    drawn = []
    for part in sorted(unit_parts, key=lambda part: (part.order, part.code)):
        context = part.context(request, unit)
        if context is not None:
            body = render_to_string(part.template, {**context, "unit": unit}, request=request)
            more_url = str(context.get("more_url") or "")
            drawn.append(DrawnPart(part.code, str(part.label), part.icon, more_url, body))
    return drawn
