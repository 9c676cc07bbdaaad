"""What is wrong or doubtful in a form beyond its shape: conditions, calculations, steps, defaults, patterns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .asked import asked_of
from .calculations import check_calculation
from .checks import pattern_fault
from .conditions import check_condition, untaken
from .logic import cel_of
from .picking import OPERATORS
from .prefill import default_answer
from .problems import Problem
from .rules import Line, Picked, lines_of
from .schema import Field, FormSchema
from .text import localized


@dataclass(frozen=True)
class Place:
    """Where a condition stands, and whom it concerns in words."""

    path: str
    label: str


def lint_form(schema: FormSchema, known: FormSchema | None = None) -> list[Problem]:
    """Return what is wrong with a form that has the right shape; conditions may name questions of `known` too.

    Codes that begin with `form.W` are doubts; a form with any other cannot be used.
    """
    return [*_Lint(schema, known or FormSchema.model_construct(title="", sections=[])).problems()]


def is_doubt(problem: Problem) -> bool:
    """Tell whether a form can be used in spite of a problem."""
    return problem.code.startswith("form.W")


class _Lint:
    def __init__(self, schema: FormSchema, known: FormSchema) -> None:
        self.schema = schema
        self.questions: dict[str, Field] = {f.key: f for f in (*known.fields(), *schema.fields())}
        self.asked = asked_of(self.questions.values())
        self.all = FormSchema.model_construct(title="", sections=[*known.sections, *schema.sections])

    def problems(self) -> Iterator[Problem]:
        for s, section in enumerate(self.schema.sections):
            if section.show_if:
                title = localized(section.title) or _("Section %(number)s") % {"number": s + 1}
                yield from self.condition(section.show_if, Place(f"sections[{s}].show_if", title))
            for f, question in enumerate(section.fields):
                yield from self.question(question, f"sections[{s}].fields[{f}]")
        yield from self.circle()

    def question(self, field: Field, path: str) -> Iterator[Problem]:
        label = localized(field.label)
        for name in ("show_if", "require_if"):
            if when := getattr(field, name):
                own = field.key if name == "require_if" else ""  # of `show_if` it is a circle
                yield from self.condition(when, Place(f"{path}.{name}", label), own)
        for number, choice in enumerate(getattr(field, "choices", ())):
            if choice.show_if:
                place = Place(f"{path}.choices[{number}].show_if", label)
                yield from self.condition(choice.show_if, place, field.key)
        if calculation := getattr(field, "calculation", ""):
            for finding in check_calculation(calculation, field.inner, self.all):  # type: ignore[attr-defined]
                if finding.code != "may_be_empty":
                    yield self.problem("form.E203", Place(f"{path}.calculation", label), str(finding))
        if field.default and default_answer(field) is None:
            text = _("The default “%(text)s” is no answer to this question.") % {"text": field.default[:60]}
            yield self.problem("form.E204", Place(f"{path}.default", label), text)
        if field.pattern and (fault := pattern_fault(field.pattern)):
            text = _("The pattern cannot be used: %(fault)s") % {"fault": fault}
            yield self.problem("form.E205", Place(f"{path}.pattern", label), text)

    def problem(self, code: str, place: Place, text: str) -> Problem:
        return Problem(place.path, f"{place.label}: {text}", code=code)

    def condition(self, when: str | Picked, place: Place, own: str = "") -> Iterator[Problem]:
        """Check one condition: its questions, its operators, its types, and whether it can ever hold."""
        found = list(self._lines(when, place, own))
        yield from found
        if found:
            return
        text = cel_of(when, {key: type(one)(one.shape, True) for key, one in self.asked.items()})
        faults = [one for one in check_condition(text, self.all) if one.code != "may_be_empty"]
        yield from (self.problem("form.E201", place, str(fault)) for fault in faults)
        if not faults and 0 in untaken([text], self.all):
            words = _("This condition can never hold: what depends on it is unreachable.")
            yield self.problem("form.W202", place, words)

    def _lines(self, when: str | Picked, place: Place, own: str) -> Iterator[Problem]:
        for line in lines_of(when):
            if line.field not in self.questions:
                text = _("The condition names a question that has been removed (%(key)s).") % {
                    "key": line.field
                }
                yield self.problem("form.E200", place, text)
            elif line.field == own:
                yield self.problem("form.E206", place, _("A question cannot depend on its own answer."))
            elif self.asked[line.field].shape not in OPERATORS[line.op][1]:
                words: Mapping[str, Any] = {
                    "op": OPERATORS[line.op][0],
                    "label": localized(self.questions[line.field].label),
                }
                text = _("“%(op)s” does not go with the question “%(label)s”.") % words
                yield self.problem("form.E207", place, text)
            elif line.op in ("eq", "ne") and not self._is_offered(line):
                text = _("The condition names an answer that has been removed (%(value)s).")
                yield self.problem("form.E208", place, text % {"value": line.value})

    def _is_offered(self, line: Line) -> bool:
        choices = getattr(self.questions[line.field], "choices", ())
        return not choices or line.value in {choice.value for choice in choices}

    def circle(self) -> Iterator[Problem]:
        """Refuse questions that wait for each other."""
        keys = self.schema.plan.circle
        if keys:
            labels = ", ".join(f"“{localized(self.questions[key].label)}”" for key in keys)
            text = _("These questions depend on each other in a circle: %(labels)s.") % {"labels": labels}
            yield Problem("sections", text, code="form.E209")
