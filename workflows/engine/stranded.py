"""Open tasks that nobody can act on any more are given out again: a dossier never waits for an empty chair."""

from __future__ import annotations

import logging
from functools import lru_cache

from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.people.api import UnknownRoleError, people_with_role, successor_of
from workflows.dossiers.api import DISPATCH, Dossier
from workflows.steps.api import Assignment, Situation, assign, rule_of

from .guards import locked_task
from .lock import exclusive
from .standing_in import asked
from .turns import told_by, turn_of

logger = logging.getLogger(__name__)

_OPEN = (STATUS.NEW, STATUS.ASSIGNED)


def rescue_stranded_tasks() -> int:
    """Assign anew every open task whose owner left or lost the role, or whose pool is empty; return how many.

    Safe to run twice and on two machines: each task is looked at again under its lock. One that fails is logged and
    does not keep the others.
    """
    rescued = 0
    for task_id in _candidates():
        try:
            rescued += _rescue(task_id)
        except (
            Exception
        ):  # a version that cannot be read, a rule that breaks: the others are helped all the same
            logger.exception("Task %s cannot be given out again", task_id)
    return rescued


def _candidates() -> list[int]:
    """Return the keys of stranded tasks; one query, and one for each role that open tasks name."""
    holders = lru_cache(maxsize=None)(_holders)
    tasks = Task.objects.filter(flow_task_type="HUMAN", status__in=_OPEN, finished__isnull=True)
    rows = tasks.order_by("pk").values_list("pk", "owner", "owner__is_active", "owner_permission")
    return [
        pk
        for pk, owner, is_active, role in rows.iterator(chunk_size=2000)
        if (owner is not None and not is_active) or _has_no_holder(owner, role, holders(role or ""))
    ]


def _holders(role: str) -> frozenset[int] | None:
    """Return who holds a role; None when the question does not arise (no role, or the administrators')."""
    if role in ("", DISPATCH):
        return None
    try:
        return frozenset(person.pk for person in people_with_role(role))
    except UnknownRoleError:
        return frozenset()


def _has_no_holder(owner: int | None, role: str | None, holders: frozenset[int] | None) -> bool:
    if not role or holders is None:
        return False
    return owner not in holders if owner is not None else not holders


def _rescue(task_id: int) -> int:
    with exclusive():
        task, dossier = locked_task(task_id)
        if task.status not in _OPEN or not _is_stranded(task):
            return 0
        node, before = task.flow_task, task.owner
        with turn_of(dossier, by=None) as turn:
            at = Situation(turn, task.process.coerced, task.token.token)
            found = _successor(task, dossier) or assign(
                rule_of(node.spec, at), node.spec.fallback, at, not_submitter=node.not_submitter
            )
            _give(task, found)
            task.assigned = turn.at if found.user else None
            task.save(update_fields=["owner", "owner_permission", "status", "assigned", "data"])
            turn.keep_state()
            turn.principals |= found.principals()
            turn.notify(
                told_by(found),
                asked(found, task, turn),
                task,
                step=node.spec.title,
            )
            turn.log(
                "task.reassigned",
                task=task.pk,
                step=node.spec.id,
                before=before.username if before else "",
                now=found.user.username if found.user else found.role,
                why=found.why,
            )
    return 1


def _successor(task: Task, dossier: Dossier) -> Assignment | None:
    """Return who follows somebody whose account is closed: the stand-in, then the head; never who may not judge.

    What came from a pool goes back to the pool, and the submitter's own tasks to nobody else by this way.
    """
    before = task.owner
    if before is None or before.is_active or task.owner_permission or before.pk == dossier.submitter_id:
        return None
    unfit = [dossier.submitter_id] if task.flow_task.not_submitter else []
    user = successor_of(before, matter=dossier.type.code, unfit=unfit)
    return Assignment(user=user, why="successor") if user is not None else None


def _is_stranded(task: Task) -> bool:
    if task.owner is not None and not task.owner.is_active:
        return True
    return _has_no_holder(task.owner_id, task.owner_permission, _holders(task.owner_permission or ""))


def _give(task: Task, found: Assignment) -> None:
    task.owner, task.owner_permission = found.user, found.role or None
    task.status = STATUS.ASSIGNED if found.user else STATUS.NEW
    task.data = {key: value for key, value in task.data.items() if key != "tried"} | found.reasons()
