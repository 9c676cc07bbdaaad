"""What all blocks that ask several people have in common: who must agree, and what happens when they do not."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field
from viewflow.workflow.activation import Activation

from home.forms.api import Strict

from ..editor import Option
from ..findings import Finding
from ..graph import REJECTED, REWORK, Graph, node_name, ref
from ..nodes import Choice as Route
from ..nodes import Join, Split
from ..registry import LintScope, Step, steps
from ..rounds import Tally, round_of, tally_of, votes_of
from ..spec import StepSpec
from ..who import Who


class Quorum(Strict):
    """At least so many branches must agree."""

    quorum: Annotated[int, Field(ge=1, le=200)]

    editor: ClassVar[Mapping[str, Option]] = {"quorum": Option(gettext_lazy("How many"))}


class Weight(Strict):
    """The branches that agree must weigh at least so much together."""

    weight: Annotated[int, Field(ge=1, le=100_000)]

    editor: ClassVar[Mapping[str, Option]] = {"weight": Option(gettext_lazy("Weight together"))}


class Share(Strict):
    """At least so many of a hundred must agree, by weight; rounded up."""

    share: Annotated[int, Field(ge=1, le=100)]

    editor: ClassVar[Mapping[str, Option]] = {"share": Option(gettext_lazy("Of a hundred"))}


class BlockSpec(StepSpec):
    """Options: how many must agree, whether one may stop all, what happens when too few agree, and who leads it."""

    rule: Literal["all", "any"] | Quorum | Weight | Share = "all"
    #: One who disagrees loses the block at once; else everybody is heard.
    veto: bool = False
    if_lost: Literal["reject", "return", "continue"] = "return"
    #: Who may add and remove participants while the block runs, beside the dispatchers.
    lead: Who | None = None

    editor: ClassVar[Mapping[str, Option]] = {
        "rule": Option(
            gettext_lazy("How many must agree"),
            either={
                "all": gettext_lazy("All of them"),
                "any": gettext_lazy("One is enough"),
                "quorum": gettext_lazy("At least so many"),
                "weight": gettext_lazy("At least so much weight"),
                "share": gettext_lazy("At least so many of a hundred"),
            },
            order=30,
        ),
        "veto": Option(
            gettext_lazy("One who disagrees stops it"),
            gettext_lazy("Otherwise everybody is heard."),
            order=31,
        ),
        "if_lost": Option(
            gettext_lazy("If too few agree"),
            choices={
                "return": gettext_lazy("The dossier goes back to the submitter"),
                "reject": gettext_lazy("The dossier is rejected"),
                "continue": gettext_lazy("The flow goes on all the same"),
            },
            order=32,
        ),
        "lead": Option(gettext_lazy("Who may add and remove participants"), order=60, more=True),
    }

    def needed(self, total: int) -> int:
        """Return the weight that must agree of `total`; never more than there is."""
        match self.rule:
            case Quorum(quorum=needed) | Weight(weight=needed):
                return min(needed, total)
            case Share(share=share):
                return ceil(total * share / 100)
        return total if self.rule == "all" else min(1, total)


B = TypeVar("B", bound=BlockSpec)

_LOST = {"reject": REJECTED, "return": REWORK}
_CLOSING = {"reject": "rejected", "return": "returned", "continue": "decided"}


class Block(Step[B]):
    """A block that opens branches, waits until its rule is met or out of reach, and closes those still open."""

    parallel = True

    @abstractmethod
    def open(self, spec: B, graph: Graph, join: str, after: str) -> Split:
        """Build the branches, each leading to `join`, and return the split before them."""

    def members(self, spec: B) -> int:
        """Return how many branches a round has by the definition; 0 when only the dossier says."""
        return 0

    def block_words(self, spec: B) -> str:
        """Say how many must agree."""
        words = _rule_words(spec, self.members(spec))
        veto = _("each may veto")
        return f"{words} · {veto}" if spec.veto else words

    def build(self, spec: B, graph: Graph, after: str) -> str:
        """Add the split, the branches, the join, and (unless the flow goes on anyway) the gateway behind it."""
        join = node_name(spec.id, "join")
        goes_on = spec.if_lost == "continue" or graph.depth > 0
        behind = after if goes_on else self._route(spec, graph, after)
        with graph.parallel():
            split = self.open(spec, graph, join, after)
        gather = Join(self._verdict(spec), lost=_CLOSING[spec.if_lost])
        graph.add(join, gather.Next(ref(behind)), spec)
        return graph.add(node_name(spec.id), split, spec)

    def _route(self, spec: B, graph: Graph, after: str) -> str:
        node = Route().Case(ref(after), self._won(spec)).Default(ref(_LOST[spec.if_lost]))
        return graph.add(node_name(spec.id, "route"), node, spec)

    def _verdict(self, spec: B) -> Callable[[Activation], bool | None]:
        def verdict(activation: Activation) -> bool | None:
            found = self._tally(spec, activation.process, activation.task)
            return found.verdict(spec.needed(found.total), veto=spec.veto)

        return verdict

    def _won(self, spec: B) -> Callable[[Activation], bool]:
        """Return the question of the gateway behind the join: did enough agree?"""

        def won(activation: Activation) -> bool:
            join = activation.before or activation.task.previous.get()
            found = self._tally(spec, activation.process, join)
            return found.verdict(spec.needed(found.total), veto=spec.veto) is True

        return won

    def _tally(self, spec: B, process: Any, join: Any) -> Tally:
        found = round_of(process, join.data["split"], branches=self.members(spec))
        return tally_of(found, votes_of(process, join))

    def lint(self, spec: B, scope: LintScope) -> Iterator[Finding]:
        """Refuse what only the outer block may decide, and a lead that does not exist or is somebody else each time."""
        if scope.in_parallel and spec.if_lost != "continue":
            yield scope.finding(
                "flows.E041",
                _("A block inside another block can only continue: the outer block's rule decides."),
                spec,
                at="if_lost",
            )
        if spec.lead is not None:
            for problem in spec.lead.problems(scope):
                yield scope.finding(spec.lead.problem_code, problem, spec, at="lead")
            if spec.lead.takes_turns:
                message = _(
                    "People who are asked in turn cannot lead a block: it would be somebody else each time."
                )
                yield scope.finding("flows.E044", message, spec, at="lead")


def _rule_words(spec: BlockSpec, members: int) -> str:
    match spec.rule:
        case Quorum(quorum=quorum):
            counts = {"needed": quorum, "count": members}
            return _("%(needed)s of %(count)s must agree") % counts if members else _at_least(quorum)
        case Weight(weight=weight):
            return _("votes of weight %(weight)s must agree") % {"weight": weight}
        case Share(share=share):
            return _("%(share)s %% must agree") % {"share": share}
    return _("all must agree") if spec.rule == "all" else _("one is enough")


def _at_least(quorum: int) -> str:
    return _("at least %(needed)s must agree") % {"needed": quorum}


def always_votes(specs: Sequence[StepSpec]) -> bool:
    """Tell whether somebody votes on every way through these steps."""
    return any(_votes(spec) for spec in specs)


def _votes(spec: StepSpec) -> bool:
    kind = steps.get(spec.kind)
    outcomes = kind.outcomes(spec)
    if outcomes:
        return all(outcome.vote is not None for outcome in outcomes)
    branches = kind.branches(spec)
    return bool(branches) and all(always_votes(branch.steps) for branch in branches)
