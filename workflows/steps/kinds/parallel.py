"""Several branches at the same time, and a rule that says when it is enough (song song)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from ..editor import Option
from ..findings import Finding
from ..graph import Graph, ref
from ..nodes import Split
from ..registry import LintScope
from ..rounds import Round
from ..situation import Situation
from ..spec import Branch
from .block import Block, BlockSpec, Quorum, Weight, always_votes


class ParallelBranch(Branch):
    """One branch and how much its vote counts."""

    weight: int = Field(default=1, ge=1, le=1000)

    editor: ClassVar[Mapping[str, Option]] = {
        "weight": Option(
            gettext_lazy("Weight of its vote"),
            gettext_lazy("1 unless some branches count more than others."),
            order=5,
            more=True,
        )
    }


class ParallelSpec(BlockSpec):
    """Options: the branches, how many must agree, and what happens when they do not."""

    kind: Literal["parallel"] = "parallel"
    branches: list[ParallelBranch] = Field(min_length=2, max_length=50)

    editor: ClassVar[Mapping[str, Option]] = {
        "branches": Option(
            gettext_lazy("Branches"),
            gettext_lazy("They run at the same time."),
            item=gettext_lazy("Branch"),
            start=({}, {}),
            order=90,
        )
    }

    def total(self) -> int:
        """Return the weight of all branches."""
        return sum(branch.weight for branch in self.branches)


class Parallel(Block[ParallelSpec]):
    """Opens all branches, waits until the rule is met or out of reach, and closes those still open."""

    code = "parallel"
    title = gettext_lazy("Parallel block")
    help = gettext_lazy("Several people or units act at the same time; a rule says how many must agree.")
    icon = "arrows-split-2"
    admin_icon = "grid"
    Spec = ParallelSpec

    def branches(self, spec: ParallelSpec) -> Sequence[Branch]:
        """Return the branches."""
        return spec.branches

    def members(self, spec: ParallelSpec) -> int:
        """Return the number of branches."""
        return len(spec.branches)

    def open(self, spec: ParallelSpec, graph: Graph, join: str, after: str) -> Split:
        """Lead each branch to the join."""
        split = Split(_weighted(spec) if spec.total() > len(spec.branches) else None)
        for branch in spec.branches:
            split.Next(ref(graph.sequence(branch.steps, join)))
        return split

    def lint(self, spec: ParallelSpec, scope: LintScope) -> Iterator[Finding]:
        """Refuse a quorum larger than its members; warn of a branch in which nobody votes."""
        yield from super().lint(spec, scope)
        if isinstance(spec.rule, Quorum) and spec.rule.quorum > len(spec.branches):
            yield scope.finding(
                "flows.E040",
                _("The quorum is %(quorum)s, but there are only %(count)s branches.")
                % {"quorum": spec.rule.quorum, "count": len(spec.branches)},
                spec,
                at="rule",
            )
        if isinstance(spec.rule, Weight) and spec.rule.weight > spec.total():
            yield scope.finding(
                "flows.E043",
                _("The weight asked for is %(weight)s, but all branches together have %(total)s.")
                % {"weight": spec.rule.weight, "total": spec.total()},
                spec,
                at="rule",
            )
        for index, branch in enumerate(spec.branches):
            if not always_votes(branch.steps):
                yield scope.finding(
                    "flows.W042",
                    _("Nobody has to give an opinion in this branch: it agrees by being done."),
                    spec,
                    at=f"branches[{index}]",
                    level="warning",
                )


def _weighted(spec: ParallelSpec) -> Callable[[Situation, int], Round]:
    weights = {number: branch.weight for number, branch in enumerate(spec.branches, 1)}

    def opening(at: Situation, split: int) -> Round:
        return Round(split, weights=dict(weights), count=len(weights))

    return opening
