"""The form of a try-out: who submits, the answers, and what is chosen at which step."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from home.forms.api import AnswerForm, FormSchema, Section, build_form, kind_of
from home.people.api import User
from workflows.definitions.api import Definition
from workflows.engine.api import MAX_TIMES, Sample, SampleAct, filled, read_choices
from workflows.steps.api import steps, walk

from .sample_case import SampleCase
from .samples import sample_of

#: `at-sign-0` is the outcome of the first visit to the step `sign`, `to-sign-0` where a return goes.
_CHOICE = re.compile(r"(at|to)-([a-z0-9_]{1,40})-(\d{1,2})")
_PREFIX = "q"


class Desk:
    """What somebody has typed for a try-out (`data`), or a stored sample, or examples for everything.

    A submitter is anybody who works here: the directory shows them to everybody who is logged in.
    """

    def __init__(
        self, definition: Definition, *, user: User, data: Any = None, case: SampleCase | None = None
    ) -> None:
        self.definition, self.user, self.data, self.case = definition, user, data, case

    @cached_property
    def people(self) -> list[User]:
        """Everybody who may be chosen, by name."""
        return list(User.objects.filter(is_active=True).order_by("first_name", "last_name", "pk"))

    @cached_property
    def submitter(self) -> User:
        """Who submits: the one chosen, else the stored one, else whoever tries out."""
        wanted = str(self.data.get("submitter", "")) if self.data is not None else ""
        chosen = next((person for person in self.people if str(person.pk) == wanted), None)
        if chosen is not None:
            return chosen
        stored = self.stored
        return stored.submitter if stored is not None else self.user

    @cached_property
    def stored(self) -> Sample | None:
        """The stored sample that is looked at, unless its submitter has left."""
        return sample_of(self.case) if self.case is not None else None

    @cached_property
    def questions(self) -> FormSchema | None:
        """The questions of the form and of the steps, without those for files; None when nothing is asked."""
        sections = [*self.definition.form.sections, *self._of_steps()]
        kept = []
        for section in sections:
            fields = [field for field in section.fields if kind_of(field).layout != "files"]
            if fields:
                kept.append(section.model_copy(update={"fields": fields}))
        return FormSchema.model_construct(title="", sections=kept) if kept else None

    def _of_steps(self) -> list[Section]:
        found: list[Section] = []
        for spec, _place, _depth in walk(self.definition.flow.steps):
            kind = steps.get(spec.kind)
            form = kind.form(spec)
            if form is not None:
                found += [
                    section.model_copy(update={"title": section.title or spec.title})
                    for section in form.sections
                ]
            if spec.kind == "sub_dossier":
                approved = [field for field in kind.provides(spec) if field.key.endswith("_approved")]
                fields = [field.model_copy(update={"required": False}) for field in approved]
                found.append(Section.model_construct(title=spec.title, help="", fields=fields))
        return found

    @cached_property
    def form(self) -> AnswerForm | None:
        """The questions with the answers so far."""
        if self.questions is None:
            return None
        given = dict(self.stored.answers) if self.stored is not None else {}
        initial = filled(self.questions, given, by=self.submitter)
        data = self.data if self.data is not None and "submitter" in self.data else None
        return build_form(self.questions, user=self.user, data=data, initial=initial, prefix=_PREFIX)

    def is_valid(self) -> bool:
        """Check the answers."""
        return self.form is None or not self.form.is_bound or self.form.is_valid()

    def sample(self) -> Sample:
        """Return the sample that the form describes. Call after `is_valid()`."""
        if self.form is None:
            answers: Mapping[str, Any] = {}
        elif self.form.is_bound:
            answers = self.form.answers()
        else:
            given = dict(self.stored.answers) if self.stored is not None else {}
            answers = filled(self.form.schema, given, by=self.submitter)
        return Sample(self.submitter, answers, self.choices)

    @cached_property
    def choices(self) -> dict[str, tuple[SampleAct, ...]]:
        """What is chosen at which step, one for each visit."""
        if self.data is None or "submitter" not in self.data:
            return dict(self.stored.choices) if self.stored is not None else {}  # type: ignore[arg-type]
        found: dict[str, dict[int, dict[str, str]]] = {}
        for name in self.data:
            if (match := _CHOICE.fullmatch(name)) and int(match[3]) < MAX_TIMES and self.data[name]:
                part = {"at": "outcome", "to": "to"}[match[1]]
                found.setdefault(match[2], {}).setdefault(int(match[3]), {})[part] = self.data[name]
        acts = {
            step: [visits.get(n, {}) for n in range(max(visits) + 1)]
            for step, visits in found.items()
            if any("outcome" in visit for visit in visits.values())
        }
        return read_choices(acts)


def not_asked(definition: Definition) -> str:
    """Say what a try-out never asks for; empty when the form asks for nothing of it."""
    kinds = {kind_of(field).layout for field in definition.questions.fields()}
    return _("Files are not asked for in a try-out.") if "files" in kinds else ""
