"""Opens and closes a turn: everything that a change of state writes besides viewflow's own rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils import timezone

from home.audit.api import record
from home.notifications.api import send
from home.people.api import Delegation, User
from plugins.api.api import PreparedUpdate
from workflows.definitions.api import definition_of
from workflows.dossiers.api import DISPATCH, AnswerChange, Dossier, current_rehearsal, followers_of, grant
from workflows.steps.api import REWORK, Assignment, Turn, WaitSpec, running, steps, wake_changed

from .addresses import dossier_url, task_url
from .errands import cancel_errands, write_errands
from .errors import faults_of_flow
from .standing_in import asked, running_for
from .timers import arm

#: What submitters are told of the steps that are theirs.
_OF_SUBMITTER = {"rework": "dossier.returned", "supplement": "dossier.supplement"}


@contextmanager
def turn_of(dossier: Dossier, *, by: User | None, on_behalf_of: User | None = None) -> Iterator[Turn]:
    """Run one change of state.

    At its end the dossier, timers, access, notifications, errands and, last, audit rows are written.

    Needs a transaction that holds the lock of the dossier's process. An exception writes nothing.
    """
    turn = Turn(dossier=dossier, by=by, at=timezone.now(), on_behalf_of=on_behalf_of)
    answers = dict(dossier.answers)
    with running(turn):
        yield turn
        if not turn.only_tells:
            _wake_waits(turn)
    _forget_passing(turn)
    _seal(turn)
    _save_dossier(turn)
    _keep_answers(turn, answers)
    arm(turn)
    _ask(turn)
    _grant(turn)
    _send(turn)
    _want(turn)
    _tell_parent(turn)
    _record(turn)


def _record(turn: Turn) -> None:
    """Write the audit rows; a rehearsal keeps its turn instead, since it would lock the end of the trail."""
    rehearsal = current_rehearsal()
    if rehearsal is None:
        record(*turn.entries)
    else:
        rehearsal.turns.append(turn)


def _forget_passing(turn: Turn) -> None:
    """Say nothing of tasks that were opened and closed by the same act: nobody could have seen them."""
    passing = {task.pk for task, _spec, _who in turn.opened} & {task.pk for task in turn.cancelled}
    turn.opened = [row for row in turn.opened if row[0].pk not in passing]
    turn.cancelled = [task for task in turn.cancelled if task.pk not in passing]


def _seal(turn: Turn) -> None:
    """Make a decision final that closed the tasks of others or reached beyond the dossier."""
    if not (turn.irrevocable or turn.errands or turn.cancelled):
        return
    for task in turn.decided:
        if task.data.pop("undo", None) is not None:
            task.save(update_fields=["data"])


def _wake_waits(turn: Turn) -> None:
    """Let the waits go on that the answers of this turn end; no query for a dossier that stands at none."""
    state = turn.state or turn.dossier.state
    if state not in (Dossier.State.RUNNING, Dossier.State.RETURNED) or not turn.dossier.open_steps:
        return
    specs = definition_of(turn.dossier.version).steps_by_id
    if not any(isinstance(specs.get(step), WaitSpec) for step in turn.dossier.open_steps):
        return
    process = turn.dossier.processes.latest("pk")
    with faults_of_flow():
        wake_changed(process)


def _save_dossier(turn: Turn) -> None:
    dossier = turn.dossier
    reworking = any(task.flow_task.name == REWORK for task, _spec, _who in turn.opened)
    dossier.state = turn.state or (Dossier.State.RETURNED if reworking else Dossier.State.RUNNING)
    dossier.closed_at = None if dossier.is_open else turn.at
    dossier.open_steps = _open_steps(turn)
    dossier.revision += not turn.only_tells
    _dossier.save(dossier)


_dossier = PreparedUpdate(
    Dossier, "number", "state", "closed_at", "open_steps", "revision", "answers", "subject", "due_at"
)


def _keep_answers(turn: Turn, before: dict[str, Any]) -> None:
    """Keep what the answers said that this turn has changed; no query when it has changed none."""
    now = turn.dossier.answers
    keys = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    if keys:
        old = {key: before.get(key) for key in keys}
        AnswerChange.objects.create(dossier=turn.dossier, at=turn.at, by=turn.by, before=old)


def _open_steps(turn: Turn) -> list[str]:
    """Return the steps where the dossier stands: before, less the closed ones, and the newly opened ones."""
    stay = list(turn.dossier.open_steps)
    for task in [*turn.decided, *turn.cancelled]:
        if task.flow_task.spec is not None and task.flow_task.spec.id in stay:
            stay.remove(task.flow_task.spec.id)
    over = {task.pk for task in [*turn.decided, *turn.cancelled]}
    waiting = [task.flow_task.spec.id for task in turn.waiting if task.pk not in over]
    return stay + [spec.id for _task, spec, _who in turn.opened] + waiting


def _ask(turn: Turn) -> None:
    """Tell those who have to act, and who stands in for them today; those see the dossier from then on."""
    away: list[Delegation] = []
    if not turn.nobody_is_away and all(getattr(task, "somebody_is_away", True) for task in turn.decided):
        people = [who.people() for _task, _spec, who in turn.opened if who.role != DISPATCH]
        away = running_for(chain.from_iterable(people), definition_of(turn.dossier.version).code)
    for task, spec, assignment in turn.opened:
        kind = _OF_SUBMITTER.get(spec.kind, told_by(assignment))
        told = asked(assignment, task, turn, given=away)
        turn.notify(kind, told, task, step=spec.title, note=turn.note)


def _grant(turn: Turn) -> None:
    principals = set(turn.principals)
    for _task, _spec, assignment in turn.opened:
        principals |= assignment.principals()
    if principals:
        grant(turn.dossier, principals)


def _send(turn: Turn) -> None:
    _tell_of_closed(turn)
    _tell_of_end(turn)
    _tell_followers(turn)
    for notice in turn.notices:
        url = task_url(notice.task.pk) if notice.task else dossier_url(turn.dossier)
        send(notice.kind, to=notice.to, params=_params(turn) | notice.params, url=url, by=turn.by)


def _want(turn: Turn) -> None:
    """Write the work that begins after the commit; a withdrawal takes back what was wanted before it."""
    if turn.state == Dossier.State.WITHDRAWN:
        cancel_errands(turn.dossier)
    if turn.state in (Dossier.State.WITHDRAWN, Dossier.State.REJECTED):
        for spec in definition_of(turn.dossier.version).steps_by_id.values():
            steps.get(spec.kind).dropped(spec, turn)
    write_errands(turn.dossier, turn.errands, by=turn.by)


def _tell_parent(turn: Turn) -> None:
    """Wake the dossier that waits for this one, after the commit; the sweep finds what is missed.

    Whether any waits was read with the task that was decided.
    """
    if turn.dossier.is_open:
        return
    if turn.decided and not any(getattr(task, "is_waited_for", True) for task in turn.decided):
        return
    transaction.on_commit(partial(_wake_parent, turn.dossier.pk), robust=True)


def _wake_parent(dossier_id: int) -> None:
    from .waking import wake_parent

    wake_parent(dossier_id)


def _params(turn: Turn) -> dict[str, str]:
    return {"number": turn.dossier.number, "subject": turn.dossier.subject}


def _tell_of_closed(turn: Turn) -> None:
    """Tell those whose task was closed before they could act."""
    for task in turn.cancelled:
        if task.owner_id is not None:
            turn.notify(
                "task.closed",
                [task.owner],
                task,
                step=task.flow_task.spec.title,
                reason=task.data.get("closed", ""),
            )


def told_by(assignment: Assignment) -> str:
    """Return the kind of notification that tells people of a task of theirs."""
    if assignment.role == DISPATCH:
        return "task.stranded"
    return "task.assigned" if assignment.user else "task.claimable"


def _tell_of_end(turn: Turn) -> None:
    if turn.state in (Dossier.State.APPROVED, Dossier.State.REJECTED):
        turn.notify("dossier.closed", [turn.dossier.submitter], state=turn.state, note=turn.note)


def _tell_followers(turn: Turn) -> None:
    """Tell those who follow the dossier of a decision or of its end, unless this turn tells them anyway.

    Whether anybody follows it was read with the task that was decided.
    """
    dossier = turn.dossier
    if not turn.decided and dossier.is_open:
        return
    if turn.decided and not any(getattr(task, "has_followers", True) for task in turn.decided):
        return
    told = {person.pk for notice in turn.notices for person in notice.to}
    people = [person for person in followers_of(dossier) if person.pk not in told]
    if people:
        step = turn.decided[-1].flow_task.spec.title if turn.decided else ""
        turn.notify("dossier.followed", people, state=dossier.state, step=step, note=turn.note)
