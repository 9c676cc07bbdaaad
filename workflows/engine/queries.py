"""What people see of flows: one task, and the way of one dossier. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import timezone
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.forms.api import FormSchema
from home.people.api import User
from workflows.definitions.api import Definition, definition_of
from workflows.dossiers.api import Dossier, own_names_of
from workflows.steps.api import (
    REWORK,
    SUPPLEMENT,
    HumanSpec,
    Outcome,
    Path,
    Situation,
    StepSpec,
    Turn,
    block_paths,
    step_id_of,
    steps,
    walk,
)

from .errors import NotVisibleError
from .goals import goals_of
from .guards import lender_of, may_see, stands_in
from .standing_in import principal_for
from .task_lists import human_tasks, step_of

_REWORK = step_id_of(REWORK)
#: Steps at which the submitter acts.
_SUBMITTERS = (_REWORK, step_id_of(SUPPLEMENT))


@dataclass(frozen=True)
class TaskView:
    """One task as its page shows it; `can_act` and `can_claim` hold for the person who asked."""

    task: Task
    dossier: Dossier
    spec: HumanSpec
    outcomes: Sequence[Outcome]
    form: FormSchema | None
    can_act: bool
    can_claim: bool
    can_release: bool
    #: What the kind of step asks beside the note, of who may act.
    ask: FormSchema | None = None
    #: By outcome: the steps that it may go back to, the submitter first.
    goals: Mapping[str, Sequence[StepSpec]] = field(default_factory=dict)
    #: For whom the reader stands in here, if anybody.
    on_behalf_of: User | None = None

    @property
    def is_open(self) -> bool:
        """Whether the task still waits for somebody."""
        return self.task.finished is None

    @property
    def is_submitters(self) -> bool:
        """Whether the submitter acts here, on their own dossier: a completion or a supplement."""
        return self.spec.id in _SUBMITTERS


@dataclass(frozen=True)
class StepState:
    """How far one step has come: `waiting`, `open`, `done`, `cancelled`; of several rounds the newest counts."""

    step_id: str
    state: str
    outcome: str = ""
    owner: User | None = None
    role: str = ""
    since: datetime | None = None
    finished: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Way:
    """A dossier's flow with the state of every step."""

    definition: Definition
    states: dict[str, StepState] = field(default_factory=dict)


def view_task(task_id: int, user: User) -> TaskView:
    """Return one task as `user` may see it. Raises `NotVisibleError` as if it did not exist."""
    task = (
        Task.objects.filter(pk=task_id, flow_task_type="HUMAN")
        .select_related(
            "owner",
            "process__dossierprocess__dossier__type",
            "process__dossierprocess__dossier__version",
            "process__dossierprocess__dossier__submitter",
            "process__dossierprocess__dossier__department",
        )
        .first()
    )
    if task is None:
        raise NotVisibleError
    dossier = task.process.dossierprocess.dossier
    if not user.is_active or not (
        task.owner_id == user.pk or may_see(dossier, user) or stands_in(task, user)
    ):
        raise NotVisibleError
    return _task_view(task, dossier, user)


def _task_view(task: Any, dossier: Dossier, user: User) -> TaskView:
    spec = task.flow_task.spec
    kind = steps.get(spec.kind)
    holds_role = not task.owner_permission or task.owner_permission in own_names_of(user)
    own = task.flow_task.not_submitter and dossier.submitter_id == user.pk
    mine = task.status == STATUS.ASSIGNED and task.owner_id == user.pk
    lender = lender_of(task, dossier, user)
    principal = lender.principal if lender is not None else None
    if principal is not None:
        holds_role = True
        own = own or (task.flow_task.not_submitter and dossier.submitter_id == principal.pk)
    elif task.status == STATUS.ASSIGNED and not mine:
        principal = principal_for(user, task.owner, dossier.type.code)
        holds_role = principal is not None
        own = own or (task.flow_task.not_submitter and dossier.submitter_id == task.owner_id)
    pooled = task.status == STATUS.NEW and bool(task.owner_permission)
    # While the clock stands still nobody decides, but for the submitter who hands in what was asked for.
    runs = not dossier.is_paused or spec.id == step_id_of(SUPPLEMENT)
    can_act = holds_role and not own and runs and (mine or pooled or principal is not None)
    outcomes = kind.outcomes(spec)
    at = Situation(Turn(dossier, user, timezone.now()), task.process, task.token.token)
    return TaskView(
        task=task,
        dossier=dossier,
        spec=spec,
        outcomes=outcomes,
        form=definition_of(dossier.version).form_of(spec),
        can_act=can_act,
        can_claim=holds_role and not own and pooled,
        can_release=(mine or principal is not None)
        and task.owner_id is not None
        and bool(task.owner_permission),
        ask=kind.ask(spec, at, user) if can_act else None,
        goals={o.code: goals_of(task, o) for o in outcomes if o.targets} if can_act else {},
        on_behalf_of=principal if can_act else None,
    )


def open_tasks(dossier: Dossier) -> list[Task]:
    """Return the tasks that a dossier waits for, with their owners: who has it now."""
    tasks = human_tasks().filter(process__dossierprocess__dossier=dossier, finished__isnull=True)
    return list(tasks.select_related("owner").order_by("created", "pk"))


def way_of(dossier: Dossier) -> Way:
    """Return the flow of a dossier with the state of each step in the round that runs now; one query.

    A resubmission begins a new round, and so does a return for the steps that it has run once more: what was decided
    before stands in the timeline, not in the picture.

    Raises `DamagedVersionError` when the definition cannot be read.
    """
    definition = definition_of(dossier.version)
    tasks = (
        Task.objects.filter(process__dossierprocess__dossier=dossier)
        .defer("flow_task")
        .annotate(node=Cast("flow_task", CharField()))
        .select_related("owner")
        .order_by("pk")
    )
    states: dict[str, StepState] = {}
    again: dict[str, set[str]] = {}
    straight_back = False
    for task in tasks:
        step_id = step_of(task.node)
        if task.flow_task_type == "JOIN" or task.node.endswith("__route_"):
            continue
        for stale in again.pop(step_id, ()):
            states.pop(stale, None)
        if step_id == _REWORK and task.status == STATUS.DONE:
            if not straight_back:
                states.clear()
            straight_back = False
        states[step_id] = _state(step_id, task)
        if target := task.data.get("to"):
            straight_back = target == _REWORK and _comes_straight_back(definition, step_id)
            again[_entry(definition, step_id, target)] = _run_again(definition, step_id, target)
    _keep_open(definition.flow.steps, states)
    return Way(definition, states)


def _state(step_id: str, task: Any) -> StepState:
    return StepState(
        step_id=step_id,
        state=_state_of(task),
        # A wait notes how it ended in a code of its own, which nobody chose.
        outcome=task.data.get("outcome", "") if task.flow_task_type == "HUMAN" else "",
        owner=task.owner,
        role=task.owner_permission or "",
        since=task.created,
        finished=task.finished,
        due_at=task.scheduled,
    )


def _comes_straight_back(definition: Definition, step_id: str) -> bool:
    return getattr(definition.steps_by_id.get(step_id), "after_return", "again") == "back"


def _shared(definition: Definition, step_id: str, target: str) -> Path:
    """Return the branches of parallel blocks in which two steps lie together."""
    paths = block_paths(definition.flow.steps)
    pairs = takewhile(
        lambda pair: pair[0] == pair[1], zip(paths.get(step_id, ()), paths.get(target, ()), strict=False)
    )
    return tuple(one for one, _other in pairs)


def _entry(definition: Definition, step_id: str, target: str) -> str:
    """Return where a return enters: the target, or the outermost block around it, which begins anew."""
    there = block_paths(definition.flow.steps).get(target, ())
    inside = there[len(_shared(definition, step_id, target)) :]
    return inside[0][0] if inside else target


def _run_again(definition: Definition, step_id: str, target: str) -> set[str]:
    """Return the steps that a return from `step_id` to `target` leaves to be run once more.

    Those at or after the place of entry; of a parallel block that holds both, only those in the same branch.
    """
    specs, paths = definition.flow.steps, block_paths(definition.flow.steps)
    shared, entry = _shared(definition, step_id, target), _entry(definition, step_id, target)
    order = [spec.id for spec, _place, _depth in walk(specs)]
    if entry not in order:
        return set()
    if _comes_straight_back(definition, step_id):
        return {entry} | {one for one in order if any(block == entry for block, _number in paths[one])}
    return {one for one in order[order.index(entry) :] if paths[one][: len(shared)] == shared}


def _keep_open(specs: Sequence[StepSpec], states: dict[str, StepState]) -> bool:
    """Show a parallel block as open while one of its branches is; return whether any of the steps is open."""
    found = False
    for spec in specs:
        kind = steps.get(spec.kind)
        inside = [_keep_open(branch.steps, states) for branch in kind.branches(spec)]
        if any(inside) and kind.parallel and spec.id in states:
            states[spec.id] = replace(states[spec.id], state="open", finished=None)
        found = found or any(inside) or (spec.id in states and states[spec.id].state == "open")
    return found


def _state_of(task: Task) -> str:
    if task.status in (STATUS.DONE, STATUS.CANCELED):
        return {STATUS.DONE: "done", STATUS.CANCELED: "cancelled"}[task.status]
    return "open"
