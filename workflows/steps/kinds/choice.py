"""The answers decide which way the dossier goes (điều kiện)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, ValidationError, model_validator
from viewflow.workflow.activation import Activation

from home.forms.api import check_condition, evaluate_condition, fault, localized

from ..findings import Finding
from ..graph import Graph, node_name, ref
from ..nodes import Choice as ChoiceNode
from ..registry import LintScope, Step
from ..spec import Branch, StepSpec
from ..turn import current_turn


class ChoiceBranch(Branch):
    """Either a condition on answers (CEL), or `otherwise: true`."""

    when: str = Field(default="", max_length=1000)
    otherwise: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.when.strip()) == self.otherwise:
            lines = [fault("when_or_otherwise", "when", value=self.when)]
            raise ValidationError.from_exception_data("ChoiceBranch", lines)
        return self


class ChoiceSpec(StepSpec):
    """Options: the branches in order; the last one is `otherwise`."""

    kind: Literal["choice"] = "choice"
    branches: list[ChoiceBranch] = Field(min_length=2, max_length=20)


class Choice(Step[ChoiceSpec]):
    """Takes the first branch whose condition holds, else the otherwise branch."""

    code = "choice"
    title = gettext_lazy("Condition")
    help = gettext_lazy("The answers decide which way the dossier goes.")
    icon = "arrows-split"
    Spec = ChoiceSpec

    def branches(self, spec: ChoiceSpec) -> Sequence[Branch]:
        """Return the branches."""
        return spec.branches

    def branch_words(self, spec: ChoiceSpec, index: int) -> str:
        """Say the branch's title, else its condition."""
        branch = spec.branches[index]
        return localized(branch.title) or branch.when or _("otherwise")

    def build(self, spec: ChoiceSpec, graph: Graph, after: str) -> str:
        """Add the gateway; each branch leads on to `after`."""
        node = ChoiceNode()
        for branch in spec.branches:
            entry = ref(graph.sequence(branch.steps, after))
            if branch.otherwise:
                node.Default(entry)
            else:
                node.Case(entry, _condition(branch.when))
        return graph.add(node_name(spec.id), node, spec)

    def lint(self, spec: ChoiceSpec, scope: LintScope) -> Iterator[Finding]:
        """Refuse conditions that cannot be decided, and a missing or misplaced otherwise branch."""
        *others, last = spec.branches
        if not last.otherwise or any(branch.otherwise for branch in others):
            yield scope.finding(
                "flows.E030",
                _("The last branch, and only the last, must be the otherwise branch."),
                spec,
                at="branches",
            )
        for index, branch in enumerate(spec.branches):
            for problem in check_condition(branch.when, scope.schema) if branch.when else ():
                yield scope.finding("flows.E031", str(problem), spec, at=f"branches[{index}].when")


def _condition(expression: str) -> Callable[[Activation], bool]:
    def holds(activation: Activation) -> bool:
        dossier = current_turn().dossier
        schema = activation.flow_class.schema
        return evaluate_condition(expression, schema, dossier.answers)

    return holds
