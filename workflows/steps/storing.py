"""How the rows of a running flow are written: only the columns that an act changes, by SQL that is built once.

viewflow saves whole rows, and an own process is two of them. Every task is held under the lock of its process and was
read under it, so nobody else can have changed the other columns.
"""

from __future__ import annotations

from typing import Any

from django.utils.timezone import now
from viewflow.workflow.activation import Activation
from viewflow.workflow.fields import get_task_ref
from viewflow.workflow.models import Process, Task
from viewflow.workflow.signals import task_finished
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from plugins.api.api import EXAMPLE_KEY, Prepared, PreparedInsert, PreparedUpdate

_new_task = PreparedInsert(Task)
_new_edge = PreparedInsert(Task.previous.through, ignore_conflicts=True)
_state = PreparedUpdate(Task, "status", "owner", "assigned", "started", "finished", "scheduled", "data")
_data = PreparedUpdate(Process, "data")
_end = PreparedUpdate(Process, "status", "finished")

_unfinished = Prepared(
    lambda process: (
        Task.objects.filter(process=process)
        .exclude(status__in=(STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED))
        .select_related("owner")
        .order_by("pk")
    ),
    EXAMPLE_KEY,
    write=True,
    keyed=True,
)
_open_joins = Prepared(
    lambda process, node, token: Task.objects.filter(
        process=process,
        flow_task=node,
        token=Token(token),
        status__in=(STATUS.NEW, STATUS.STARTED),
    ).order_by("pk"),
    EXAMPLE_KEY,
    "example/node",
    "example token",
    write=True,
    keyed=True,
)
_arrivals = Prepared(
    lambda join: Task.objects.filter(leading=join).only("token", "status").order_by("pk"),
    EXAMPLE_KEY,
    write=True,
    keyed=True,
)


def new_task(task: Any, *, after: Any) -> None:
    """Store a task that follows upon the task `after`; two queries."""
    task.flow_task_type = task.flow_task.task_type
    _new_task.one(task)
    follow(task, after)


def follow(task: Any, after: Any) -> None:
    """Note that a stored task follows upon another one."""
    _new_edge.one(Task.previous.through(from_task_id=task.pk, to_task_id=after.pk))


def keep_task(task: Any) -> None:
    """Write how a task stands: state, owner, moments and data."""
    if task.pk is None:
        task.flow_task_type = task.flow_task.task_type
        _new_task.one(task)
    else:
        _state.save(task)


def keep_data(process: Any) -> None:
    """Write the data of a process."""
    _data.save(process)


def keep_end(process: Any) -> None:
    """Write that a process has ended, and how."""
    _end.save(process)


def unfinished(process: Any) -> list[Any]:
    """Return the open tasks of a process, with their owners; one query."""
    found = _unfinished.all(process.pk)
    for task in found:
        task.process = process
    return found


def open_join(process: Any, node: Any, token: Token, split: int) -> Any:
    """Return the task of a join that waits for the branches of one split, or None; one query."""
    found = _open_joins.all(process.pk, get_task_ref(node), token.token)
    return next((task for task in found if task.data.get("split") == split), None)


def arrived_at(join: Any) -> list[Any]:
    """Return the tasks that a join follows upon, with token and state alone; one query."""
    return _arrivals.all(join.pk)


class Kept(Activation):
    """Writes its task by the functions above. It stands behind viewflow's own activation in the bases of a class."""

    #: The task that this one follows upon, where that is known from the same act.
    before: Any = None

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Activation, token: Any, data: Any = None, seed: Any = None
    ) -> Kept:
        """Store a new task of a node."""
        process = prev_activation.process
        task = Task(process=process, flow_task=flow_task, token=token, data=data or {})
        new_task(task, after=prev_activation.task)
        found = cls(task)
        found.before = prev_activation.task
        return found

    @Activation.status.super()
    def complete(self) -> None:
        """Close the task."""
        self.task.finished = now()
        keep_task(self.task)
        task_finished.send(sender=self.flow_class, process=self.process, task=self.task)
