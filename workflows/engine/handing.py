"""Open tasks go to somebody else: given by who leads, or passed on by who has them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.people.api import User, departments_of
from workflows.dossiers.api import Dossier, principals_of
from workflows.steps.api import Assignment, Turn

from .errors import ConflictError, InvalidActError
from .guards import check_actor, clean_reason, conflict, leads, locked, locked_task, refusal
from .lock import exclusive
from .standing_in import asked
from .turns import turn_of

_OPEN = (STATUS.NEW, STATUS.ASSIGNED)


def reassign(task_id: int, *, by: User, to: User, reason: str) -> Task:
    """Give an open task to another person. The head of its owner or pool, or of the dossier's department, may.

    So may the dispatchers, also while the clock stands still. Raises `NotVisibleError`, `ConflictError`,
    `InvalidActError` or `BusyError`.
    """
    with exclusive():
        task, dossier = locked_task(task_id)
        # Whoever answers for the owner may act without having been asked about this very dossier.
        if not _leads_task(dossier, task, by):
            raise ConflictError("not_yours", dossier.pk) if _is_asked(task, by) else refusal(dossier, by)
        if task.status not in _OPEN:
            raise conflict(task, dossier)
        reason = clean_reason(reason, _("State why the task goes to somebody else."))
        _check_receiver(task, dossier, to)
        with turn_of(dossier, by=by) as turn:
            turn.note = reason
            turn.principals.add(f"user:{by.pk}")
            _hand(task, turn, to, why="reassigned")
    return task


def forward(task_id: int, *, by: User, to: User, reason: str) -> Task:
    """Pass on a task that one has, or could claim. Raises `NotVisibleError`, `ConflictError` or `InvalidActError`."""
    with exclusive():
        task, dossier = locked(task_id, by)
        if task.status not in _OPEN:
            raise conflict(task, dossier)
        on_behalf_of = check_actor(task, dossier, by)
        reason = clean_reason(reason, _("State why the task goes to somebody else."))
        _check_receiver(task, dossier, to)
        with turn_of(dossier, by=by, on_behalf_of=on_behalf_of) as turn:
            turn.note = reason
            _hand(task, turn, to, why="forwarded")
    return task


def may_reassign(dossier: Dossier, task: Task, by: User) -> bool:
    """Return whether `by` may give this open task to somebody else."""
    return task.finished is None and _leads_task(dossier, task, by)


def candidates_for(task: Task, by: User) -> QuerySet[User]:
    """Return everyone who may be given a task: active people, but not who has it, nor who may not judge the dossier."""
    found = User.objects.filter(is_active=True).exclude(pk=task.owner_id)
    if task.flow_task.not_submitter:
        found = found.exclude(pk=task.process.dossierprocess.dossier.submitter_id)
    return found.order_by("last_name", "first_name", "pk")


def _leads_task(dossier: Dossier, task: Task, by: User) -> bool:
    """Tell whether `by` leads the dossier, or heads a unit of the task's owner, or the unit of its pool.

    Its submitter does only as a dispatcher: nobody chooses who judges them.
    """
    if not by.is_active:
        return False
    if leads(dossier, by):
        return True
    if dossier.submitter_id == by.pk:
        return False
    units = _units_of(task)
    return bool({f"head:{unit}" for unit in units} & principals_of(by)) and task.owner_id != by.pk


def _units_of(task: Task) -> set[int]:
    if task.owner is not None:
        return {department.pk for department in departments_of(task.owner)}
    kind, *ids = (task.owner_permission or "").split(":")
    return {int(ids[-1])} if kind in ("dept", "post", "head") else set()


def _is_asked(task: Task, by: User) -> bool:
    return by.is_active and (task.owner_id == by.pk or task.owner_permission in principals_of(by))


def _check_receiver(task: Task, dossier: Dossier, to: User) -> None:
    if not to.is_active:
        raise InvalidActError(_("This account is closed. Choose somebody who works here."), "to")
    if to.pk == task.owner_id:
        raise InvalidActError(_("This person has the task already."), "to")
    if task.flow_task.not_submitter and to.pk == dossier.submitter_id:
        raise InvalidActError(_("Nobody decides on their own dossier. Choose somebody else."), "to")


def _hand(task: Task, turn: Turn, to: User, *, why: str) -> None:
    before, role = task.owner, task.owner_permission or ""
    task.owner, task.owner_permission, task.status, task.assigned = to, None, STATUS.ASSIGNED, turn.at
    task.data |= {"why": why, "handed_by": turn.by.pk if turn.by else None}
    task.save(update_fields=["owner", "owner_permission", "status", "assigned", "data"])
    turn.keep_state()
    turn.principals.add(f"user:{to.pk}")
    title = task.flow_task.spec.title
    turn.notify("task.assigned", asked(Assignment(user=to), task, turn), task, step=title, note=turn.note)
    if before is not None:
        turn.notify("task.handed", [before], task, step=title, note=turn.note, person=str(to))
    turn.log(
        "task.handed.reassigned" if why == "reassigned" else "task.handed.forwarded",
        task=task.pk,
        step=task.flow_task.spec.id,
        before=before.username if before else role,
        now=to.username,
        note=turn.note,
    )
