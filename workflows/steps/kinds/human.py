"""What all steps that people carry out have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from django.utils.translation import gettext as _

from ..findings import Finding
from ..graph import Graph, node_name, ref
from ..nodes import Human
from ..registry import LintScope, Outcome, Say, Step
from ..spec import HumanSpec
from .deadlines import deadline_findings, term_words

H = TypeVar("H", bound=HumanSpec)


class HumanStep(Step[H]):
    """A step whose outcomes lead on, back to the submitter, or to the rejected end."""

    human = True
    forks = True
    #: Whether the step judges the dossier, so that its submitter may not be the one who acts (separation of duties).
    decides = False

    def target(self, outcome: Outcome, spec: H, graph: Graph, after: str) -> str:
        """Return the node that an outcome leads to (empty: nowhere); most lead on."""
        return after

    def brief(self, spec: H, say: Say) -> str:
        """Say who acts and how long it may take."""
        return " · ".join(filter(None, [say.rule(spec.who), term_words(spec.days, spec.hours)]))

    def build(self, spec: H, graph: Graph, after: str) -> str:
        """Add one user task with an edge for each outcome."""
        node = Human(not_submitter=self.decides and not spec.own_dossier)
        for outcome in self.outcomes(spec):
            name = self.target(outcome, spec, graph, after)
            node.on(outcome.code, ref(name) if name else None, outcome.code, vote=outcome.vote)
        return graph.add(node_name(spec.id), node, spec)

    def lint(self, spec: H, scope: LintScope) -> Iterator[Finding]:
        """Name people and places that do not exist, a fallback that repeats the rule, and terms that cannot work."""
        for key in ("who", "fallback"):
            rule = getattr(spec, key)
            for problem in rule.problems(scope):
                yield scope.finding(rule.problem_code, problem, spec, at=key)
        if spec.who == spec.fallback:
            yield scope.finding(
                "flows.W011", _("The fallback is the same as the rule."), spec, at="fallback", level="warning"
            )
        yield from deadline_findings(self, spec, scope)
