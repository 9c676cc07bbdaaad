"""What this room adds to the personal home page."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from home.dashboard.api import Column, Panel, panels
from home.people.api import User
from plugins.api.api import EXAMPLE_KEY, Prepared
from workflows.dossiers.api import Dossier
from workflows.engine.api import TaskRow, my_tasks, step_title

from .deadlines import Lights, lights

SIZE = 6
#: So many tasks are read for all panels together.
READ = 40
#: The lights of what is late or due soon.
NEAR = frozenset({"late", "soon"})


def _lights_of(request: HttpRequest) -> Lights:
    """Return the lights of this request: all panels read the calendar's stamp once."""
    found: Lights | None = getattr(request, "_dossier_lights", None)
    if found is None:
        found = lights()
        request._dossier_lights = found  # type: ignore[attr-defined]
    return found


def _tasks_of(request: HttpRequest) -> list[TaskRow]:
    """Return the reader's most urgent tasks, read once for all panels. Two queries."""
    found: list[TaskRow] | None = getattr(request, "_dossier_tasks", None)
    if found is None:
        user: Any = request.user
        found = my_tasks(user, limit=READ) if isinstance(user, User) else []
        request._dossier_tasks = found  # type: ignore[attr-defined]
    return found


def _lines(request: HttpRequest, rows: Iterable[TaskRow]) -> tuple[Hashable, ...]:
    """Return what the panels show of the first tasks: task, subject, number, step, light."""
    light = _lights_of(request)
    return tuple(
        (row.task_id, row.dossier.subject, row.dossier.number, row.title, light(row.due_at))
        for row in islice(rows, SIZE)
    )


def to_approve(request: HttpRequest) -> Hashable | None:
    """Return the tasks that ask the reader for a yes or a no, the most urgent first; nothing when there are none."""
    return _lines(request, (row for row in _tasks_of(request) if row.is_decision)) or None


def due_soon(request: HttpRequest) -> Hashable | None:
    """Return what is late or due by the end of the next working day; nothing when all is well."""
    light = _lights_of(request)
    return _lines(request, (row for row in _tasks_of(request) if light.code(row.due_at) in NEAR)) or None


def my_work(request: HttpRequest) -> Hashable | None:
    """Return the reader's other tasks; where nothing at all waits, the panel says so."""
    if not isinstance(request.user, User):
        return None
    tasks = _tasks_of(request)
    lines = _lines(request, (row for row in tasks if not row.is_decision))
    return lines if lines or not tasks else None


def _whole(request: HttpRequest) -> dict[str, Any]:
    return {"more_url": reverse("inbox")}


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


_under_way: Prepared[Dossier] = Prepared(_in_progress, EXAMPLE_KEY)


panels.register(
    Panel(
        code="to_approve",
        label=_("To approve"),
        template="inbox/panels/work.html",
        context=_whole,
        shows=to_approve,
        icon="checklist",
        order=8,
    )
)
panels.register(
    Panel(
        code="due_soon",
        label=pgettext_lazy("panel", "Late or due soon"),
        template="inbox/panels/due.html",
        context=_whole,
        shows=due_soon,
        icon="alarm",
        order=5,
        column=Column.SIDE,
    )
)
panels.register(
    Panel(
        code="my_work",
        label=_("My work"),
        template="inbox/panels/work.html",
        context=_whole,
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
