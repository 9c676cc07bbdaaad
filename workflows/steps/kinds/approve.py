"""A decision that the flow turns on (phê duyệt)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from home.forms.api import Label, Text, localized

from ..editor import Option
from ..findings import Finding
from ..graph import REJECTED, REWORK, Graph
from ..registry import LintScope, Outcome
from ..spec import Branch, HumanSpec, StepId
from .human import HumanStep

OutcomeCode = Literal["approve", "return", "reject"]

_OUTCOMES = {
    "approve": Outcome("approve", gettext_lazy("Approve"), "positive", vote=True),
    "return": Outcome("return", gettext_lazy("Return"), "neutral", note_required=True),
    "reject": Outcome("reject", gettext_lazy("Reject"), "negative", vote=False, note_required=True),
}


class OwnOutcome(Branch):
    """An outcome of the office's own: its button, and the steps that follow before the flow goes on."""

    code: StepId
    label: Label
    tone: Literal["positive", "neutral", "negative"] = "neutral"
    note_required: bool = False

    editor: ClassVar[Mapping[str, Option]] = {
        "code": Option(hidden=True, order=0),
        "title": Option(gettext_lazy("Name of the branch"), order=5, more=True),
        "label": Option(gettext_lazy("Words on the button"), order=1),
        "tone": Option(
            gettext_lazy("Kind of outcome"),
            choices={
                "positive": gettext_lazy("Good news (green)"),
                "neutral": gettext_lazy("Neither (grey)"),
                "negative": gettext_lazy("Bad news (red)"),
            },
            order=2,
        ),
        "note_required": Option(gettext_lazy("A reason has to be given"), order=3),
        "steps": Option(gettext_lazy("Steps that follow this outcome"), order=90),
    }


class DecisionSpec(HumanSpec):
    """Options of every decision: what its outcomes are and say, and how far back a return may go."""

    outcomes: Sequence[Any]
    labels: dict[Any, Text] = Field(default_factory=dict)
    #: Further outcomes, each with the steps that it leads through.
    branches: list[OwnOutcome] = Field(default_factory=list, max_length=8)
    #: Ids of earlier steps that may be returned to, beside `submitter`; `any` allows every earlier step.
    return_to: list[str] | Literal["any"] = Field(default=["submitter"], min_length=1, max_length=50)
    #: After a return: run what lies between once more, or come straight back here.
    after_return: Literal["again", "back"] = "again"

    editor: ClassVar[Mapping[str, Option]] = {
        "outcomes": Option(
            gettext_lazy("Which decisions are possible"),
            choices={
                "approve": gettext_lazy("Approve"),
                "sign": gettext_lazy("Sign"),
                "return": gettext_lazy("Return"),
                "reject": gettext_lazy("Reject"),
            },
            order=30,
        ),
        "labels": Option(
            gettext_lazy("Other words on the buttons"),
            choices={
                "approve": gettext_lazy("Instead of “Approve”"),
                "sign": gettext_lazy("Instead of “Sign”"),
                "return": gettext_lazy("Instead of “Return”"),
                "reject": gettext_lazy("Instead of “Reject”"),
            },
            order=60,
            more=True,
        ),
        "return_to": Option(
            gettext_lazy("A return goes back to"),
            item=gettext_lazy("Step"),
            picks="step",
            extra={"submitter": gettext_lazy("The submitter")},
            either={
                "any": gettext_lazy("The submitter or any earlier step"),
                "these": gettext_lazy("Only to these"),
            },
            when={"outcomes": ("return",)},
            order=31,
        ),
        "after_return": Option(
            gettext_lazy("After the return"),
            choices={
                "again": gettext_lazy("Everything in between runs once more"),
                "back": gettext_lazy("It comes straight back here"),
            },
            when={"outcomes": ("return",)},
            order=32,
        ),
        "branches": Option(
            gettext_lazy("Outcomes of your own"),
            gettext_lazy("Each is a further button, with the steps that it leads through."),
            item=gettext_lazy("Outcome"),
            order=90,
        ),
    }


class ApproveSpec(DecisionSpec):
    """Options: which of the usual outcomes there are, and what their buttons say."""

    kind: Literal["approve"] = "approve"
    outcomes: list[OutcomeCode] = Field(default=["approve", "return", "reject"], min_length=1, max_length=3)
    labels: dict[OutcomeCode, Text] = Field(default_factory=dict)


D = TypeVar("D", bound=DecisionSpec)


class Decision(HumanStep[D]):
    """The first of the `usual` outcomes goes on, return goes back, reject ends the dossier.

    Inside a parallel block going on and reject are votes, and the block's rule decides; a return to a step outside of
    the block leaves it and closes its other branches.
    """

    usual: ClassVar[Mapping[str, Outcome]]
    #: What the definition is told when the first outcome is not offered.
    lacks: ClassVar[str | Promise]
    decides = True

    def branches(self, spec: D) -> Sequence[Branch]:
        """Return the ways of the office's own outcomes."""
        return spec.branches

    def branch_words(self, spec: D, index: int) -> str:
        """Say the outcome."""
        return localized(spec.branches[index].label)

    def outcomes(self, spec: D) -> Sequence[Outcome]:
        """Return the outcomes in the order of the definition, with their own words."""
        found = [_usual(self.usual, spec, code) for code in dict.fromkeys(spec.outcomes)]
        return found + [
            Outcome(own.code, localized(own.label), own.tone, True, own.note_required)
            for own in spec.branches
        ]

    def target(self, outcome: Outcome, spec: D, graph: Graph, after: str) -> str:
        """Lead return and reject out (a vote inside a parallel block), own outcomes through their steps."""
        for own in spec.branches:
            if own.code == outcome.code:
                return graph.sequence(own.steps, after)
        if outcome.code == "reject":
            return after if graph.depth else REJECTED
        return REWORK if outcome.code == "return" and not graph.depth else after

    def lint(self, spec: D, scope: LintScope) -> Iterator[Finding]:
        """Refuse a step that cannot go on, unknown steps to return to, and outcomes that occur twice."""
        yield from super().lint(spec, scope)
        if next(iter(self.usual)) not in spec.outcomes:
            yield scope.finding("flows.E020", str(self.lacks), spec, at="outcomes")
        if scope.in_parallel and "return" in spec.outcomes:
            yield scope.finding(
                "flows.W021",
                _("A return out of a parallel block closes the branches that are still open."),
                spec,
                at="outcomes",
                level="warning",
            )
        for step in () if spec.return_to == "any" else spec.return_to:
            if step != "submitter" and step not in scope.earlier:
                message = _("“%(step)s” is no step before this one.") % {"step": step}
                yield scope.finding("flows.E022", message, spec, at="return_to")
        codes = [*self.usual, *(own.code for own in spec.branches)]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            message = _("The outcome “%(code)s” occurs twice.") % {"code": code}
            yield scope.finding("flows.E023", message, spec, at="branches")


class Approve(Decision[ApproveSpec]):
    """Approve goes on, return goes back to the submitter or an earlier step, reject ends the dossier."""

    code = "approve"
    title = gettext_lazy("Approval")
    help = gettext_lazy("One person approves, returns, rejects, or picks an outcome of your own.")
    icon = "circle-check"
    admin_icon = "check"
    Spec = ApproveSpec
    usual = _OUTCOMES
    lacks = gettext_lazy("The step cannot approve.")


def _usual(usual: Mapping[str, Outcome], spec: DecisionSpec, code: str) -> Outcome:
    outcome = usual[code]
    return Outcome(
        outcome.code,
        localized(spec.labels[code]) if code in spec.labels else outcome.label,
        outcome.tone,
        outcome.vote,
        outcome.note_required,
        _targets(spec) if code == "return" else (),
    )


def _targets(spec: DecisionSpec) -> tuple[str, ...]:
    """Return the steps that a return may go to; `*` stands for every step that has run."""
    if spec.return_to == "any":
        return ("rework", "*")
    return tuple("rework" if step == "submitter" else step for step in spec.return_to)
