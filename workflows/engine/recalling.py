"""A decision is taken back by who made it, while nothing later has happened."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.people.api import User
from workflows.dossiers.api import Dossier, Errand, RegisterEntry
from workflows.steps.api import Assignment, Turn

from .errors import InvalidActError
from .guards import check_open, check_running, clean_note, conflict, locked, refusal
from .lock import exclusive
from .models import Timer
from .turns import turn_of

#: What a decision changes in the data of a process: who voted how, the rounds of blocks, the ways straight back.
_KEPT = ("votes", "rounds", "back")


def undo_of(process: Any, turn: Turn) -> dict[str, Any]:
    """Return what a recall needs to know of the time before a decision. Called before anything has changed."""
    found = {key: deepcopy(process.data[key]) for key in _KEPT if key in process.data}
    newest = process.task_set.aggregate(newest=Max("pk"))["newest"]
    return {"at": turn.at.isoformat(), "process": found, "newest": newest}


def recall(task_id: int, *, by: User, reason: str = "") -> Dossier:
    """Take a decision back: what it opened is closed, and the step is open again for the same owner.

    Within `recall` minutes of the decision, as long as nothing later has happened and it neither closed the tasks of
    others nor reached beyond the dossier (numbers, papers, other systems, linked dossiers). Answers and files that the
    decision brought stay; so does its row in the timeline.
    Raises `NotVisibleError`, `ConflictError`, `InvalidActError` or `BusyError`.
    """
    with exclusive():
        task, dossier = locked(task_id, by)
        if not _decided(task, by):
            raise refusal(dossier, by)
        if task.status != STATUS.DONE:
            raise conflict(task, dossier)
        check_open(dossier)
        check_running(dossier)
        if refused := _obstacle(task, dossier):
            raise InvalidActError(refused)
        note = clean_note(reason)
        principal = task.owner if task.owner_id != by.pk else None
        with turn_of(dossier, by=by, on_behalf_of=principal) as turn:
            turn.note, turn.closing = note, "recalled"
            turn.log(
                "task.recalled",
                task=task.pk,
                step=task.flow_task.spec.id,
                before=task.data["outcome"],
                note=note,
            )
            _undo(task, turn)
            _open_again(task, turn)
            _tell_pools(turn)
    return dossier


def may_recall(task: Task, by: User) -> bool:
    """Return whether `by` may take this decision back as things are now."""
    if task.status != STATUS.DONE or "undo" not in task.data or not _decided(task, by):
        return False
    dossier = task.process.dossierprocess.dossier
    return dossier.is_open and not dossier.is_paused and not _obstacle(task, dossier)


def _decided(task: Task, by: User) -> bool:
    """Tell whether `by` made a decision, or had it made on their behalf."""
    return by.is_active and by.pk in (task.owner_id, task.data.get("by"))


def _obstacle(task: Task, dossier: Dossier) -> str:
    """Return in words why a decision stands; empty when it can be taken back."""
    minutes = task.flow_task.spec.recall
    if not minutes:
        return _("Decisions of this step are final.")
    if task.finished is None or timezone.now() > task.finished + timedelta(minutes=minutes):
        words = {"minutes": minutes}
        return _("A decision can be taken back within %(minutes)s minutes; that time is over.") % words
    if task.data.get("revision") != dossier.revision:
        return _("The dossier has gone on since; the decision cannot be taken back.")
    undo = task.data.get("undo")
    if undo is None or _reached_out(dossier, datetime.fromisoformat(undo["at"])):
        return _("The decision has had effects that nobody can take back.")
    return ""


def _reached_out(dossier: Dossier, since: datetime) -> bool:
    """Tell whether work for others was begun or a number was taken since a moment."""
    return (
        Errand.objects.filter(dossier=dossier, created_at__gte=since).exists()
        or RegisterEntry.objects.filter(holder=dossier.target, taken_at__gte=since).exists()
    )


def _undo(task: Task, turn: Turn) -> None:
    process = task.process.coerced
    followers = _followers(task)
    for follower in followers.values():
        follower.process = process
        if follower.pk > task.data["undo"]["newest"]:
            _close(follower)
        else:
            _wait_again(follower, {task.pk, *followers})
    before = task.data["undo"]["process"]
    rest = {key: value for key, value in process.data.items() if key not in _KEPT}
    process.data = rest | before
    process.save(update_fields=["data"])


def _followers(task: Task) -> dict[int, Task]:
    """Return every task that came of a decision, by key, and the joins that it reached.

    Nothing else has happened since; the next of a sequence follows its split, not who was asked before.
    """
    created = Task.objects.filter(process=task.process_id, pk__gt=task.data["undo"]["newest"])
    found: dict[int, Task] = {row.pk: row for row in created.select_related("owner")}
    edge = [task.pk, *found]
    while edge:
        tasks = Task.objects.filter(previous__in=edge, process=task.process_id).select_related("owner")
        new = {row.pk: row for row in tasks.distinct() if row.pk not in found}
        found |= new
        edge = list(new)
    return found


def _wait_again(join: Task, undone: set[int]) -> None:
    """Let a join that had been waiting before wait again, without those who came by the decision."""
    join.previous.remove(*undone)
    join.status, join.finished = STATUS.STARTED, None
    join.save(update_fields=["status", "finished"])


def _close(task: Task) -> None:
    if task.finished is None:
        task.flow_task.activation_class(task).cancel()
    elif task.status == STATUS.DONE:
        task.status = STATUS.CANCELED
        task.data["closed"] = "recalled"
        task.save(update_fields=["status", "data"])


def _open_again(task: Task, turn: Turn) -> None:
    spec, process = task.flow_task.spec, task.process.coerced
    again = Task(
        process=process,
        flow_task=task.flow_task,
        token=task.token,
        owner=task.owner,
        owner_permission=task.owner_permission,
        status=STATUS.ASSIGNED,
        assigned=turn.at,
        scheduled=task.scheduled,
        data={"why": "recalled"},
    )
    again.save()
    again.previous.set(task.previous.all())
    _keep_fired(task, again)
    # It no longer counts: for "who did this step", for returns, and for a second recall.
    task.status = STATUS.CANCELED
    task.data = {key: value for key, value in task.data.items() if key != "undo"} | {"closed": "recalled"}
    task.save(update_fields=["status", "data"])
    turn.opened.append((again, spec, Assignment(user=task.owner, why="recalled")))


def _keep_fired(before: Task, again: Task) -> None:
    """Let what has happened by the clock stay done: nobody is reminded or told once more of the same term."""
    spec = before.flow_task.spec
    if spec.remind or spec.late:
        fired = Timer.objects.filter(task=before, fired_at__isnull=False)
        Timer.objects.bulk_create(
            [Timer(task=again, code=one.code, fire_at=one.fire_at, fired_at=one.fired_at) for one in fired]
        )


def _tell_pools(turn: Turn) -> None:
    """Tell those who could have claimed the tasks that the decision had opened; owners are told in any case."""
    for task in turn.cancelled:
        if task.owner_id is None and task.owner_permission:
            people = Assignment(role=task.owner_permission).people()
            title = task.flow_task.spec.title
            turn.notify("task.closed", people, task, step=title, reason="recalled", note=turn.note)
