"""Our viewflow nodes: who acts is data, texts are never templates, and every act is told to the turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.urls import NoReverseMatch
from django.utils import timezone
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge
from viewflow.workflow.exceptions import FlowRuntimeError
from viewflow.workflow.nodes.end import EndActivation
from viewflow.workflow.nodes.func import FunctionActivation
from viewflow.workflow.nodes.join import JoinActivation
from viewflow.workflow.nodes.split import SplitActivation
from viewflow.workflow.nodes.start import StartHandleActivation
from viewflow.workflow.nodes.switch import SwitchActivation
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.signals import flow_finished, task_finished, task_started
from viewflow.workflow.status import PROCESS, STATUS

from .due import due_of
from .instructed import earliest, instructed_due
from .jumps import leap, take_way_back
from .rounds import (
    Round,
    branch_token,
    branches_of,
    cast,
    forget_arrivals,
    has_arrivals,
    round_of,
    save_round,
    split_of,
)
from .situation import Situation
from .spec import HumanSpec, StepSpec
from .storing import Kept, follow, keep_end, keep_task, new_task, open_join, unfinished
from .taking_part import rule_of
from .turn import current_turn
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


class BeginActivation(StartHandleActivation, Kept):
    """Begins the process."""


class Start(Plain, flow.StartHandle):
    """The beginning; `engine.start()` runs it."""

    activation_class = BeginActivation


def close_task(task: Any) -> None:
    """Close a task without a decision, with the reason of the turn."""
    turn = current_turn()
    task.finished = timezone.now()
    task.data["closed"] = turn.closing
    keep_task(task)
    turn.cancelled.append(task)


class HumanActivation(ViewActivation, Kept):
    """A task of a person. Who gets it is resolved when it is created."""

    @classmethod
    def create(
        cls, flow_task: Human, prev_activation: Activation, token: Any, data: Any = None, seed: Any = None
    ) -> HumanActivation:
        """Create the task, already assigned to a person or open to a role."""
        turn = current_turn()
        spec = flow_task.spec
        at = Situation(turn, prev_activation.process, token.token)
        assignment = assign(rule_of(spec, at), spec.fallback, at, not_submitter=flow_task.not_submitter)
        task = flow_task.flow_class.task_class(
            process=prev_activation.process, flow_task=flow_task, token=token, data=assignment.reasons()
        )
        # viewflow uses `scheduled` for timers only; on a human task it is when the step is due.
        task.scheduled = earliest(due_of(spec, turn, assignment), instructed_due(spec, at))
        if assignment.user is not None:
            task.owner, task.status, task.assigned = assignment.user, STATUS.ASSIGNED, timezone.now()
        else:
            task.owner_permission = assignment.role
        new_task(task, after=prev_activation.task)
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
        """Go back to the step that the decision names, else follow the edge of the outcome."""
        target = self.task.data.get("to") or take_way_back(self)
        if target:
            yield leap(self, target)
            return
        node = self.flow_task.target(self.task.data["outcome"])
        if node is not None:
            yield node._create(self, self.task.token)

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.CANCELED)
    def cancel(self) -> None:
        """Close the task without a decision."""
        close_task(self.task)


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
        """Lead an outcome to a node (None: nowhere), and say how it counts in a parallel block."""
        self._targets[outcome] = (node, label)
        self.votes[outcome] = vote
        return self

    def target(self, outcome: str) -> Any:
        """Return the node that an outcome leads to. Raises KeyError for an outcome that the step does not have."""
        return self._targets[outcome][0]

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self._targets = {
            code: (this.resolve(instance, node) if node is not None else None, label)
            for code, (node, label) in self._targets.items()
        }

    def _outgoing(self) -> Iterator[Edge]:
        for node, label in self._targets.values():
            if node is not None:
                yield Edge(src=self, dst=node, edge_class="next", label=label)


class ChoiceActivation(SwitchActivation, Kept):
    """Finds the branch. What fails ends the whole act, so that it needs no savepoint of its own."""

    @Activation.status.super()
    def activate(self) -> None:
        """Take the first branch whose condition holds, else the last one without a condition."""
        for node, holds in self.flow_task._branches:
            if holds is None:
                self.next_task = node
            elif holds(self):
                self.next_task = node
                return
        if self.next_task is None:
            raise FlowRuntimeError(f"No branch of {self.flow_task.name} can be taken.")


class Choice(Plain, flow.Switch):
    """Takes the first branch whose condition holds (BPMN exclusive gateway)."""

    activation_class = ChoiceActivation


class Opening(NamedTuple):
    """The round that a split begins with, and whether it must be stored."""

    round: Round
    keep: bool


class OpenActivation(SplitActivation, Kept):
    """Opens the branches of one round."""

    @Activation.status.super()
    def activate(self) -> None:
        """Say for whom the branches run; a round that differs from the definition is stored."""
        self.round, keep = self.flow_task.opening(Situation.of(self), self.task.pk)
        if keep:
            save_round(self.process, self.round)

    @Activation.status.super()
    def create_next(self) -> Iterator[Activation]:
        """Begin the branches, or go straight on when there is nobody to ask."""
        if not self.round.count:
            yield self.flow_task.behind._create(self, self.task.token)
        for number in range(1, self.round.count + 1):
            yield self.begin(number)

    def begin(self, number: int, *, like: int = 0) -> Activation:
        """Begin one branch, with the steps of its own place in the definition or of another branch (`like`)."""
        token = branch_token(self.task.token.token, self.task.pk, number)
        return self.flow_task.entry(like or number)._create(self, token)


class Split(Plain, flow.Split):
    """Opens the branches of a parallel block (BPMN parallel gateway; multi-instance with `opening`)."""

    activation_class = OpenActivation

    def __init__(
        self, opening: Callable[[Situation, int], Round] | None = None, *, behind: Any = None
    ) -> None:
        super().__init__()
        self._opening = opening
        self._behind = behind

    def opening(self, at: Situation, split: int) -> Opening:
        """Return the round to begin, and whether it must be kept."""
        if self._opening is None:
            return Opening(Round(split, count=len(self._branches)), keep=False)
        return Opening(self._opening(at, split), keep=True)

    def entry(self, number: int) -> Any:
        """Return the node at which a branch begins; with `opening`, branches beyond the last share its node."""
        return self._branches[min(number, len(self._branches)) - 1][0]

    @property
    def behind(self) -> Any:
        """The node that follows when nobody is asked."""
        return self._behind

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self._behind = this.resolve(instance, self._behind) if self._behind is not None else None


class GatherActivation(JoinActivation, Kept):
    """A join of one round: it knows its split, opens the branches whose turn it is, and says why it closes others."""

    #: Whether another arrival has passed the join while this one opened further branches.
    overtaken = False
    _verdict: tuple[bool | None] | None = None

    def verdict(self) -> bool | None:
        """Return whether the round is won, lost or open; asked once for each arrival."""
        if self._verdict is None:
            self._verdict = (self.flow_task.verdict(self),)
        return self._verdict[0]

    @classmethod
    def create(
        cls, flow_task: Join, prev_activation: Activation, token: Any, data: Any = None, seed: Any = None
    ) -> GatherActivation:
        """Find or create the task of this round: the same node may gather for several outer branches at once."""
        split, base = split_of(token), token.get_base_split_token()
        process = prev_activation.process
        task = open_join(process, flow_task, base, split)
        if task is None:
            task = flow_task.flow_class.task_class(
                process=process, flow_task=flow_task, token=base, data={"split": split}
            )
            new_task(task, after=prev_activation.task)
        else:
            task.process = process
            follow(task, prev_activation.task)
        return cls(task)

    @Activation.status.super()
    def activate(self) -> None:
        """Begin to wait; in a block that asks one after another, ask the next."""
        if self.task.started is None:
            self.task.started = timezone.now()
            keep_task(self.task)
        self.ask_next()

    def _ask_next(self, found: Round) -> None:
        found.add(found.queue.pop(0))
        save_round(self.process, found)
        self._activate_next({self.split().begin(found.count)})
        # Steps that need nobody may have come back here already.
        self._verdict = None
        forget_arrivals(self.task)
        self.task.refresh_from_db(fields=["status"])
        self.overtaken = self.task.status not in (STATUS.NEW, STATUS.STARTED)

    def reconsider(self) -> None:
        """Look at the round once more after its branches have changed, and go on when it is decided."""
        if not self.overtaken and self.complete.can_proceed():
            self.complete()
            self.activate_next()

    def ask_next(self) -> None:
        """Ask the next of those who are asked one after another, unless the round is decided."""
        found = round_of(self.process, self.task.data["split"])
        if found.queue and self.verdict() is None:
            self._ask_next(found)

    def split(self) -> OpenActivation:
        """Return the activation of the split that this join belongs to."""
        task = self.process.task_set.get(pk=self.task.data["split"])
        task.process = self.process
        return OpenActivation(task)

    def is_done(self) -> bool:
        """Tell whether the round is decided, or nobody is left on the way to it."""
        return has_arrivals(self.task) and (self.flow_task.is_over(self) or not self._on_the_way())

    @Activation.status.super()
    def complete(self) -> None:
        """Close the branches that are no longer needed, and the join. What fails ends the whole act."""
        if self.verdict() is not None:
            self.cancel_active_tasks(self._on_the_way())
        super(JoinActivation, self).complete.original()

    def _on_the_way(self) -> list[Any]:
        """Return the open tasks of the round's branches, with their owners."""
        branches = branches_of(self.task)
        return [task for task in unfinished(self.process) if task.token.token.startswith(branches)]

    @Activation.status.super()
    def create_next(self) -> Iterator[Activation]:
        """Go on, once."""
        if not self.overtaken:
            yield from super().create_next.original()

    @Activation.status.transition(source=[STATUS.NEW, STATUS.STARTED], target=STATUS.CANCELED)
    def cancel(self) -> None:
        """Stop waiting. The arrivals are forgotten, so that no recall can bring the round back."""
        self.task.finished = timezone.now()
        keep_task(self.task)
        current_turn().irrevocable = True

    def cancel_active_tasks(self, active_tasks: Any) -> None:
        """Close the branches that are no longer needed, with the reason."""
        turn = current_turn()
        before, turn.closing = turn.closing, self.flow_task.closing(self)
        super().cancel_active_tasks(active_tasks)
        turn.closing = before


class Join(Plain, flow.Join):
    """Waits for the branches of a parallel block, as its rule says (BPMN complex gateway).

    `verdict` says whether a round is won (True), lost (False) or open (None); `lost` is the reason that the tasks of a
    lost round are closed with.
    """

    activation_class = GatherActivation

    def __init__(self, verdict: Callable[[Activation], bool | None], *, lost: str) -> None:
        super().__init__(continue_on_condition=lambda activation, _active: self.is_over(activation))
        self.verdict = verdict
        self.lost = lost

    def is_over(self, activation: GatherActivation) -> bool:
        """Return whether the round is decided; the verdict is the vote of the branch that the block lies in."""
        verdict = activation.verdict()
        if verdict is not None:
            cast(activation.process, activation.task.token, verdict)
        return verdict is not None

    def closing(self, activation: GatherActivation) -> str:
        """Return why the branches that are still open are closed."""
        return self.lost if activation.verdict() is False else "decided"


class ActActivation(FunctionActivation, Kept):
    """Does something at once."""


class Act(Plain, flow.Function):
    """Does something at once and goes on (BPMN service task)."""

    activation_class = ActActivation

    def __init__(self, func: Callable[[Activation], None]) -> None:
        super().__init__(func)


class ClosingActivation(EndActivation, Kept):
    """Ends the process and says which state the dossier takes."""

    @Activation.status.super()
    def activate(self) -> None:
        """Finish the process, unless other ways of it are still open. What fails ends the whole act."""
        self.task.started = timezone.now()
        task_started.send(sender=self.flow_class, process=self.process, task=self.task)
        is_last = all(task.pk == self.task.pk for task in unfinished(self.process))
        if is_last:
            self.process.status, self.process.finished = PROCESS.DONE, timezone.now()
            keep_end(self.process)
        task_finished.send(sender=self.flow_class, process=self.process, task=self.task)
        if is_last:
            flow_finished.send(sender=self.flow_class, process=self.process, task=self.task)
        current_turn().state = self.flow_task.state


class End(Plain, flow.End):
    """An end of the flow; `state` is what the dossier becomes (BPMN end event)."""

    activation_class = ClosingActivation

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state
