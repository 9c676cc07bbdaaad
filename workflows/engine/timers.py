"""Reminders before the due date of a task and escalations after it: their rows, and when they are due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from viewflow.workflow.models import Task

from home.worktime.api import after_due, before_due
from workflows.dossiers.api import Dossier
from workflows.steps.api import Assignment, HumanSpec, Turn, calendar_unit

from .models import Timer

REMIND, LATE = "remind", "late"


def arm(turn: Turn) -> None:
    """Write the timers of the tasks that a turn opened, and forget those of the tasks that it closed.

    One query for each of both, and none when no step of the turn has timers.
    """
    ended = [task.pk for task in (*turn.decided, *turn.cancelled) if _has_timers(task.flow_task.spec)]
    if ended:
        Timer.objects.filter(task__in=ended, fired_at__isnull=True).delete()
    rows: list[Timer] = []
    for task, spec, found in turn.opened:
        if _has_timers(spec) and task.pk not in ended:
            moments = _moments(task, spec, turn.dossier, found)
            rows += _rows(task, moments, since=turn.at)
    if rows:
        # An act that let the clock go on has set those of all open tasks already.
        Timer.objects.bulk_create(rows, ignore_conflicts=True)


def shift_timers(dossier: Dossier) -> None:
    """Set the timers of a dossier's open tasks anew from the due dates that the tasks have now.

    What has happened already stays; what was given up is tried again; what the options no longer name is forgotten.
    Needs the lock of the dossier's process.
    """
    for task in _open_tasks(dossier):
        spec = task.flow_task.spec
        known = {timer.code: timer for timer in Timer.objects.filter(task=task)}
        if not known and not _has_timers(spec):
            continue
        holder = Assignment(user=task.owner, role=task.owner_permission or "")
        moments = _moments(task, spec, dossier, holder)
        unfired = [timer for timer in known.values() if timer.fired_at is None]
        gone = [timer.pk for timer in unfired if timer.code not in moments]
        if gone:
            Timer.objects.filter(pk__in=gone).delete()
        _move([timer for timer in unfired if timer.code in moments], moments)
        new = {code: moment for code, moment in moments.items() if code not in known}
        Timer.objects.bulk_create(_rows(task, new, since=timezone.now()))


def _has_timers(spec: object) -> bool:
    return isinstance(spec, HumanSpec) and bool(spec.remind or spec.late)


def _moments(task: Task, spec: HumanSpec, dossier: Dossier, holder: Assignment) -> dict[str, datetime]:
    """Return when each timer of a task is due, by code; empty without a due date."""
    due: datetime | None = task.scheduled
    if due is None or not _has_timers(spec):
        return {}
    unit = calendar_unit(dossier, holder.user, holder.role)
    # Of a task that begins late, nobody is blamed for what passed before it began.
    base = max(due, task.created)
    reminders = {
        f"{REMIND}:{number}": before_due(due, department=unit, **delay.given)
        for number, delay in enumerate(spec.remind)
    }
    return reminders | {
        f"{LATE}:{number}": after_due(base, department=unit, **late.given)
        for number, late in enumerate(spec.late)
    }


def _rows(task: Task, moments: dict[str, datetime], *, since: datetime) -> list[Timer]:
    """Return new timers; a reminder whose moment has passed is left out."""
    return [
        Timer(task=task, code=code, fire_at=moment)
        for code, moment in moments.items()
        if moment > since or code.startswith(LATE)
    ]


def _open_tasks(dossier: Dossier) -> Iterable[Task]:
    tasks = Task.objects.filter(process__dossierprocess__dossier=dossier, finished__isnull=True)
    return tasks.filter(flow_task_type="HUMAN").select_related("owner", "process").order_by("pk")


def _move(timers: list[Timer], moments: dict[str, datetime]) -> None:
    for timer in timers:
        timer.fire_at, timer.attempts, timer.error = moments[timer.code], 0, ""
    Timer.objects.bulk_update(timers, ["fire_at", "attempts", "error"])
