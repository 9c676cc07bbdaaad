"""Lists of tasks: what somebody has to do, may claim, or must dispatch. Reads only.

A list is made of *parts*: querysets that have no line in common, each of which an index holds in the order of the list
(one person's tasks, one role's pool). The database reads the beginning of each and merges them, instead of sorting all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import CharField, F, OrderBy, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from home.forms.api import localized
from home.people.api import Delegation, User, delegations_to
from plugins.api.api import PreparedFamily, example_keys, example_words
from workflows.definitions.api import DamagedVersionError, definition_of
from workflows.dossiers.api import DISPATCH, Among, Dossier, DueOrNever, FlowVersion, lines_of, own_names_of
from workflows.steps.api import Outcome, Step, StepSpec, step_id_of, steps

from .errors import NotVisibleError
from .standing_in import acts_for, lent_roles

#: A list shows one page.
PAGE = 50
Parts = Sequence["QuerySet[Task, Any]"]


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
    #: How a task that is done has ended, and when.
    outcome: str = ""
    finished_at: datetime | None = None
    #: Of a task that waits for the dispatchers: which rules found nobody, and why (`key`, `rule`, `why`).
    tried: Sequence[Mapping[str, str]] = ()

    @property
    def title(self) -> str:
        """The step's title in the reader's language."""
        return step_title(self.dossier.version, self.step_id)

    @property
    def is_decision(self) -> bool:
        """Whether the step asks for a yes or a no, instead of data or an acknowledgement."""
        spec = _spec(self.dossier.version, self.step_id)
        return spec is not None and any(one.vote is not None for one in steps.get(spec.kind).outcomes(spec))


def human_tasks() -> QuerySet[Task]:
    """Return tasks of people without viewflow's references, whose resolution could fail for a damaged version."""
    return (
        Task.objects.filter(flow_task_type="HUMAN")
        .defer("flow_task", "data")
        .annotate(node=Cast("flow_task", CharField()))
    )


def own_parts(user: User) -> Parts:
    """Return the tasks of `user`, and of each person for whom `user` stands in today."""
    return parts_of(*asked_of(user))


#: Whose tasks are meant: for each person the number of dossier types, None for all of them.
Shape = tuple[int | None, ...]


def asked_of(user: User) -> tuple[Shape, list[Any]]:
    """Return whose tasks `user` has to do today: the shape of the question, and its values (people, then codes)."""
    matters: dict[int, frozenset[str] | None] = {}
    for row in delegations_to(user):
        known = matters.get(row.principal_id, frozenset())
        matters[row.principal_id] = _either(known, row.codes)
    matters[user.pk] = None
    return _asked_in(matters)


#: Codes of dossier types, None for all of them.
_Matters = Collection[str] | None


def _either(some: _Matters, more: _Matters) -> frozenset[str] | None:
    return None if some is None or more is None else frozenset(some) | frozenset(more)


def _asked_in(matters: Mapping[Any, _Matters]) -> tuple[Shape, list[Any]]:
    """Return the shape and the values (people or roles, then codes) of a question about tasks in these matters."""
    some = {who: codes for who, codes in matters.items() if codes is None or codes}
    shape = tuple(None if codes is None else len(codes) for codes in some.values())
    return shape, [*some, *(code for codes in some.values() for code in sorted(codes or ()))]


def claimable_by(user: User) -> tuple[Shape, list[Any]]:
    """Return from which pools `user` may claim today: the shape of the question, and its values (roles, then codes).

    The pools of those for whom `user` stands in are among them, in the matters of the delegation.
    """
    matters: dict[str, _Matters] = {}
    lent = lent_roles(user)
    for row in delegations_to(user):
        for role in lent.get(row.principal_id, ()):
            matters[role] = _either(matters.get(role, frozenset()), row.codes)
    matters |= dict.fromkeys(own_names_of(user))
    # In an order that depends on their number alone: the SQL is built for few shapes.
    ordered = sorted(matters.items(), key=lambda one: (one[1] is not None, len(one[1] or ()), one[0]))
    return _asked_in(dict(ordered))


def length_of(shape: Shape) -> int:
    """Return how many values a question of this shape has."""
    return len(shape) + sum(number or 0 for number in shape)


def examples_of(shape: Shape, *, after: int = 0) -> list[Any]:
    """Return examples of the values of `asked_of`; `after` as of `example_keys`."""
    types = sum(number or 0 for number in shape)
    return [*example_keys(len(shape), after=after), *example_words(types, "type")]


def parts_of(shape: Shape, values: Sequence[Any]) -> Parts:
    """Return the tasks that `asked_of` asks for."""
    return _narrowed("owner", human_tasks().filter(status=STATUS.ASSIGNED), shape, values)


def _narrowed(column: str, tasks: QuerySet[Task], shape: Shape, values: Sequence[Any]) -> Parts:
    """Return for each person or role of a question their tasks, in the matters that it names."""
    codes = iter(values[len(shape) :])
    return [
        _within(
            tasks.filter(**{column: who}), None if number is None else [next(codes) for _at in range(number)]
        )
        for who, number in zip(values, shape, strict=False)
    ]


def _within(tasks: QuerySet[Task], codes: Sequence[str] | None) -> QuerySet[Task]:
    return tasks if codes is None else tasks.filter(process__dossierprocess__dossier__type__code__in=codes)


def claimable_parts(user: User) -> Parts:
    """Return the tasks in each of the pools of `user`, and of those for whom `user` stands in today."""
    return pools_of(*claimable_by(user))


def pools_of(shape: Shape, values: Sequence[Any]) -> Parts:
    """Return the tasks that `claimable_by` asks for."""
    tasks = human_tasks().filter(status=STATUS.NEW)
    return _narrowed("owner_permission", tasks, shape, values) or [tasks.none()]


def done_parts(user: User) -> Parts:
    """Return the tasks that `user` has decided: their own, and those of others for whom they stood in.

    One query, of all delegations to `user`, those of the past included.
    """
    tasks = human_tasks().filter(status=STATUS.DONE).annotate(outcome=KeyTextTransform("outcome", "data"))
    given = Delegation.objects.filter(delegate=user).values_list("principal").order_by("principal").distinct()
    own = tasks.filter(owner=user).filter(~Q(data__has_key="by") | Q(data__by=user.pk))
    return [own, *(tasks.filter(owner=principal, data__by=user.pk) for (principal,) in given)]


def dispatch_parts(user: User) -> Parts:
    """Return the tasks that nobody else can act on. Raises `NotVisibleError` for all but the dispatchers."""
    if DISPATCH not in own_names_of(user):
        raise NotVisibleError
    return pools_of((None,), [DISPATCH])


#: The most urgent first, those without a date last. Migration 0006 holds an index for each kind of part.
URGENCY: Mapping[str, Any] = {"due": DueOrNever("scheduled")}
#: What `rows_of` needs of a line.
LINE = ("pk", "node", "created", "scheduled", "process__dossierprocess__dossier", "owner", "owner_permission")


def merged(
    parts: Parts, keys: Mapping[str, Any], *, columns: Sequence[str], limit: int, falls: bool = False
) -> QuerySet[Task, Any]:
    """Return the first `limit` lines of all parts, sorted by `keys` (name → expression), then by primary key.

    The lines are dicts of `columns` (`pk` is always one of them) and `keys`. SQLite knows no limit for the parts of a
    union: there the parts become one list, which it sorts.
    """
    sorting = [OrderBy(F(name), descending=falls) for name in (*keys, "pk")]
    lines = [part.annotate(**keys).order_by().values(*keys, *columns) for part in parts]
    if len(lines) > 1 and connection.features.supports_slicing_ordering_in_compound:
        lines = [line.order_by(*sorting)[:limit] for line in lines]
    whole = lines[0].union(*lines[1:], all=True) if len(lines) > 1 else lines[0]
    return whole.order_by(*sorting)[:limit]


def my_tasks(user: User, *, limit: int = PAGE) -> list[TaskRow]:
    """Return the first tasks that `user` has to do, the most urgent first. Two queries.

    Every home page asks this: SQL is built once for everybody who stands in for as many people.
    """
    shape, values = asked_of(user)
    columns = (*URGENCY, *LINE)
    rows = _firsts.of(shape, limit).rows(*values)
    return rows_of([dict(zip(columns, row, strict=True)) for row in rows], user)


def _first(shape: Shape, limit: int, *values: Any) -> QuerySet[Task, Any]:
    return merged(parts_of(shape, values), URGENCY, columns=LINE, limit=limit)


_firsts: PreparedFamily[Task] = PreparedFamily(_first, lambda shape, _limit: examples_of(shape))


def claimable_tasks(user: User, *, limit: int = PAGE) -> list[TaskRow]:
    """Return the first tasks that `user` may claim, the most urgent first. Two queries."""
    return rows_of(merged(claimable_parts(user), URGENCY, columns=LINE, limit=limit), user)


def dispatch_queue(user: User, *, limit: int = PAGE) -> list[TaskRow]:
    """Return the first tasks that nobody else can act on, the most urgent first, with the reason.

    Three queries. Raises `NotVisibleError` for all but the dispatchers.
    """
    return with_reasons(rows_of(merged(dispatch_parts(user), URGENCY, columns=LINE, limit=limit), user))


def with_reasons(rows: Sequence[TaskRow]) -> list[TaskRow]:
    """Return the rows with the rules that found nobody. One query."""
    data = dict(Task.objects.filter(pk__in=[row.task_id for row in rows]).values_list("pk", "data"))
    return [replace(row, tried=data[row.task_id].get("tried", ())) for row in rows]


def rows_of(lines: Iterable[Mapping[str, Any]], user: User, *, among: Among | None = None) -> list[TaskRow]:
    """Return what a page shows of these lines (dicts of `LINE`), in their order. One query besides that of the lines.

    A definition is read once per process, not with every row. `among` returns the dossiers with what the caller has
    annotated for the primary key of a reader: a function of a module, as SQL is built once for each.
    """
    page = list(lines)
    keys = {row["process__dossierprocess__dossier"] for row in page}
    dossiers = lines_of(keys, reader=user.pk, among=among)
    return [
        TaskRow(
            task_id=row["pk"],
            dossier=dossiers[row["process__dossierprocess__dossier"]],
            step_id=step_of(row["node"]),
            since=row["created"],
            due_at=row["scheduled"],
            mine=row["owner"] is not None,
            on_behalf_of=acts_for(
                user,
                row["owner"],
                row["owner_permission"] or "",
                dossiers[row["process__dossierprocess__dossier"]].type.code,
            ),
            outcome=row.get("outcome") or "",
            finished_at=row.get("finished"),
        )
        for row in page
    ]


def plain_outcomes(row: TaskRow) -> Sequence[Outcome]:
    """Return the outcomes of a step that asks nothing but a note; none for a step that asks more. No query."""
    spec = _spec(row.dossier.version, row.step_id)
    if spec is None:
        return ()
    kind = steps.get(spec.kind)
    asks = definition_of(row.dossier.version).form_of(spec) is not None or type(kind).ask is not Step.ask
    return () if asks else kind.outcomes(spec)


def step_of(reference: str) -> str:
    """Return the id of the step in viewflow's reference to a node."""
    return step_id_of(reference.rsplit(".", 1)[1])


def step_title(version: FlowVersion, step_id: str) -> str:
    """Return the title of a step in the reader's language.

    Of a version that cannot be read it is the id of the step, and lists say so instead of failing.
    """
    try:
        spec = definition_of(version).steps_by_id.get(step_id)
    except DamagedVersionError:
        return _("%(step)s (the definition cannot be read)") % {"step": step_id}
    return localized(spec.title) if spec else step_id


def _spec(version: FlowVersion, step_id: str) -> StepSpec | None:
    try:
        return definition_of(version).steps_by_id.get(step_id)
    except DamagedVersionError:
        return None
