"""What people see of flows: their tasks, one task, and the way of one dossier. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from django.db import connection
from django.db.models import CharField, F, IntegerField, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils import timezone
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.forms.api import FormSchema, localized
from home.people.api import User, delegations_to
from workflows.definitions.api import DamagedVersionError, Definition, definition_of
from workflows.dossiers.api import DISPATCH, Dossier, FlowVersion, own_names_of
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
from .guards import may_see, stands_in
from .standing_in import principal_for

#: A list shows one page; counting stops here ("100+").
PAGE, COUNT_LIMIT = 50, 100
_REWORK = step_id_of(REWORK)
#: Steps at which the submitter acts.
_SUBMITTERS = (_REWORK, step_id_of(SUPPLEMENT))


@dataclass(frozen=True)
class TaskRow:
    """One line of an inbox. `mine` tells an assigned task from one to claim."""

    task_id: int
    dossier: Dossier
    step_id: str
    since: datetime
    due_at: datetime | None
    mine: bool
    #: Whose task it is, when the reader stands in for somebody.
    on_behalf_of: User | None = None
    #: Of a task that waits for the dispatchers: which rules found nobody, and why (`key`, `rule`, `why`).
    tried: Sequence[Mapping[str, str]] = ()

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


def _human_tasks() -> QuerySet[Task]:
    """Return tasks of people without viewflow's references, whose resolution could fail for a damaged version."""
    return (
        Task.objects.filter(flow_task_type="HUMAN")
        .defer("flow_task", "data")
        .annotate(node=Cast("flow_task", CharField()))
    )


def _mine(user: User) -> QuerySet[Task]:
    """Return the tasks of `user` and of those for whom `user` stands in today."""
    tasks = _human_tasks().filter(status=STATUS.ASSIGNED)
    given = delegations_to(user)
    if not given:
        return tasks.filter(owner=user)
    found = Q(owner__in=[user.pk, *(row.principal_id for row in given if row.codes is None)])
    for row in given:
        if row.codes is not None:
            found |= Q(
                owner=row.principal_id, process__dossierprocess__dossier__type__code__in=sorted(row.codes)
            )
    return tasks.filter(found)


def _pool(user: User) -> QuerySet[Task]:
    return _human_tasks().filter(status=STATUS.NEW, owner_permission__in=own_names_of(user))


#: The most urgent first, those without a date last.
_URGENCY = (F("scheduled").asc(nulls_last=True), F("created").asc(), F("pk").asc())
_LINE = ("pk", "node", "created", "scheduled", "process__dossierprocess__dossier", "owner")


def _pools(user: User, limit: int) -> QuerySet[Task, Any]:
    """Return the lines of the pools of `user`; of each pool at most the `limit` most urgent ones.

    So each is read in the order of an index, instead of sorting what waits in all of them. SQLite knows no limit for
    the parts of a union: it sorts.
    """
    roles = sorted(own_names_of(user))
    if len(roles) < 2 or not connection.features.supports_slicing_ordering_in_compound:
        return _pool(user).values(*_LINE)
    parts = [_human_tasks().filter(status=STATUS.NEW, owner_permission=role) for role in roles]
    lines = [part.order_by(*_URGENCY).values(*_LINE)[:limit] for part in parts]
    return lines[0].union(*lines[1:], all=True)


def my_tasks(user: User, *, limit: int = PAGE, offset: int = 0) -> list[TaskRow]:
    """Return the tasks that `user` has to do, the most urgent first."""
    principals = {row.principal_id: row.principal for row in delegations_to(user)}
    lines = _mine(user).values(*_LINE)
    return _rows(lines, mine=True, limit=limit, offset=offset, principals=principals)


def claimable_tasks(user: User, *, limit: int = PAGE, offset: int = 0) -> list[TaskRow]:
    """Return the tasks that `user` may claim, the most urgent first."""
    return _rows(_pools(user, offset + limit), mine=False, limit=limit, offset=offset)


def dispatch_queue(user: User, *, limit: int = PAGE, offset: int = 0) -> list[TaskRow]:
    """Return the tasks that nobody else can act on, the most urgent first. Raises `NotVisibleError` for others."""
    if DISPATCH not in own_names_of(user):
        raise NotVisibleError
    tasks = _human_tasks().filter(status=STATUS.NEW, owner_permission=DISPATCH)
    rows = _rows(tasks.values(*_LINE), mine=False, limit=limit, offset=offset)
    data = dict(Task.objects.filter(pk__in=[row.task_id for row in rows]).values_list("pk", "data"))
    return [replace(row, tried=data[row.task_id].get("tried", ())) for row in rows]


class _CountOf(Subquery):
    """The number of rows of a sliced query, as part of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def count_tasks(user: User) -> tuple[int, int]:
    """Return how many tasks wait for `user` and how many could be claimed, each at most 100; one query."""
    counts = [_CountOf(tasks.order_by().values("pk")[:COUNT_LIMIT]) for tasks in (_mine(user), _pool(user))]
    mine, pool = User.objects.filter(pk=user.pk).values_list(*counts).first() or (0, 0)
    return mine or 0, pool or 0


def _rows(
    lines: QuerySet[Task, Any],
    *,
    mine: bool,
    limit: int,
    offset: int,
    principals: Mapping[int, User] | None = None,
) -> list[TaskRow]:
    page = list(lines.order_by(*_URGENCY)[offset : offset + limit])
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
            on_behalf_of=(principals or {}).get(row["owner"]),
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
    principal = None
    if task.status == STATUS.ASSIGNED and not mine:
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
        can_release=mine and bool(task.owner_permission),
        ask=kind.ask(spec, at, user) if can_act else None,
        goals={o.code: goals_of(task, o) for o in outcomes if o.targets} if can_act else {},
        on_behalf_of=principal if can_act else None,
    )


def open_tasks(dossier: Dossier) -> list[Task]:
    """Return the tasks that a dossier waits for, with their owners: who has it now."""
    tasks = _human_tasks().filter(process__dossierprocess__dossier=dossier, finished__isnull=True)
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
        step_id = _step_of(task.node)
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
