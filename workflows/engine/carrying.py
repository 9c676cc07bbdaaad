"""What hangs on the old steps of a dossier goes with it to another version: timers, waits, joins, rows of steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.worktime.api import Pauses, add_working_days, shift_due
from workflows.definitions.api import Definition
from workflows.dossiers.api import Attachment, Dossier, Errand, Instruction, Paper, RegisterEntry, SubDossier
from workflows.steps.api import Delay, HumanSpec, Turn, due_from, open_waits, term_unit, wake_changed

from .at_hand import open_tasks_of
from .models import DossierProcess, Timer
from .timers import LATE, REMIND
from .waking import shift_wait

#: Rows that say at which step something was wanted, written or added; what pages show and later steps look for.
STEP_ROWS: tuple[tuple[Any, str], ...] = (
    (Errand, "dossier"),
    (SubDossier, "parent"),
    (Instruction, "dossier"),
    (Attachment, "dossier"),
    (Paper, "dossier"),
)


def rename_steps(dossier: Dossier, renamed: Mapping[str, str]) -> None:
    """Let everything that names a step of the dossier name it as the new version does; numbers taken there too."""
    for model, owner in STEP_ROWS:
        rows = list(model.objects.filter(**{owner: dossier}, step__in=renamed))
        for row in rows:
            row.step = renamed[row.step]
        model.objects.bulk_update(rows, ["step"])
    prefix = f"{dossier.target}:"
    entries = list(RegisterEntry.objects.filter(holder__startswith=prefix))
    for entry in entries:
        step, colon, items = entry.holder.removeprefix(prefix).partition(":")
        entry.holder = f"{prefix}{renamed.get(step, step)}{colon}{items}"
    RegisterEntry.objects.bulk_update(entries, ["holder"])


Options = HumanSpec | Definition


def carry_timers(old: Options, new: Options, **place: Task | Dossier) -> None:
    """Keep what has fired of options that the new version has as well; all others are set anew by `shift_timers`.

    Timers are known by the place of their option: without this, a reminder that the old version has sent would stand
    for another one of the new version.
    """
    if (old.remind, old.late) == (new.remind, new.late):
        return
    timers = Timer.objects.filter(**place)
    fired = list(timers.filter(fired_at__isnull=False))
    timers.delete()
    kept: list[Timer] = []
    for timer in fired:
        kind, _colon, number = timer.code.partition(":")
        before, after = (_options(one, kind) for one in (old, new))
        option = before[int(number)] if int(number) < len(before) else None
        if option is not None and option in after:
            code = f"{kind}:{list(after).index(option)}"
            kept.append(Timer(code=code, fire_at=timer.fire_at, fired_at=timer.fired_at, **place))
    Timer.objects.bulk_create(kept, ignore_conflicts=True)


def _options(place: Options, kind: str) -> Sequence[Delay]:
    return {REMIND: place.remind, LATE: place.late}[kind]


def set_clocks(dossier: Dossier, process: DossierProcess, new: Definition) -> None:
    """Count the due dates of a dossier, its open tasks and waits as the new version does, less the pauses since."""
    pauses = _pauses(dossier, dossier.opened_at)
    if new.days is not None:
        due_at = add_working_days(dossier.opened_at, new.days, department=dossier.department)
        dossier.due_at = shift_due(due_at, pauses, department=dossier.department)
    for task in open_tasks_of(dossier):
        spec, role = task.flow_task.spec, task.owner_permission or ""
        due = due_from(spec, task.created, dossier, task.owner, role)
        if due is not None and (spec.days is not None or spec.hours is not None):
            unit = term_unit(spec, dossier, task.owner, role)
            due = shift_due(due, _pauses(dossier, task.created), department=unit)
        Task.objects.filter(pk=task.pk).update(scheduled=due)
    for wait in open_waits(process):
        wait.task.data.pop("ends", None)
        wait.look()
        shift_wait(wait, _pauses(dossier, wait.task.created), dossier)


def _pauses(dossier: Dossier, since: datetime) -> Pauses:
    """Return the ended intervals in which the clock stood still after a moment."""
    rows = dossier.pauses.filter(ended_at__gt=since).order_by("started_at")
    return [(max(row.started_at, since), row.ended_at) for row in rows if row.ended_at is not None]


def look_again(turn: Turn, process: DossierProcess) -> None:
    """Let go on what the new version no longer waits for: conditions, dates, and blocks whose rule is met now."""
    if turn.dossier.is_paused:
        return
    wake_changed(process)
    waiting = process.task_set.filter(flow_task_type="JOIN", finished__isnull=True)
    for join in waiting.filter(status__in=[STATUS.NEW, STATUS.STARTED]).order_by("-pk"):
        join.refresh_from_db()
        if join.finished is None:
            join.process = process
            join.flow_task.activation_class(join).reconsider()
