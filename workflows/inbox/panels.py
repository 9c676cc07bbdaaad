"""What this room adds to the personal home page."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from home.dashboard.api import Column, Panel, panels
from home.people.api import User
from plugins.api.api import Prepared
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


def my_work(request: HttpRequest) -> Hashable | None:
    """Return the reader's most urgent tasks: task, subject, number, step, light. Three queries."""
    if not isinstance(request.user, User):
        return None
    light = _lights_of(request)
    return tuple(
        (row.task_id, row.dossier.subject, row.dossier.number, row.title, light(row.due_at))
        for row in my_tasks(request.user, limit=SIZE)
    )


def my_dossiers(request: HttpRequest) -> Hashable | None:
    """Return the reader's own dossiers in progress, those returned to them first: dossier, subject, number, state,
    names of the steps where it stands. One query.
    """
    if not isinstance(request.user, User):
        return None
    return tuple(
        (
            row.pk,
            row.subject,
            row.number,
            row.state,
            ", ".join(step_title(row.version, step) for step in dict.fromkeys(row.open_steps)),
        )
        for row in _under_way.all(request.user.pk)
    )


def _in_progress(submitter: Any) -> QuerySet[Dossier]:
    found = Dossier.objects.submitted_by(submitter).filter(state__in=Dossier.OPEN)
    found = found.select_related("type", "version").defer("version__definition", "answers")
    return found.order_by("state", "-opened_at", "-pk")[:SIZE]


_under_way: Prepared[Dossier] = Prepared(_in_progress, 9_007_199_254_740_991)


panels.register(
    Panel(
        code="my_work",
        label=_("My work"),
        template="inbox/panels/work.html",
        context=lambda request: {"more_url": reverse("inbox")},
        shows=my_work,
        icon="inbox",
        order=10,
    )
)
panels.register(
    Panel(
        code="my_dossiers",
        label=_("My dossiers"),
        template="inbox/panels/dossiers.html",
        context=lambda request: {"more_url": reverse("dossiers")},
        shows=my_dossiers,
        icon="folder",
        order=20,
        column=Column.MAIN,
    )
)
