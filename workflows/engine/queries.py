"""What people see of flows: their tasks, one task, and the way of one dossier. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, IntegerField, QuerySet, Subquery
from django.db.models.functions import Cast
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.forms.api import FormSchema, localized
from home.people.api import User
from workflows.definitions.api import DamagedVersionError, Definition, definition_of
from workflows.dossiers.api import Dossier, FlowVersion, principals_of
from workflows.steps.api import REWORK, HumanSpec, Outcome, StepSpec, step_id_of, steps

from .errors import NotVisibleError
from .runtime import may_see

#: A list shows one page; counting stops here ("100+").
PAGE, COUNT_LIMIT = 50, 100
_REWORK = step_id_of(REWORK)


@dataclass(frozen=True)
class TaskRow:
    """One line of an inbox. `mine` tells an assigned task from one to claim."""

    task_id: int
    dossier: Dossier
    step_id: str
    since: datetime
    due_at: datetime | None
    mine: bool

    @property
    def title(self) -> str:
        """The step's title in the reader's language."""
        return step_title(self.dossier.version, self.step_id)


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

    @property
    def is_open(self) -> bool:
        """Whether the task still waits for somebody."""
        return self.task.finished is None


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


def _human_tasks() -> QuerySet[Task]:
    """Return tasks of people without viewflow's references, whose resolution could fail for a damaged version."""
    return (
        Task.objects.filter(flow_task_type="HUMAN")
        .defer("flow_task", "data")
        .annotate(node=Cast("flow_task", CharField()))
    )


def _mine(user: User) -> QuerySet[Task]:
    return _human_tasks().filter(status=STATUS.ASSIGNED, owner=user)


def _pool(user: User) -> QuerySet[Task]:
    return _human_tasks().filter(status=STATUS.NEW, owner_permission__in=principals_of(user))


def my_tasks(user: User, *, limit: int = PAGE, offset: int = 0) -> list[TaskRow]:
    """Return the tasks that `user` has to do, the most urgent first."""
    return _rows(_mine(user), mine=True, limit=limit, offset=offset)


def claimable_tasks(user: User, *, limit: int = PAGE, offset: int = 0) -> list[TaskRow]:
    """Return the tasks that `user` may claim, the most urgent first."""
    return _rows(_pool(user), mine=False, limit=limit, offset=offset)


class _CountOf(Subquery):
    """The number of rows of a sliced query, as part of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def count_tasks(user: User) -> tuple[int, int]:
    """Return how many tasks wait for `user` and how many could be claimed, each at most 100; one query."""
    counts = [_CountOf(tasks.order_by().values("pk")[:COUNT_LIMIT]) for tasks in (_mine(user), _pool(user))]
    mine, pool = User.objects.filter(pk=user.pk).values_list(*counts).first() or (0, 0)
    return mine or 0, pool or 0


def _rows(tasks: QuerySet[Task], *, mine: bool, limit: int, offset: int) -> list[TaskRow]:
    ordered = tasks.order_by(F("scheduled").asc(nulls_last=True), "created", "pk")
    page = list(
        ordered.values("pk", "node", "created", "scheduled", "process__dossierprocess__dossier")[
            offset : offset + limit
        ]
    )
    # A definition is read once per process, not with every row.
    found = Dossier.objects.select_related("type", "submitter", "version").defer("version__definition")
    dossiers = found.in_bulk({row["process__dossierprocess__dossier"] for row in page})
    return [
        TaskRow(
            task_id=row["pk"],
            dossier=dossiers[row["process__dossierprocess__dossier"]],
            step_id=_step_of(row["node"]),
            since=row["created"],
            due_at=row["scheduled"],
            mine=mine,
        )
        for row in page
    ]


def _step_of(reference: str) -> str:
    return step_id_of(reference.rsplit(".", 1)[1])


def step_title(version: FlowVersion, step_id: str) -> str:
    """Return the title of a step in the reader's language; a damaged version shows the id instead of failing."""
    spec = _spec(version, step_id)
    return localized(spec.title) if spec else step_id


def _spec(version: FlowVersion, step_id: str) -> StepSpec | None:
    try:
        return definition_of(version).steps_by_id.get(step_id)
    except DamagedVersionError:
        return None


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
    if not user.is_active or (task.owner_id != user.pk and not may_see(dossier, user)):
        raise NotVisibleError
    return _task_view(task, dossier, user)


def _task_view(task: Any, dossier: Dossier, user: User) -> TaskView:
    spec = task.flow_task.spec
    kind = steps.get(spec.kind)
    holds_role = not task.owner_permission or task.owner_permission in principals_of(user)
    own = task.flow_task.not_submitter and dossier.submitter_id == user.pk
    mine = task.status == STATUS.ASSIGNED and task.owner_id == user.pk
    pooled = task.status == STATUS.NEW and bool(task.owner_permission)
    return TaskView(
        task=task,
        dossier=dossier,
        spec=spec,
        outcomes=kind.outcomes(spec),
        form=definition_of(dossier.version).form_of(spec),
        can_act=holds_role and not own and (mine or pooled),
        can_claim=holds_role and not own and pooled,
        can_release=mine and bool(task.owner_permission),
    )


def open_tasks(dossier: Dossier) -> list[Task]:
    """Return the tasks that a dossier waits for, with their owners: who has it now."""
    tasks = _human_tasks().filter(process__dossierprocess__dossier=dossier, finished__isnull=True)
    return list(tasks.select_related("owner").order_by("created", "pk"))


def way_of(dossier: Dossier) -> Way:
    """Return the flow of a dossier with the state of each step in the round that runs now; one query.

    A resubmission begins a new round: what was decided before it stands in the timeline, not in the picture.

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
    for task in tasks:
        step_id = _step_of(task.node)
        if task.flow_task_type == "JOIN" or task.node.endswith("__route_"):
            continue
        if step_id == _REWORK and task.status == STATUS.DONE:
            states.clear()
        states[step_id] = StepState(
            step_id=step_id,
            state=_state_of(task),
            outcome=task.data.get("outcome", ""),
            owner=task.owner,
            role=task.owner_permission or "",
            since=task.created,
            finished=task.finished,
            due_at=task.scheduled,
        )
    _keep_open(definition.flow.steps, states)
    return Way(definition, states)


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
