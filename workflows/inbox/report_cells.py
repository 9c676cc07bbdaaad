"""What the cells of reports count: each is a condition, used to count and to list alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import CharField, F, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from workflows.dossiers.api import Dossier, FlowVersion
from workflows.steps.api import REWORK, SUPPLEMENT, node_name

from .report_scope import Asked

_DOSSIER = "process__dossierprocess__dossier__"
_ENDED = (Dossier.State.APPROVED, Dossier.State.REJECTED)
#: Nodes at which the submitter acts: no work of the office.
_SUBMITTERS = (REWORK, SUPPLEMENT)
_KEY, _STEP = re.compile(r"[0-9]{1,18}"), re.compile(r"[a-z0-9_]{1,60}")


@dataclass(frozen=True)
class Cell:
    """One thing that is counted, of dossiers or of tasks."""

    code: str
    label: str | Promise
    condition: Callable[[Asked], Q]
    of_tasks: bool = False


def _finished(asked: Asked) -> Q:
    return Q(state__in=_ENDED, closed_at__gte=asked.begin, closed_at__lt=asked.end)


def _open(asked: Asked) -> Q:
    return Q(state__in=Dossier.OPEN)


def _done(asked: Asked) -> Q:
    return Q(status=STATUS.DONE, finished__gte=asked.begin, finished__lt=asked.end)


def _waiting(asked: Asked) -> Q:
    return Q(status__in=[STATUS.NEW, STATUS.ASSIGNED])


CELLS = {
    cell.code: cell
    for cell in (
        Cell("received", _("Received"), lambda a: Q(opened_at__gte=a.begin, opened_at__lt=a.end)),
        Cell("finished", _("Finished"), _finished),
        Cell("in_time", _("On time"), lambda a: _finished(a) & Q(closed_at__lte=F("due_at"))),
        Cell("overdue", _("Finished late"), lambda a: _finished(a) & Q(closed_at__gt=F("due_at"))),
        Cell("open", _("In progress now"), _open),
        Cell(
            "late",
            _("Late now"),
            lambda a: _open(a) & ~Q(state__in=Dossier.PAUSED) & Q(due_at__lt=a.now),
        ),
        Cell("paused", _("Clock stands still"), lambda a: Q(state__in=Dossier.PAUSED)),
        Cell("done", _("Steps done"), _done, of_tasks=True),
        Cell(
            "done_in_time",
            _("Done on time"),
            lambda a: _done(a) & Q(finished__lte=F("scheduled")),
            of_tasks=True,
        ),
        Cell("done_late", _("Done late"), lambda a: _done(a) & Q(finished__gt=F("scheduled")), of_tasks=True),
        Cell("waiting", _("Waiting now"), _waiting, of_tasks=True),
        Cell(
            "waiting_late", _("Waiting, late"), lambda a: _waiting(a) & Q(scheduled__lt=a.now), of_tasks=True
        ),
    )
}
DOSSIER_CELLS = [cell for cell in CELLS.values() if not cell.of_tasks]
TASK_CELLS = [cell for cell in CELLS.values() if cell.of_tasks]


def dossiers_of(asked: Asked) -> QuerySet[Dossier]:
    """Return all dossiers that a report is about, whenever they came."""
    return Dossier.objects.filter(asked.dossiers())


def tasks_of(asked: Asked) -> QuerySet[Task]:
    """Return all tasks of people that a report is about; a `person` is asked for what the office does, no submitter."""
    found = Task.objects.filter(asked.dossiers(_DOSSIER), flow_task_type="HUMAN")
    found = found.defer("flow_task", "data").annotate(node=Cast("flow_task", CharField()))
    if asked.person is not None:
        found = without_submitters(found.filter(owner=asked.person))
    if asked.step:
        found = found.filter(node__in=_nodes(asked))
    return found


def without_submitters(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Leave out the steps at which submitters complete their own dossiers."""
    for name in _SUBMITTERS:
        tasks = tasks.exclude(node__endswith=f".{name}")
    return tasks


def counted(cell: Cell, asked: Asked) -> QuerySet[Dossier] | QuerySet[Task]:
    """Return exactly what a cell counts."""
    found = tasks_of(asked) if cell.of_tasks else dossiers_of(asked)
    return found.filter(cell.condition(asked))


def _nodes(asked: Asked) -> list[str]:
    """Return the references of one step (`type:step`) in all versions of its type; one query."""
    kind, _colon, step = asked.step.partition(":")
    if not _KEY.fullmatch(kind) or not _STEP.fullmatch(step):
        return []
    versions = FlowVersion.objects.filter(type=int(kind)).defer("definition")
    return [f"engine/compiled.{version.class_name}.{node_name(step)}" for version in versions]
