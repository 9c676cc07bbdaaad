"""A node at which a dossier waits without anybody being asked: for a date, an answer, or other dossiers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from viewflow import this
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge, Node
from viewflow.workflow.status import STATUS

from .nodes import Plain, close_task
from .situation import Situation
from .turn import current_turn

#: How a wait that is not over is kept open: with an end by the clock, or without.
WAITING = (STATUS.SCHEDULED, STATUS.STARTED)


@dataclass(frozen=True)
class Awaited:
    """What a wait says when it is asked: `outcome` when it is over, else until when (None: no end by the clock).

    `at_end` is the outcome that the end by the clock has. `counted` tells an end that was counted in working time,
    which pauses move, from a date.
    """

    outcome: str = ""
    until: datetime | None = None
    at_end: str = "over"
    counted: bool = False


#: Asks a wait how it stands; the second argument is its task.
Look = Callable[[Situation, Any], Awaited]


def _is_over(activation: WaitActivation) -> bool:
    return bool(activation.task.data.get("outcome"))


class WaitActivation(Activation):
    """A task of nobody. It ends when its node says so: at once, by the clock, or when it is looked at again."""

    type: str = "wait"

    @Activation.status.transition(source=STATUS.NEW)
    def activate(self) -> None:
        """Begin to wait, unless what is waited for is there already."""
        self.task.started = timezone.now()
        self.task.status = STATUS.STARTED
        self.task.save()
        self.flow_task.begin(self)
        self.look()
        if not _is_over(self):
            current_turn().waiting.append(self.task)

    def look(self) -> bool:
        """Ask the node how it stands, keep the answer, and return whether the wait is over."""
        found = self.flow_task.look(Situation.of(self), self.task)
        if found.outcome:
            self.task.data["outcome"] = found.outcome
        if found.outcome or found.until is None:
            self.task.scheduled = None
            self.task.status = STATUS.STARTED
        else:
            self.task.scheduled = found.until
            self.task.status = STATUS.SCHEDULED
            self.task.data |= {"at_end": found.at_end, "counted": found.counted}
        self.task.save()
        return bool(found.outcome)

    @Activation.status.transition(source=list(WAITING), target=STATUS.DONE, conditions=[_is_over])
    def complete(self) -> None:
        """Close the task."""
        super().complete.original()

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Activation]:
        """Follow the edge of the outcome."""
        yield self.flow_task.target(self.task.data["outcome"])._create(self, self.task.token)

    @Activation.status.transition(source=[STATUS.NEW, *WAITING], target=STATUS.CANCELED)
    def cancel(self) -> None:
        """Close the task without an outcome."""
        close_task(self.task)
        self.flow_task.abandon(self)


class Wait(Plain, Node):
    """Waits until `look` gives an outcome (BPMN intermediate catch event). Each outcome is an edge.

    `begin` is called once when the wait begins, `abandon` when it is closed without an outcome.
    """

    activation_class = WaitActivation
    task_type = "WAIT"
    bpmn_element = "intermediateCatchEvent"

    def __init__(
        self,
        look: Look,
        *,
        begin: Callable[[Activation], None] | None = None,
        abandon: Callable[[Activation], None] | None = None,
    ) -> None:
        super().__init__()
        self.look = look
        self._begin, self._abandon = begin, abandon
        self._targets: dict[str, Any] = {}

    def on(self, outcome: str, node: Any) -> Wait:
        """Lead an outcome to a node; an outcome that was not named follows `over`."""
        self._targets[outcome] = node
        return self

    def target(self, outcome: str) -> Any:
        """Return the node that an outcome leads to."""
        return self._targets.get(outcome, self._targets["over"])

    def begin(self, activation: Activation) -> None:
        """Do what the wait begins with."""
        if self._begin is not None:
            self._begin(activation)

    def abandon(self, activation: Activation) -> None:
        """Do what follows when nobody waits any more."""
        if self._abandon is not None:
            self._abandon(activation)

    def _resolve(self, instance: Any) -> None:
        self._targets = {code: this.resolve(instance, node) for code, node in self._targets.items()}

    def _outgoing(self) -> Iterator[Edge]:
        for outcome, node in self._targets.items():
            yield Edge(src=self, dst=node, edge_class="next", label=outcome)


def open_waits(process: Any) -> list[WaitActivation]:
    """Return the waits of a process that are not over; one query."""
    tasks = process.task_set.filter(flow_task_type="WAIT", status__in=WAITING, finished__isnull=True)
    found = []
    for task in tasks.order_by("pk"):
        task.process = process
        found.append(task.flow_task.activation_class(task))
    return found


def go_on(activation: WaitActivation) -> None:
    """End a wait that is over and let the flow go on, within the turn that runs."""
    current_turn().decided.append(activation.task)
    activation.complete()
    activation.activate_next()


def wake_changed(process: Any) -> bool:
    """Ask every open wait of a process again, let those go on that are over, and return whether any did.

    Those that have gone on may have changed answers or closed others, so that each is read anew.
    """
    woken = False
    while (ready := next((wait for wait in open_waits(process) if wait.look()), None)) is not None:
        go_on(ready)
        woken = True
    return woken
