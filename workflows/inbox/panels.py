"""What this room adds to the personal home page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from home.dashboard.api import Column, Panel, panels
from home.people.api import User
from workflows.dossiers.api import Dossier
from workflows.engine.api import my_tasks, step_title

from .deadlines import Light, lights

SIZE = 6


def _lights_of(request: HttpRequest) -> Callable[..., Light]:
    """Return the lights of this request: both panels read the calendar's stamp once."""
    found: Callable[..., Light] | None = getattr(request, "_dossier_lights", None)
    if found is None:
        found = lights()
        request._dossier_lights = found  # type: ignore[attr-defined]
    return found


def my_work(request: HttpRequest) -> dict[str, Any] | None:
    """Return the reader's most urgent tasks. Three queries."""
    if not isinstance(request.user, User):
        return None
    light = _lights_of(request)
    rows = [(row, light(row.due_at)) for row in my_tasks(request.user, limit=SIZE)]
    return {"rows": rows, "more_url": reverse("inbox")}


def my_dossiers(request: HttpRequest) -> dict[str, Any] | None:
    """Return the reader's own dossiers in progress, those returned to them first. Two queries."""
    if not isinstance(request.user, User):
        return None
    light = _lights_of(request)
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
