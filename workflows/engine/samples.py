"""Sample cases: with what a flow is tried out, and answers for the questions that a sample leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from home.forms.api import Field, FormSchema, Sampling, first_answer, kind_of, localized, work_out
from home.people.api import User, department_of
from home.worktime.api import add_working_days

#: The outcome that stands for: nobody acts in time, so what the step says about lateness happens.
LATE = "@late"

#: How often a step may be answered differently in one sample, and how much a sample may hold of one step.
MAX_TIMES = 20


@dataclass(frozen=True)
class SampleAct:
    """What happens when the walk comes to a step: an outcome, and what its form would ask.

    An empty outcome takes the first positive one; `LATE` lets the deadlines of the step pass. `to` is the step that a
    return goes to, `answers` are those of the step's own questions, `extra` what its kind asks beside them.
    """

    outcome: str = ""
    to: str = ""
    note: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, raw: Any) -> SampleAct:
        """Read one act from JSON; what has not the right shape is left out."""
        raw = raw if isinstance(raw, Mapping) else {}
        outcome, to, note = (
            str(raw[key])[:5_000] if isinstance(raw.get(key), str) else ""
            for key in ("outcome", "to", "note")
        )
        answers, extra = (
            dict(raw[key]) if isinstance(raw.get(key), Mapping) else {} for key in ("answers", "extra")
        )
        return cls(outcome, to, note, answers, extra)

    def data(self) -> dict[str, Any]:
        """Return the act as plain JSON, without what is empty."""
        found = {
            "outcome": self.outcome,
            "to": self.to,
            "note": self.note,
            "answers": dict(self.answers),
            "extra": dict(self.extra),
        }
        return {key: value for key, value in found.items() if value}


@dataclass(frozen=True)
class Sample:
    """One sample case: who submits, the answers of the form (JSON), and what is chosen at which step.

    `choices` are by id of the step, one for each time that the walk comes there; further times, and steps that it
    does not name, take the first positive outcome. The answers may hold those of questions that steps ask, too, and
    `<step>_approved`: how many linked dossiers of a step are approved; all of them unless said.
    """

    submitter: User
    answers: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Sequence[SampleAct]] = field(default_factory=dict)

    def act(self, step: str, times: int) -> SampleAct:
        """Return what is chosen when the walk comes to a step that it has been through `times` times."""
        acts = self.choices.get(step, ())
        return acts[times] if times < len(acts) else SampleAct()


def read_choices(raw: Any) -> dict[str, tuple[SampleAct, ...]]:
    """Read stored choices (`{"sign": [{"outcome": "return"}]}`); what has not the right shape is left out."""
    if not isinstance(raw, Mapping):
        return {}
    return {
        str(step): tuple(SampleAct.read(act) for act in acts[:MAX_TIMES])
        for step, acts in raw.items()
        if isinstance(acts, list)
    }


def filled(form: FormSchema, given: Mapping[str, Any], *, by: User, optional: bool = False) -> dict[str, Any]:
    """Return answers to a form (JSON): those given, and examples for required questions that are left open.

    With `optional` the others get examples too. Files are never made up, nor taken from anybody.
    """
    found: dict[str, Any] = {}
    taken: set[str] = set()
    for question in form.fields():
        kind = kind_of(question)
        raw = given.get(question.key)
        if kind.file_ids(raw):
            raw = None
        if raw is None and not kind.posts:
            raw = first_answer(question, by)
        elif raw is None and (question.required or optional):
            raw = _example(question, by, taken)
        if raw is not None:
            found[question.key] = raw
            taken |= _picked(raw)
    return work_out(form, found).answers


def _picked(raw: Any) -> set[str]:
    rows = raw if isinstance(raw, list) else [raw]
    return {row for row in rows if isinstance(row, str)}


def _example(question: Field, by: User, taken: set[str]) -> Any:
    """Return an answer that the question accepts, or None when none can be made up."""
    kind = kind_of(question)
    raw = kind.sample(
        question, Sampling(day=timezone.localtime(_in_a_week(by)).date(), taken=frozenset(taken))
    )
    if raw is not None:
        return raw
    control = kind.form_field(question)
    try:
        return kind.to_json(control.clean(_typed(question, control)), question)
    except (ValidationError, TypeError, ValueError, AttributeError):
        # A kind of a plugin may accept nothing that could be guessed; then the question stays open.
        return None


def _typed(question: Any, control: forms.Field) -> Any:
    """Return what somebody could pick or type where the kind of question makes up nothing itself."""
    if isinstance(control, forms.ChoiceField):
        value = next((str(value) for value, _label in _flat(control.choices) if value not in ("", None)), "")
        return [value] if isinstance(control, forms.MultipleChoiceField) else value
    return (localized(question.label) or question.key)[:200]


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Return the choices of a control without their groups."""
    found: list[tuple[Any, Any]] = []
    for value, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(value, label)]
    return found


def _in_a_week(by: User) -> datetime:
    return add_working_days(timezone.now(), 5, department=department_of(by))
