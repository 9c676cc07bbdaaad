"""Opens and closes a turn: everything that a change of state writes besides viewflow's own rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from home.audit.api import record
from home.notifications.api import send
from home.people.api import User
from workflows.dossiers.api import Dossier, grant
from workflows.steps.api import REWORK, Turn, running

from .addresses import dossier_url, task_url


@contextmanager
def turn_of(dossier: Dossier, *, by: User | None) -> Iterator[Turn]:
    """Run one change of state. At its end the dossier, access, notifications and, last, audit rows are written.

    Needs a transaction that holds the lock of the dossier's process. An exception writes nothing.
    """
    turn = Turn(dossier=dossier, by=by, at=timezone.now())
    with running(turn):
        yield turn
    _save_dossier(turn)
    _grant(turn)
    _send(turn)
    record(*turn.entries)


def _save_dossier(turn: Turn) -> None:
    dossier = turn.dossier
    reworking = any(task.flow_task.name == REWORK for task, _spec, _who in turn.opened)
    dossier.state = turn.state or (Dossier.State.RETURNED if reworking else Dossier.State.RUNNING)
    dossier.closed_at = None if dossier.is_open else turn.at
    dossier.open_steps = _open_steps(turn)
    dossier.revision += 1
    dossier.save(update_fields=["state", "closed_at", "open_steps", "revision", "answers", "subject"])


def _open_steps(turn: Turn) -> list[str]:
    """Return the steps where the dossier stands: before, less the closed ones, and the newly opened ones."""
    steps = list(turn.dossier.open_steps)
    for task in [*turn.decided, *turn.cancelled]:
        if task.flow_task.spec is not None and task.flow_task.spec.id in steps:
            steps.remove(task.flow_task.spec.id)
    return steps + [spec.id for _task, spec, _who in turn.opened]


def _grant(turn: Turn) -> None:
    principals = set(turn.principals)
    for _task, _spec, assignment in turn.opened:
        principals |= assignment.principals()
    if principals:
        grant(turn.dossier, principals)


def _send(turn: Turn) -> None:
    _tell_of_tasks(turn)
    _tell_of_end(turn)
    for notice in turn.notices:
        url = task_url(notice.task.pk) if notice.task else dossier_url(turn.dossier)
        send(notice.kind, to=notice.to, params=_params(turn) | notice.params, url=url, by=turn.by)


def _params(turn: Turn) -> dict[str, str]:
    return {"number": turn.dossier.number, "subject": turn.dossier.subject}


def _tell_of_tasks(turn: Turn) -> None:
    """Tell those who have to act, and those whose task was closed before they could."""
    for task, spec, assignment in turn.opened:
        kind = "task.assigned" if assignment.user else "task.claimable"
        if spec.kind == "rework":
            kind = "dossier.returned"
        turn.notify(kind, assignment.people(), task, step=spec.title, note=turn.note)
    for task in turn.cancelled:
        if task.owner_id is not None:
            turn.notify("task.closed", [task.owner], task, step=task.flow_task.spec.title)


def _tell_of_end(turn: Turn) -> None:
    if turn.state in (Dossier.State.APPROVED, Dossier.State.REJECTED):
        turn.notify("dossier.closed", [turn.dossier.submitter], state=turn.state, note=turn.note)
