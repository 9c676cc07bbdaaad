"""Our viewflow nodes: who acts is data, texts are never templates, and every act is told to the turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch
from django.utils import timezone
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge
from viewflow.workflow.nodes.end import EndActivation
from viewflow.workflow.nodes.join import JoinActivation
from viewflow.workflow.nodes.start import StartHandleActivation
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.status import STATUS

from home.worktime.api import add_working_days

from .spec import HumanSpec, StepSpec
from .turn import Turn, current_turn
from .votes import cast, split_of
from .who import assign

#: viewflow compiles `task_title` as a Django template unless a node has one of its own (models.py, `brief`).
_SUMMARY = "{{ flow_task.name }}"


class Plain:
    """What all our nodes share: no addresses of their own, and constant templates."""

    spec: StepSpec | None = None
    task_summary_template = _SUMMARY
    task_result_template = _SUMMARY

    def reverse(self, viewname: str, args: Any = None, kwargs: Any = None, current_app: Any = None) -> str:
        """Refuse: tasks are reached through one dispatcher in `workflows.inbox`, by their key alone."""
        raise NoReverseMatch(viewname)


class Start(Plain, flow.StartHandle):
    """The beginning; `engine.start()` runs it."""

    activation_class = StartHandleActivation


class HumanActivation(ViewActivation):
    """A task of a person. Who gets it is resolved when it is created."""

    @classmethod
    def create(
        cls, flow_task: Human, prev_activation: Activation, token: Any, data: Any = None, seed: Any = None
    ) -> HumanActivation:
        """Create the task, already assigned to a person or open to a role."""
        turn = current_turn()
        spec = flow_task.spec
        assignment = assign(spec.who, spec.fallback, turn, not_submitter=flow_task.not_submitter)
        task = flow_task.flow_class.task_class(
            process=prev_activation.process, flow_task=flow_task, token=token, data={"why": assignment.why}
        )
        # viewflow uses `scheduled` for timers only; on a human task it is when the step is due.
        task.scheduled = _due(spec, turn)
        if assignment.user is not None:
            task.owner, task.status, task.assigned = assignment.user, STATUS.ASSIGNED, timezone.now()
        else:
            task.owner_permission = assignment.role
        task.save()
        task.previous.add(prev_activation.task)
        turn.opened.append((task, spec, assignment))
        return cls(task)

    @Activation.status.super()
    def complete(self) -> None:
        """Close the task; inside a parallel block the outcome counts as its branch's vote."""
        vote = self.flow_task.votes.get(self.task.data["outcome"])
        if vote is not None:
            cast(self.process, self.task.token, vote)
        super().complete.original()

    @Activation.status.super()
    def create_next(self) -> Iterator[Activation]:
        """Follow the edge of the outcome."""
        yield self.flow_task.target(self.task.data["outcome"])._create(self, self.task.token)

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.CANCELED)
    def cancel(self) -> None:
        """Close the task without a decision."""
        self.task.finished = timezone.now()
        self.task.save()
        current_turn().cancelled.append(self.task)


def _due(spec: HumanSpec, turn: Turn) -> datetime | None:
    """Return when the step is due: by its own working days, else with the dossier."""
    if spec.days is None:
        return turn.dossier.due_at
    return add_working_days(turn.at, spec.days, department=turn.dossier.department)


class Human(Plain, flow.View):
    """A user task with labelled outcomes, each an edge of its own (BPMN user task and the gateway behind it)."""

    activation_class = HumanActivation
    spec: HumanSpec

    def __init__(self, *, not_submitter: bool = False) -> None:
        super().__init__(None)
        self.not_submitter = not_submitter
        self.votes: dict[str, bool | None] = {}
        self._targets: dict[str, tuple[Any, str]] = {}

    def on(self, outcome: str, node: Any, label: str, *, vote: bool | None = None) -> Human:
        """Lead an outcome to a node, and say how it counts in a parallel block."""
        self._targets[outcome] = (node, label)
        self.votes[outcome] = vote
        return self

    def target(self, outcome: str) -> Any:
        """Return the node that an outcome leads to. Raises KeyError for an outcome that the step does not have."""
        return self._targets[outcome][0]

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self._targets = {
            code: (this.resolve(instance, node), label) for code, (node, label) in self._targets.items()
        }

    def _outgoing(self) -> Iterator[Edge]:
        for node, label in self._targets.values():
            yield Edge(src=self, dst=node, edge_class="next", label=label)


class Choice(Plain, flow.Switch):
    """Takes the first branch whose condition holds (BPMN exclusive gateway)."""


class Split(Plain, flow.Split):
    """Opens the branches of a parallel block (BPMN parallel gateway)."""


class GatherActivation(JoinActivation):
    """A join that remembers which split it belongs to, and so which votes count."""

    @classmethod
    def create(
        cls, flow_task: Join, prev_activation: Activation, token: Any, data: Any = None, seed: Any = None
    ) -> GatherActivation:
        """Find or create the task of this round."""
        return super().create(flow_task, prev_activation, token, data={"split": split_of(token)})


class Join(Plain, flow.Join):
    """Waits for the branches of a parallel block, as its rule says (BPMN complex gateway)."""

    activation_class = GatherActivation


class Act(Plain, flow.Function):
    """Does something at once and goes on (BPMN service task)."""

    def __init__(self, func: Callable[[Activation], None]) -> None:
        super().__init__(func)


class ClosingActivation(EndActivation):
    """Ends the process and says which state the dossier takes."""

    @Activation.status.super()
    def activate(self) -> None:
        """Finish the process."""
        super().activate.original()
        current_turn().state = self.flow_task.state


class End(Plain, flow.End):
    """An end of the flow; `state` is what the dossier becomes (BPMN end event)."""

    activation_class = ClosingActivation

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state
