"""What this room adds to the personal home page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from home.dashboard.api import Column, Panel, panels
from home.people.api import User
from workflows.dossiers.api import Dossier
from workflows.engine.api import my_tasks, step_title

from .deadlines import lights

SIZE = 6


def my_work(request: HttpRequest) -> dict[str, Any] | None:
    """Return the reader's most urgent tasks. Three queries."""
    if not isinstance(request.user, User):
        return None
    light = lights()
    rows = [(row, light(row.due_at)) for row in my_tasks(request.user, limit=SIZE)]
    return {"rows": rows, "more_url": reverse("inbox")}


def my_dossiers(request: HttpRequest) -> dict[str, Any] | None:
    """Return the reader's own dossiers in progress, those returned to them first. Two queries."""
    if not isinstance(request.user, User):
        return None
    light = lights()
    found = Dossier.objects.submitted_by(request.user).filter(state__in=Dossier.OPEN)
    found = found.select_related("type", "version").defer("version__definition", "answers")
    rows = [
        (row, light(row.due_at), [step_title(row.version, step) for step in dict.fromkeys(row.open_steps)])
        for row in found.order_by("state", "-opened_at", "-pk")[:SIZE]
    ]
    return {"rows": rows, "more_url": reverse("dossiers")}


panels.register(
    Panel(
        code="my_work",
        label=_("My work"),
        template="inbox/panels/work.html",
        context=my_work,
        icon="inbox",
        order=10,
    )
)
panels.register(
    Panel(
        code="my_dossiers",
        label=_("My dossiers"),
        template="inbox/panels/dossiers.html",
        context=my_dossiers,
        icon="folder",
        order=20,
        column=Column.MAIN,
    )
)
