"""The panel on the home page: one's own leave that is under way or still to come."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from home.dashboard.api import Panel, panels
from workflows.dossiers.api import Dossier

TYPE = "nghi-phep"
SHOWN = 4


def my_leave(request: HttpRequest) -> dict[str, Any] | None:
    """Return the reader's requests that are open, or approved and not over yet; None when there is none."""
    if not request.user.is_authenticated:
        return None
    states = [*Dossier.OPEN, Dossier.State.APPROVED]
    mine = Dossier.objects.visible_to(request.user).filter(
        submitter=request.user, type__code=TYPE, state__in=states
    )
    today = timezone.localdate()
    rows = [
        {
            "dossier": dossier,
            "url": reverse("dossier", args=[dossier.pk]),
            "first": _day(dossier.answers.get("from_on")),
            "last": _day(dossier.answers.get("until_on")),
        }
        for dossier in mine.order_by("-opened_at")[:20]
    ]
    shown = [row for row in rows if row["dossier"].is_open or (row["last"] and row["last"] >= today)]
    return {"rows": shown[:SHOWN]} if shown else None


def _day(raw: Any) -> Any:
    return parse_date(raw) if isinstance(raw, str) else None


panels.register(
    Panel(
        code="leave",
        label=_("My leave"),
        template="leave/panel.html",
        context=my_leave,
        icon="beach",
        order=60,
        column="side",
    )
)
