"""A decision that the flow turns on (phê duyệt)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from home.forms.api import Text, localized

from ..findings import Finding
from ..graph import REJECTED, REWORK, Graph
from ..registry import LintScope, Outcome
from ..spec import HumanSpec
from .human import HumanStep

OutcomeCode = Literal["approve", "return", "reject"]

_OUTCOMES = {
    "approve": Outcome("approve", gettext_lazy("Approve"), "positive", vote=True),
    "return": Outcome("return", gettext_lazy("Return"), "neutral", note_required=True),
    "reject": Outcome("reject", gettext_lazy("Reject"), "negative", vote=False, note_required=True),
}


class ApproveSpec(HumanSpec):
    """Options: which outcomes there are, and what their buttons say."""

    kind: Literal["approve"] = "approve"
    outcomes: list[OutcomeCode] = Field(default=["approve", "return", "reject"], min_length=1, max_length=3)
    labels: dict[OutcomeCode, Text] = Field(default_factory=dict)


class Approve(HumanStep[ApproveSpec]):
    """Approve goes on, return goes back to the submitter, reject ends the dossier.

    Inside a parallel block approve and reject are votes, and the block's rule decides.
    """

    code = "approve"
    title = gettext_lazy("Approval")
    help = gettext_lazy("One person approves, returns to the submitter, or rejects.")
    icon = "circle-check"
    Spec = ApproveSpec
    not_submitter = True

    def outcomes(self, spec: ApproveSpec) -> Sequence[Outcome]:
        """Return the outcomes in the order of the definition, with their own words."""
        return [
            Outcome(
                outcome.code,
                localized(spec.labels[code]) if code in spec.labels else outcome.label,
                outcome.tone,
                outcome.vote,
                outcome.note_required,
            )
            for code in dict.fromkeys(spec.outcomes)
            for outcome in [_OUTCOMES[code]]
        ]

    def target(self, outcome: Outcome, graph: Graph, after: str) -> str:
        """Lead return and reject out, except inside a parallel block."""
        if graph.depth:
            return after
        return {"return": REWORK, "reject": REJECTED}.get(outcome.code, after)

    def lint(self, spec: ApproveSpec, scope: LintScope) -> Iterator[Finding]:
        """Refuse a step that cannot approve, and a return out of a parallel block."""
        yield from super().lint(spec, scope)
        if "approve" not in spec.outcomes:
            yield scope.finding("flows.E020", _("The step cannot approve."), spec, at="outcomes")
        if scope.in_parallel and "return" in spec.outcomes:
            yield scope.finding(
                "flows.E021",
                _("Inside a parallel block nobody can return: let the block's rule decide."),
                spec,
                at="outcomes",
            )
