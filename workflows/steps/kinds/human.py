"""What all steps that people carry out have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from django.utils.translation import gettext as _

from ..findings import Finding
from ..graph import Graph, node_name, ref
from ..nodes import Human
from ..registry import LintScope, Outcome, Step
from ..spec import HumanSpec

H = TypeVar("H", bound=HumanSpec)


class HumanStep(Step[H]):
    """A step whose outcomes lead on, back to the submitter, or to the rejected end."""

    human = True
    #: Whether the submitter may not be the one who acts.
    not_submitter = False

    def target(self, outcome: Outcome, graph: Graph, after: str) -> str:
        """Return the node that an outcome leads to; most lead on."""
        return after

    def build(self, spec: H, graph: Graph, after: str) -> str:
        """Add one user task with an edge for each outcome."""
        node = Human(not_submitter=self.not_submitter)
        for outcome in self.outcomes(spec):
            node.on(
                outcome.code, ref(self.target(outcome, graph, after)), str(outcome.label), vote=outcome.vote
            )
        return graph.add(node_name(spec.id), node, spec)

    def lint(self, spec: H, scope: LintScope) -> Iterator[Finding]:
        """Name people, positions and departments that do not exist, and a fallback that repeats the rule."""
        for key in ("who", "fallback"):
            for problem in getattr(spec, key).problems():
                yield scope.finding("flows.E010", problem, spec, at=key)
        if spec.who == spec.fallback:
            yield scope.finding(
                "flows.W011", _("The fallback is the same as the rule."), spec, at="fallback", level="warning"
            )
