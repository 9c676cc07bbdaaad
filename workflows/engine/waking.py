"""Dossiers that wait go on: by the clock, when an answer allows it, or when those that they opened are closed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils import timezone
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from home.notifications.api import send
from home.worktime.api import Pauses, shift_due
from plugins.api.api import EXAMPLE_KEY, Prepared
from workflows.dossiers.api import DISPATCH, Dossier, SubDossier, grant
from workflows.steps.api import WAITING, Assignment, Situation, Turn, WaitActivation, go_on, open_waits

from .addresses import dossier_url
from .errors import BusyError, faults_of_flow
from .lock import exclusive, lock_process
from .task_lists import step_of, step_title
from .turns import turn_of

logger = logging.getLogger(__name__)

#: After so many failures the dispatchers are told.
ATTEMPTS = 6
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)


def wake_waiting() -> int:
    """Let every wait go on that is over, each in its own transaction, and return how many did.

    Safe to run twice and on two machines: each is looked at again under its lock. One that fails stays as it was, is
    tried again later and later, and does not keep the others; the dispatchers are told when it goes on failing.
    """
    woken = 0
    for task_id in _candidates(timezone.now()):
        try:
            woken += wake(task_id)
        except BusyError:
            logger.info("The wait %s is in use; the next run looks at it", task_id)
        except Exception as error:  # whatever breaks one dossier must not stop the sweep
            logger.exception("The wait %s cannot go on", task_id)
            _keep_failure(task_id, f"{type(error).__name__}: {error}"[:2000])
    return woken


def _keep_failure(task_id: int, error: str) -> None:
    """Count a failure, put the wait off, and tell the dispatchers once when it has failed too often."""
    try:
        with exclusive():
            lock_process(Process.objects.filter(task=task_id))
            waits = Task.objects.filter(pk=task_id, finished__isnull=True).defer("flow_task")
            dossiers = waits.select_related("process__dossierprocess__dossier__version")
            task = dossiers.annotate(node=Cast("flow_task", CharField())).first()
            if task is None:
                return
            times = task.data.get("failed", {}).get("times", 0) + 1
            next_at = timezone.now() + min(_FIRST_PAUSE * 2 ** (times - 1), _LONGEST_PAUSE)
            task.data["failed"] = {"times": times, "error": error, "next": int(next_at.timestamp())}
            task.save(update_fields=["data"])
            if times == ATTEMPTS:
                _tell_dispatchers(task, error)
    except (DatabaseError, BusyError):  # it stays due as it is, and the next run tries it
        logger.exception("The failure of the wait %s cannot be kept", task_id)


def _tell_dispatchers(task: Any, error: str) -> None:
    """Tell the dispatchers, who may see the dossier from now on, that it cannot go on by itself."""
    dossier: Dossier = task.process.dossierprocess.dossier
    step = step_title(dossier.version, step_of(task.node))
    grant(dossier, {DISPATCH})
    params = {"number": dossier.number, "subject": dossier.subject, "step": step, "error": error}
    dispatchers = Assignment(role=DISPATCH).people()
    send("errand.failed", to=dispatchers, params=params, url=dossier_url(dossier), key=f"wait:{task.pk}")


def _candidates(now: datetime) -> list[int]:
    """Return the keys of waits that are due, or that have no end by the clock alone, of dossiers that run."""
    tasks = Task.objects.filter(flow_task_type="WAIT", status__in=WAITING, finished__isnull=True)
    running = tasks.exclude(process__dossierprocess__dossier__state__in=Dossier.PAUSED)
    due = Q(status=STATUS.STARTED) | Q(scheduled__lte=now) | Q(data__at_end="late")
    again = Q(data__failed__isnull=True) | Q(data__failed__next__lte=int(now.timestamp()))
    return list(running.filter(due, again).order_by("scheduled", "pk").values_list("pk", flat=True))


def wake(task_id: int) -> bool:
    """Let one wait go on if it is over, and return whether it did. Takes the lock of its dossier alone."""
    with exclusive():
        lock_process(Process.objects.filter(task=task_id))
        task = (
            Task.objects.select_related(
                "process__dossierprocess__dossier__submitter", "process__dossierprocess__dossier__version"
            )
            .filter(pk=task_id, flow_task_type="WAIT", status__in=WAITING, finished__isnull=True)
            .first()
        )
        if task is None:
            return False
        dossier = task.process.dossierprocess.dossier
        if dossier.state in Dossier.PAUSED or not dossier.is_open:
            return False
        return _look_and_go(task, dossier)


def _look_and_go(task: Task, dossier: Dossier) -> bool:
    activation = task.flow_task.activation_class(task)
    due = task.status == STATUS.SCHEDULED and task.scheduled is not None and task.scheduled <= timezone.now()
    if not due and not _is_met(activation, dossier):
        return False
    with turn_of(dossier, by=None) as turn:
        if due:
            task.data["outcome"] = task.data["at_end"]
        else:
            activation.look()
        turn.log("wait.over", task=task.pk, step=task.flow_task.spec.id, end=task.data["outcome"])
        with faults_of_flow():
            go_on(activation)
    return True


def _is_met(activation: Any, dossier: Dossier) -> bool:
    """Return whether what is waited for is there, without beginning a change of state."""
    turn = Turn(dossier=dossier, by=None, at=timezone.now())
    at = Situation(turn, activation.process, activation.task.token.token)
    return bool(activation.flow_task.look(at, activation.task).outcome)


def shift_waits(turn: Turn, pauses: Pauses) -> None:
    """Move the ends that were counted in working time by the working time of pauses; dates stay."""
    process = turn.dossier.processes.latest("pk")
    for wait in open_waits(process):
        shift_wait(wait, pauses, turn.dossier)


def shift_wait(wait: WaitActivation, pauses: Pauses, dossier: Dossier) -> None:
    """Move the ends of one wait that were counted in working time."""
    ends = wait.task.data.get("ends", {})
    moved = {name: _moved(end, pauses, dossier) for name, end in ends.items()}
    wait.task.data["ends"] = {name: end.isoformat() for name, end in moved.items()}
    if wait.task.data.get("counted") and wait.task.scheduled is not None:
        wait.task.scheduled = shift_due(wait.task.scheduled, pauses, department=dossier.department)
    wait.task.save(update_fields=["data", "scheduled"])


def _moved(end: str, pauses: Pauses, dossier: Dossier) -> datetime:
    return shift_due(datetime.fromisoformat(end), pauses, department=dossier.department)


def wake_parent(dossier_id: int) -> None:
    """Let the dossier go on that waits for this closed one, if any; what fails is logged and left to the sweep."""
    for (task_id,) in _waiting_for.rows(dossier_id):
        wake_now(task_id)


def wake_now(task_id: int) -> None:
    """Let a wait go on if it is over; what fails is logged and left to the sweep."""
    try:
        wake(task_id)
    except Exception:
        logger.exception("The wait %s cannot go on", task_id)


#: Every dossier that ends asks this: its SQL is built once.
_waiting_for: Prepared[SubDossier] = Prepared(
    lambda child: SubDossier.objects.filter(child=child).order_by("pk").values_list("task_id"),
    EXAMPLE_KEY,
    keyed=True,
)
