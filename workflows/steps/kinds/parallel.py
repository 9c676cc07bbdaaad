"""Several branches at the same time, and a rule that says when it is enough (song song)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field
from viewflow.workflow.activation import Activation

from home.forms.api import Strict

from ..findings import Finding
from ..graph import REJECTED, REWORK, Graph, node_name, ref
from ..nodes import Choice as Route
from ..nodes import Join, Split
from ..registry import LintScope, Step, steps
from ..spec import Branch, StepSpec
from ..votes import cast, votes_of


class Quorum(Strict):
    """At least so many branches must agree."""

    quorum: Annotated[int, Field(ge=1, le=50)]


class ParallelSpec(StepSpec):
    """Options: the branches, how many must agree, and what happens when they do not."""

    kind: Literal["parallel"] = "parallel"
    rule: Literal["all", "any"] | Quorum = "all"
    if_lost: Literal["reject", "return", "continue"] = "return"
    branches: list[Branch] = Field(min_length=2, max_length=50)

    def needed(self) -> int:
        """Return how many branches must agree."""
        if isinstance(self.rule, Quorum):
            return self.rule.quorum
        return len(self.branches) if self.rule == "all" else 1


class Parallel(Step[ParallelSpec]):
    """Opens all branches, waits until the rule is met or out of reach, and closes those still open."""

    code = "parallel"
    title = gettext_lazy("Parallel block")
    help = gettext_lazy("Several people or units act at the same time; a rule says how many must agree.")
    icon = "arrows-split-2"
    Spec = ParallelSpec
    parallel = True

    def branches(self, spec: ParallelSpec) -> Sequence[Branch]:
        """Return the branches."""
        return spec.branches

    def block_words(self, spec: ParallelSpec) -> str:
        """Say how many must agree."""
        if isinstance(spec.rule, Quorum):
            counts = {"needed": spec.needed(), "count": len(spec.branches)}
            return _("%(needed)s of %(count)s must agree") % counts
        return _("all must agree") if spec.rule == "all" else _("one is enough")

    def build(self, spec: ParallelSpec, graph: Graph, after: str) -> str:
        """Add the split, the branches, the join, and (unless the flow goes on anyway) the gateway behind it."""
        join, split = node_name(spec.id, "join"), Split()
        goes_on = spec.if_lost == "continue" or graph.depth > 0
        behind = after if goes_on else self._route(spec, graph, after)
        with graph.parallel():
            for branch in spec.branches:
                split.Next(ref(graph.sequence(branch.steps, join)))
        graph.add(join, Join(continue_on_condition=_decided(spec)).Next(ref(behind)), spec)
        return graph.add(node_name(spec.id), split, spec)

    def _route(self, spec: ParallelSpec, graph: Graph, after: str) -> str:
        lost = {"reject": REJECTED, "return": REWORK}[spec.if_lost]
        node = Route().Case(ref(after), _reached(spec)).Default(ref(lost))
        return graph.add(node_name(spec.id, "route"), node, spec)

    def lint(self, spec: ParallelSpec, scope: LintScope) -> Iterator[Finding]:
        """Refuse a quorum larger than its members and a branch in which nobody votes."""
        if spec.needed() > len(spec.branches):
            yield scope.finding(
                "flows.E040",
                _("The quorum is %(quorum)s, but there are only %(count)s branches.")
                % {"quorum": spec.needed(), "count": len(spec.branches)},
                spec,
                at="rule",
            )
        if scope.in_parallel and spec.if_lost != "continue":
            yield scope.finding(
                "flows.E041",
                _("A block inside another block can only continue: the outer block's rule decides."),
                spec,
                at="if_lost",
            )
        for index, branch in enumerate(spec.branches):
            if not _always_votes(branch.steps):
                yield scope.finding(
                    "flows.E042", _("Nobody gives an opinion in this branch."), spec, at=f"branches[{index}]"
                )


def _always_votes(specs: Sequence[StepSpec]) -> bool:
    """Tell whether somebody votes on every way through these steps: a branch without a vote can never agree."""
    return any(_votes(spec) for spec in specs)


def _votes(spec: StepSpec) -> bool:
    kind = steps.get(spec.kind)
    branches = kind.branches(spec)
    if branches:
        return all(_always_votes(branch.steps) for branch in branches)
    outcomes = kind.outcomes(spec)
    return bool(outcomes) and all(outcome.vote is not None for outcome in outcomes)


def _decided(spec: ParallelSpec) -> Callable[[Activation, Any], bool]:
    """Return the join's rule: enough of those who are there agree, or enough can no longer agree."""

    def decided(activation: Activation, _active: Any) -> bool:
        votes = votes_of(activation.process, activation.task)
        undecided = len(spec.branches) - len(votes)
        agreed = votes.count(True)
        over = agreed >= spec.needed() or agreed + undecided < spec.needed()
        if over:
            cast(activation.process, activation.task.token, agreed >= spec.needed())
        return over

    return decided


def _reached(spec: ParallelSpec) -> Callable[[Activation], bool]:
    """Return the question of the gateway behind the join: did enough agree?"""

    def reached(activation: Activation) -> bool:
        votes = votes_of(activation.process, activation.task.previous.get())
        return votes.count(True) >= spec.needed()

    return reached
