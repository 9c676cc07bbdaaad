"""The clock of a dossier: when it stands still, and how due dates move by exactly that working time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from viewflow.workflow.models import Task

from home.worktime.api import shift_due
from workflows.dossiers.api import Dossier, Pause
from workflows.steps.api import REWORK, Turn, term_unit

from .at_hand import open_tasks_of
from .timers import shift_timers
from .waking import shift_waits

_STATES = {Pause.Kind.SUPPLEMENT: Dossier.State.SUPPLEMENT, Pause.Kind.HOLD: Dossier.State.HELD}


def begin_pause(turn: Turn, *, kind: str, reason: str, step: str = "") -> Pause:
    """Stop the clock of the dossier of `turn`, which takes the state that goes with `kind`."""
    if turn.by is None:
        raise ValueError("Only a person stops the clock.")
    turn.state = _STATES[Pause.Kind(kind)]
    return Pause.objects.create(
        dossier=turn.dossier, kind=kind, step=step, reason=reason, by=turn.by, started_at=turn.at
    )


def end_pause(turn: Turn) -> Pause:
    """Let the clock go on: the due dates of the dossier and of its open tasks move by the working time of the pause.

    Those who have an open task are told. Raises `Pause.DoesNotExist` when the clock runs.
    """
    pause = Pause.objects.get(dossier=turn.dossier, ended_at__isnull=True)
    ended = _end(turn, pause)
    waiting = list(open_tasks_of(turn.dossier))
    _shift(turn, (pause.started_at, ended), waiting)
    reworking = any(task.flow_task.name == REWORK for task in waiting)
    turn.state = Dossier.State.RETURNED if reworking else Dossier.State.RUNNING
    for task in waiting:
        if task.owner is not None:
            turn.notify("dossier.resumed", [task.owner], task, step=task.flow_task.spec.title, note=turn.note)
    return pause


def close_pause(turn: Turn) -> None:
    """End an interval that still runs because the dossier ends; no due date matters any more."""
    for pause in Pause.objects.filter(dossier=turn.dossier, ended_at__isnull=True):
        _end(turn, pause)


def _end(turn: Turn, pause: Pause) -> datetime:
    # Two servers' clocks may differ by a little; an interval never ends before it begins.
    ended = max(turn.at, pause.started_at)
    pause.ended_at, pause.ended_by = ended, turn.by
    pause.save(update_fields=["ended_at", "ended_by"])
    return ended


def _shift(turn: Turn, interval: tuple[datetime, datetime], waiting: Iterable[Task]) -> None:
    dossier, pauses = turn.dossier, [interval]
    if dossier.due_at is not None:
        dossier.due_at = shift_due(dossier.due_at, pauses, department=dossier.department)
    for task in waiting:
        if task.scheduled is not None:
            unit = term_unit(task.flow_task.spec, dossier, task.owner, task.owner_permission or "")
            task.scheduled = shift_due(task.scheduled, pauses, department=unit)
            task.save(update_fields=["scheduled"])
    shift_timers(dossier)
    shift_waits(turn, pauses)
