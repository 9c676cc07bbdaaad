"""Answers that are calculated from others (gán giá trị)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, ValidationError, model_validator
from viewflow.workflow.activation import Activation

from home.forms.api import AnyField, FormSchema, Strict, calculate, check_calculation, fault, kind_of
from home.forms.api import Field as Question

from ..editor import Option
from ..findings import Finding
from ..graph import Graph, node_name, ref
from ..nodes import Act
from ..registry import LintScope, Say, Step
from ..situation import Situation
from ..spec import StepSpec


class Value(Strict):
    """One answer to set: an existing question by its `key`, or a new one (`field`), and the expression (CEL)."""

    key: str = ""
    field: AnyField | None = None
    to: str = Field(min_length=1, max_length=1000)

    editor: ClassVar[Mapping[str, Option]] = {
        "key": Option(gettext_lazy("Question that is set"), picks="question", order=1),
        "field": Option(gettext_lazy("or a new question"), order=2),
        "to": Option(
            gettext_lazy("Calculation"),
            gettext_lazy("An expression (CEL) over the keys of questions, for example amount * 2."),
            order=3,
            lines=True,
            expression=True,
        ),
    }

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.key) == (self.field is not None):
            raise ValidationError.from_exception_data("Value", [fault("key_or_field", "key", value=self.key)])
        return self

    @property
    def target(self) -> str:
        """The key of the question that is set."""
        return self.field.key if self.field is not None else self.key


class SetValueSpec(StepSpec):
    """Options: what is set, in order; a later expression sees the earlier values."""

    kind: Literal["set_value"] = "set_value"
    values: list[Value] = Field(min_length=1, max_length=50)

    editor: ClassVar[Mapping[str, Option]] = {
        "values": Option(gettext_lazy("What is calculated"), item=gettext_lazy("Value"), order=30)
    }


class SetValue(Step[SetValueSpec]):
    """Calculates answers and goes on at once."""

    code = "set_value"
    title = gettext_lazy("Calculated value")
    help = gettext_lazy("Calculates answers from other answers.")
    icon = "math-function"
    admin_icon = "tasks"
    Spec = SetValueSpec

    def brief(self, spec: SetValueSpec, say: Say) -> str:
        """Say which answers are calculated."""
        return ", ".join(say.name("question", value.target) for value in spec.values)

    def build(self, spec: SetValueSpec, graph: Graph, after: str) -> str:
        """Add one node that runs at once."""

        def run(activation: Activation) -> None:
            _set(spec, Situation.of(activation), activation.flow_class.schema)

        return graph.add(node_name(spec.id), Act(run).Next(ref(after)), spec)

    def provides(self, spec: SetValueSpec) -> Sequence[Question]:
        """Return the new questions; a calculated number, amount or day is never empty."""
        found = [value.field for value in spec.values if value.field is not None]
        return [
            field.model_copy(update={"required": True})
            if kind_of(field).cel_value(None, field) is None
            else field
            for field in found
        ]

    def lint(self, spec: SetValueSpec, scope: LintScope) -> Iterator[Finding]:
        """Refuse unknown questions, and expressions that fail or give another type than the question."""
        known = set(scope.schema.keys())
        for index, value in enumerate(spec.values):
            if value.target not in known:
                message = _("No question of the form is called “%(key)s”.") % {"key": value.target}
                yield scope.finding("flows.E106", message, spec, at=f"values[{index}].key")
                continue
            target = scope.schema.field(value.target)
            for problem in check_calculation(value.to, target, scope.schema):
                yield scope.finding("flows.E107", str(problem), spec, at=f"values[{index}].to")


def _set(spec: SetValueSpec, at: Situation, schema: FormSchema) -> None:
    dossier, changed = at.dossier, []
    for value in spec.values:
        raw = calculate(value.to, schema.field(value.target), schema, dossier.answers)
        if dossier.answers.get(value.target) != raw:
            changed.append(value.target)
        rest = {key: answer for key, answer in dossier.answers.items() if key != value.target}
        dossier.answers = rest if raw is None else rest | {value.target: raw}
    at.turn.log("dossier.calculated", step=spec.id, title=spec.title, changed=changed)
