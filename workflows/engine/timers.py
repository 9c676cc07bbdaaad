"""Reminders before the due date of a task or a dossier and what follows it: their rows, and when they are due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from viewflow.workflow.models import Task

from home.people.api import Department
from home.worktime.api import after_due, before_due
from workflows.definitions.api import definition_of
from workflows.dossiers.api import Dossier
from workflows.steps.api import Assignment, Delay, HumanSpec, Turn, calendar_unit

from .at_hand import open_tasks_of
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
            rows += _rows(moments, since=turn.at, task=task)
    if rows:
        # An act that let the clock go on has set those of all open tasks already.
        Timer.objects.bulk_create(rows, ignore_conflicts=True)


def arm_dossier(dossier: Dossier, *, since: datetime) -> None:
    """Write the timers of a new dossier's own due date; no query for a type that has none."""
    moments = _alert_moments(dossier)
    if moments:
        Timer.objects.bulk_create(_rows(moments, since=since, dossier=dossier))


def shift_timers(dossier: Dossier) -> None:
    """Set the timers of a dossier and of its open tasks anew from the due dates that they have now.

    What has happened already stays; what was given up is tried again; what the options no longer name is forgotten.
    Needs the lock of the dossier's process.
    """
    _set_anew(_alert_moments(dossier), dossier=dossier)
    for task in open_tasks_of(dossier):
        holder = Assignment(user=task.owner, role=task.owner_permission or "")
        _set_anew(_moments(task, task.flow_task.spec, dossier, holder), task=task)


def _set_anew(moments: dict[str, datetime], **place: Task | Dossier) -> None:
    known = {timer.code: timer for timer in Timer.objects.filter(**place)}
    unfired = [timer for timer in known.values() if timer.fired_at is None]
    gone = [timer.pk for timer in unfired if timer.code not in moments]
    if gone:
        Timer.objects.filter(pk__in=gone).delete()
    _move([timer for timer in unfired if timer.code in moments], moments)
    new = {code: moment for code, moment in moments.items() if code not in known}
    Timer.objects.bulk_create(_rows(new, since=timezone.now(), **place))


def _has_timers(spec: object) -> bool:
    return isinstance(spec, HumanSpec) and bool(spec.remind or spec.late)


def _moments(task: Task, spec: HumanSpec, dossier: Dossier, holder: Assignment) -> dict[str, datetime]:
    """Return when each timer of a task is due, by code; empty without a due date."""
    due: datetime | None = task.scheduled
    if due is None or not _has_timers(spec):
        return {}
    unit = calendar_unit(dossier, holder.user, holder.role)
    # Of a task that begins late, nobody is blamed for what passed before it began.
    return _around(due, max(due, task.created), spec.remind, spec.late, unit)


def _alert_moments(dossier: Dossier) -> dict[str, datetime]:
    """Return when people are told of the due date of the dossier itself, by code; empty without a due date."""
    definition = definition_of(dossier.version)
    if dossier.due_at is None or not (definition.remind or definition.late):
        return {}
    return _around(dossier.due_at, dossier.due_at, definition.remind, definition.late, dossier.department)


def _around(
    due: datetime,
    base: datetime,
    remind: Sequence[Delay],
    late: Sequence[Delay],
    unit: Department | None,
) -> dict[str, datetime]:
    """Return the moments before `due` and after `base`, by code."""
    before = {
        f"{REMIND}:{number}": before_due(due, department=unit, **delay.given)
        for number, delay in enumerate(remind)
    }
    return before | {
        f"{LATE}:{number}": after_due(base, department=unit, **delay.given)
        for number, delay in enumerate(late)
    }


def _rows(moments: dict[str, datetime], *, since: datetime, **place: Task | Dossier) -> list[Timer]:
    """Return new timers of a task or a dossier; a reminder whose moment has passed is left out."""
    return [
        Timer(code=code, fire_at=moment, **place)
        for code, moment in moments.items()
        if moment > since or code.startswith(LATE)
    ]


def _move(timers: list[Timer], moments: dict[str, datetime]) -> None:
    for timer in timers:
        timer.fire_at, timer.attempts, timer.error = moments[timer.code], 0, ""
    Timer.objects.bulk_update(timers, ["fire_at", "attempts", "error"])
