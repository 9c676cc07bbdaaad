"""The same steps for each unit or person of a list (BPMN multi-instance activity)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from ..editor import Option
from ..findings import Finding
from ..graph import Graph, ref
from ..lists import Items, listed
from ..nodes import Split
from ..registry import LintScope, Say
from ..rounds import Round
from ..situation import Situation
from ..spec import AnyStep, Branch
from .block import Block, BlockSpec, always_votes


class EachBody(Branch):
    """The steps that run for each; rules in them say `{item: …}`."""

    steps: list[AnyStep] = Field(min_length=1, max_length=100)


class EachSpec(BlockSpec):
    """Options: for whom, all at once or one after another, the steps, and how many must agree."""

    kind: Literal["each"] = "each"
    of: Items
    order: Literal["parallel", "sequence"] = "parallel"
    branches: list[EachBody] = Field(min_length=1, max_length=1)

    editor: ClassVar[Mapping[str, Option]] = {
        "of": Option(gettext_lazy("For each of"), order=10),
        "order": Option(
            gettext_lazy("In which order"),
            choices={
                "parallel": gettext_lazy("all at the same time"),
                "sequence": gettext_lazy("one after another"),
            },
            order=11,
        ),
        "branches": Option(gettext_lazy("Steps for each"), item=gettext_lazy("Steps"), start=({},), order=90),
    }


class Each(Block[EachSpec]):
    """Runs its steps for every unit or person of a list, which is asked for when the block begins."""

    code = "each"
    title = gettext_lazy("For each")
    help = gettext_lazy("The same steps for every unit or person of a list, at once or one after another.")
    icon = "users-group"
    admin_icon = "rotate"
    Spec = EachSpec

    def branches(self, spec: EachSpec) -> Sequence[Branch]:
        """Return the one branch."""
        return spec.branches

    def branch_words(self, spec: EachSpec, index: int) -> str:
        """Say for whom."""
        return f"{spec.of.words()} · {_order_words(spec)}"

    def way_words(self, spec: EachSpec, index: int, say: Say) -> str:
        """Say for whom, by name."""
        return f"{say.items(spec.of)} · {_order_words(spec)}"

    def open(self, spec: EachSpec, graph: Graph, join: str, after: str) -> Split:
        """Lead the steps to the join; how often they run is said when the block begins."""
        split = Split(_opening(spec), behind=ref(after))
        return split.Next(ref(graph.sequence(spec.branches[0].steps, join)))

    def lint(self, spec: EachSpec, scope: LintScope) -> Iterator[Finding]:
        """Name what the list refers to that does not exist; warn when nobody votes but a number must agree."""
        yield from super().lint(spec, scope)
        for problem in spec.of.problems(scope):
            yield scope.finding("flows.E010", problem, spec, at="of")
        if spec.rule != "all" and not always_votes(spec.branches[0].steps):
            yield scope.finding(
                "flows.W042",
                _("Nobody has to give an opinion in this branch: it agrees by being done."),
                spec,
                at="branches[0]",
                level="warning",
            )


def _order_words(spec: EachSpec) -> str:
    return _("one after another") if spec.order == "sequence" else _("at the same time")


def _opening(spec: EachSpec) -> Callable[[Situation, int], Round]:
    def opening(at: Situation, split: int) -> Round:
        items = listed(spec.of, at)
        found = Round(split, queue=items)
        begin = 1 if spec.order == "sequence" else len(items)
        for _number in range(min(begin, len(items))):
            found.add(found.queue.pop(0))
        return found

    return opening
