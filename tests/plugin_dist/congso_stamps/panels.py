"""The panel on the home page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from home.dashboard.api import Panel, panels


def newest(request: HttpRequest) -> dict[str, Any] | None:
    """Return the newest stamps, or nothing."""
    from .models import Stamp

    found = list(Stamp.objects.order_by("-pk")[:3])
    return {"stamps": found} if found else None


panels.register(Panel(code="stamps", label=_("Stamps"), template="congso_stamps/stamps.html", context=newest))
