"""The shape of a dossier type's definition: what an administrator edits and a version freezes."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError

from home.forms.api import FormSchema, Label, Problem, SchemaError, Section, Strict, Text, problems_of
from workflows.steps.api import (
    Alert,
    AnyStep,
    HumanSpec,
    Overdue,
    Path,
    StepSpec,
    block_paths,
    generated_specs,
    steps,
    walk,
)

Code = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class RegisterSpec(Strict):
    """The register that numbers come from, and how a number is written: `{number:02d}/{year}-TTr`."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    pattern: Annotated[str, Field(min_length=3, max_length=60)]


class StartSpec(Strict):
    """Only people of these departments (and of the units below them) may start; their order means nothing."""

    departments: Annotated[
        list[str], Field(min_length=1, max_length=200), AfterValidator(lambda codes: sorted(set(codes)))
    ]


class FlowSpec(Strict):
    """The steps, one after the other; blocks nest."""

    steps: Annotated[list[AnyStep], Field(min_length=1, max_length=200)]


class Definition(Strict):
    """A whole dossier type: form, flow, numbers and access."""

    code: Code
    title: Label
    summary: Text = ""
    department: str = ""
    register_: Annotated[RegisterSpec, Field(alias="register")]
    #: Working days from receipt to result; null when no rule sets one.
    days: Annotated[int, Field(ge=1, le=1000)] | None = None
    #: When people are told before that date, and after it.
    remind: Annotated[list[Alert], Field(max_length=5)] = []
    late: Annotated[list[Overdue], Field(max_length=5)] = []
    start: Literal["everyone"] | StartSpec = "everyone"
    #: Key of the question whose answer lists show as the dossier's subject.
    subject: str = ""
    form: FormSchema
    flow: FlowSpec

    @classmethod
    def parse(cls, data: Any) -> Definition:
        """Read a definition from YAML or JSON data. Raises `SchemaError` with every problem at once."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise SchemaError([_in_words(problem) for problem in problems_of(error)]) from None

    def canonical(self) -> dict[str, Any]:
        """Return the data that this definition is stored as."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True) | _kinds_kept(self)

    def digest(self) -> str:
        """Return the sha256 of the canonical JSON."""
        return digest_of(self.canonical())

    @cached_property
    def steps_by_id(self) -> dict[str, StepSpec]:
        """Every step, nested and generated ones too, under its id."""
        found = {spec.id: spec for spec, _place, _depth in walk(self.flow.steps)}
        return found | {spec.id: spec for spec in generated_specs()}

    @cached_property
    def paths(self) -> dict[str, Path]:
        """The branches of parallel blocks around every step, the outermost first."""
        return {spec.id: () for spec in generated_specs()} | block_paths(self.flow.steps)

    @cached_property
    def questions(self) -> FormSchema:
        """The questions of the form and all that steps ask or answer: what conditions and lists may name."""
        return FormSchema(title=self.title, sections=[*self.form.sections, *self._sections_of_steps()])

    def _sections_of_steps(self) -> list[Section]:
        found: list[Section] = []
        for spec, _place, _depth in walk(self.flow.steps):
            kind = steps.get(spec.kind)
            form = kind.form(spec)
            found += form.sections if form is not None else []
            if given := list(kind.provides(spec)):
                found.append(Section.model_construct(title=spec.title, help="", fields=given))
        return found

    def form_of(self, spec: StepSpec) -> FormSchema | None:
        """Return the questions that a step asks: rework and supplement ask those of the form again."""
        if spec.kind in ("rework", "supplement"):
            return self.form
        return steps.get(spec.kind).asks(spec, self.questions)

    def human_steps(self) -> list[HumanSpec]:
        """Return the steps that people carry out, in the order of the definition."""
        return [spec for spec, _place, _depth in walk(self.flow.steps) if isinstance(spec, HumanSpec)]


def digest_of(data: dict[str, Any]) -> str:
    """Return the sha256 of stored definition data, whatever order its keys come in."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _kinds_kept(definition: Definition) -> dict[str, Any]:
    """Return form and flow with the `kind` of each part, which is a default of its class and would be left out."""
    return {
        "form": definition.form.canonical(),
        "flow": {"steps": [_step_data(spec) for spec in definition.flow.steps]},
    }


def _step_data(spec: StepSpec) -> dict[str, Any]:
    data = spec.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"kind": spec.kind}
    branches = steps.get(spec.kind).branches(spec)
    if branches:
        data["branches"] = [
            branch.model_dump(mode="json", exclude_defaults=True, exclude={"steps"})
            | {"steps": [_step_data(inner) for inner in branch.steps]}
            for branch in branches
        ]
    if form := steps.get(spec.kind).form(spec):
        data["fields"] = form.canonical()["sections"][0]["fields"]
    return data


def _in_words(problem: Problem) -> Problem:
    """Give our own error codes their words; the form engine knows the rest."""
    from django.utils.translation import gettext as _

    words = {
        "unknown_step": _("There is no such kind of step."),
        "unknown_list": _("Say for whom by exactly one of the known lists."),
        "unknown_rule": _("Say who acts by exactly one of the known rules."),
        "key_or_field": _("Say either the key of a question or a new question."),
        "when_or_table": _("With a decision table, branches have no conditions of their own."),
        "when_or_otherwise": _("A branch has either a condition or “otherwise: true”."),
    }
    message = words.get(problem.code, problem.message)
    return Problem(problem.place, message, problem.known, problem.code)
