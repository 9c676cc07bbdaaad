"""A schema as a Django form, and its answers as JSON."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property

from .browser import Logic, logic_of
from .checks import fault_of
from .files import MAX_FORM_MB, MIB
from .kinds.base import FieldKind, FormContext, kind_of
from .logic import State, work_out
from .prefill import first_answer
from .schema import Field, FormSchema, Section
from .text import localized
from .unique import is_taken, taken_words

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from home.people.models import User

KEY_NAME = "_key"
OWNER_NAME = "_owner"
OWNER_SALT = "home.forms.owner"


def owner_token(user: User) -> str:
    """Return the signed name that any form posts as `_owner`, so that `keep_on_expiry` knows whose it was."""
    return signing.dumps(user.pk, salt=OWNER_SALT)


class AnswerBoundField(BoundField):
    """A question on the page: its kind, layout and classes."""

    kind: FieldKind

    @property
    def layout(self) -> str:
        """Return how the template lays the question out: input, select, options, files, group, static."""
        layout: str = self.form.kinds[self.name].layout  # type: ignore[attr-defined]
        if layout == "options" and isinstance(self.field.widget, forms.Select) and not self.is_options:
            return "select"
        return layout

    @property
    def errors(self) -> Any:
        """Return the errors that are to be shown by now."""
        judged = self.form.judged  # type: ignore[attr-defined]
        return super().errors if judged is None or self.name in judged else self.form.error_class()

    def value(self) -> Any:
        """Return what stands in the box; of a value that is worked out, how it stands now."""
        if self.name in self.form.unseen:  # type: ignore[attr-defined]
            return self.field.prepare_value(self.initial)
        if self.form.kinds[self.name].posts:  # type: ignore[attr-defined]
            return super().value()
        return self.field.prepare_value(self.form.state.answers.get(self.name))  # type: ignore[attr-defined]

    @property
    def is_off(self) -> bool:
        """Tell whether the question is not asked, as the answers stand."""
        return self.name in self.form.state.hidden  # type: ignore[attr-defined]

    @property
    def is_required(self) -> bool:
        """Tell whether an answer is required, as the answers stand."""
        return self.field.required or self.name in self.form.state.required  # type: ignore[attr-defined]

    @property
    def may_be_required(self) -> bool:
        """Tell whether other answers decide if an answer is required."""
        return bool(self.form.questions[self.name].require_if)  # type: ignore[attr-defined]

    @property
    def only_if(self) -> str:
        """Return in words when the question is asked; empty for always."""
        return self.form.logic.words(self.name)  # type: ignore[attr-defined]

    @property
    def is_options(self) -> bool:
        """Tell whether the widget is a list of radio buttons or checkboxes."""
        return isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)

    @property
    def first_id(self) -> str:
        """Return the id of the first control, where the error summary leads."""
        widget = self.field.widget
        if hasattr(widget, "first_id"):
            return str(widget.first_id(self.auto_id))
        return f"{self.auto_id}_0" if self.is_options else str(self.auto_id)

    def build_widget_attrs(self, attrs: Any, widget: Any = None) -> Any:
        """Add Tabler's classes and say to screen readers what is required."""
        attrs = super().build_widget_attrs(attrs, widget)
        base = _CLASSES.get(self.layout, "form-control")
        attrs["class"] = f"{base} is-invalid" if self.errors else base
        if self.is_required and not self.is_options:
            attrs["aria-required"] = "true"
        question = self.form.questions[self.name]  # type: ignore[attr-defined]
        if question.placeholder and self.layout == "input":
            attrs["placeholder"] = question.placeholder
        return attrs


_CLASSES = {"select": "form-select", "options": "form-check-input", "output": "form-control-plaintext"}


@dataclass(frozen=True)
class FormSection:
    """One section as the template needs it."""

    title: str
    help: str
    fields: list[BoundField]
    number: int = 0
    is_off: bool = False


@dataclass(frozen=True)
class Mistake:
    """One line of the summary: where it leads, which question, what is wrong."""

    href: str
    label: str
    message: str


class AnswerForm(forms.Form):
    """The form of one schema. Unknown posted names are ignored; every wrong value is a field error.

    `step` is the only one that is shown, None for all; `judged` are the questions whose errors are shown by now,
    None for all; `unseen` those that no page has asked yet, which show what they begin with. Questions that are not
    asked as the answers stand have no error and no answer.
    """

    bound_field_class = AnswerBoundField
    use_required_attribute = False
    required_css_class = "required"

    def __init__(
        self,
        schema: FormSchema,
        *,
        user: Any,
        answers: Mapping[str, Any] | None,
        known: FormSchema | None = None,
        source: str = "",
        **kwargs: Any,
    ) -> None:
        self.schema, self.known, self.source = schema, known, source
        self.user: User | None = user if getattr(user, "is_authenticated", False) else None
        self.questions: dict[str, Field] = {field.key: field for field in schema.fields()}
        self.kinds = {key: kind_of(field) for key, field in self.questions.items()}
        self.step: int | None = None
        self.judged: frozenset[str] | None = None
        self.unseen: frozenset[str] = frozenset()
        self.own = self._first_answers(dict(answers or {}))
        super().__init__(initial=self._initial(), **kwargs)
        self.context = FormContext(self.user, MAX_FORM_MB * MIB)
        for key, field in self.questions.items():
            form_field = self.kinds[key].form_field(field)
            self.context.held |= set(self.kinds[key].file_ids(self.own.get(key)))
            if hasattr(form_field, "context"):
                form_field.context = self.context
            if hasattr(form_field, "before"):
                form_field.before = self.own.get(key)
            self.fields[key] = form_field

    def _first_answers(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Add what questions begin with, unless the form has been answered before; hidden values are always there."""
        fresh = self.questions.keys().isdisjoint(answers)
        for key, field in self.questions.items():
            wanted = (field.prefill or field.default) and (fresh or not self.kinds[key].posts)
            if wanted and key not in answers and (raw := first_answer(field, self.user)) is not None:
                answers[key] = raw
        return answers

    def _initial(self) -> dict[str, Any]:
        return {key: self.kinds[key].from_json(self.own.get(key), f) for key, f in self.questions.items()}

    @cached_property
    def logic(self) -> Logic:
        """Return what the browser is told, so that it shows and hides questions by itself."""
        return logic_of(self)

    @property
    def state(self) -> State:
        """Return how the form stands: with what was posted, or with what it begins with."""
        if self.is_bound:
            self.full_clean_once()
            return self._state
        return self._first_state

    @cached_property
    def _first_state(self) -> State:
        return self._work_out({key: raw for key, raw in self.own.items() if key in self.questions})

    def _work_out(self, answers: dict[str, Any]) -> State:
        given = {key: raw for key, raw in self.own.items() if key not in self.questions}
        return work_out(self.schema, answers, known=self.known, given=given)

    def full_clean(self) -> None:
        """Check every answer by its kind, then what is asked at all, then what all kinds share."""
        super().full_clean()
        if not self.is_bound:
            return
        posted = {key: self._raw(key) for key in self.questions}
        self._state = self._work_out({key: raw for key, raw in posted.items() if raw is not None})
        if self.pressed:  # shown again only for a button inside it: there are no mistakes yet
            self.errors.clear()
            return
        for key in self._state.hidden:
            self.errors.pop(key, None)
            self.cleaned_data.pop(key, None)
        for key, field in self.questions.items():
            if key not in self._state.hidden and self.kinds[key].posts:
                self._check(key, field)

    def _raw(self, key: str) -> Any:
        """Return the answer that was posted and accepted; of a hidden value the one of the server."""
        kind, field = self.kinds[key], self.questions[key]
        if not kind.posts:
            return self.own.get(key)
        return kind.to_json(self.cleaned_data[key], field) if key in self.cleaned_data else None

    def _check(self, key: str, field: Field) -> None:
        raw = self._state.answers.get(key)
        if key in self.errors:
            if field.message and not self.has_error(key, "required"):
                self.errors[key] = self.error_class([localized(field.message)])
        elif raw is None:
            if key in self._state.required:
                self.add_error(key, self.fields[key].error_messages["required"])
        elif fault := fault_of(field, raw, self._state.without.get(key, frozenset())):
            self.add_error(key, fault)
        elif field.unique and self.source and raw != self.own.get(key) and is_taken(self.source, key, raw):
            self.add_error(key, taken_words())

    @property
    def sections(self) -> list[FormSection]:
        """Return the questions in their sections, checked first when something was posted; of one step only, if set."""
        numbers = range(len(self.schema.sections)) if self.step is None else self.schema.steps[self.step]
        return [self._section(number, self.schema.sections[number]) for number in numbers]

    def _section(self, number: int, section: Section) -> FormSection:
        shown = [self[f.key] for f in section.fields if self.kinds[f.key].layout != "hidden"]
        is_off = number in self.state.closed
        return FormSection(localized(section.title), localized(section.help), shown, number, is_off)

    @property
    def pressed(self) -> bool:
        """Tell whether a button inside a question was pressed (a row more): the form is shown again, unsent."""
        return any(getattr(form_field, "pressed", False) for form_field in self.fields.values())

    def is_valid(self) -> bool:
        """Tell whether the answers can be taken in."""
        return super().is_valid() and not self.pressed

    def full_clean_once(self) -> None:
        """Check what was posted, unless that has been done."""
        _ = self.errors

    def answers(self) -> dict[str, Any]:
        """Return the JSON answers by key; questions without an answer are left out. Call after
        `is_valid()`."""
        return {key: self.state.answers[key] for key in self.questions if key in self.state.answers}

    @property
    def mistakes(self) -> list[tuple[str, str, str]]:
        """Return (id of the control, label, message) of every error, in order, for the summary."""
        self.full_clean_once()
        found = []
        for name in self.fields:
            bound = self[name]
            found += [(bound.first_id, str(bound.label), str(error)) for error in bound.errors]  # type: ignore[attr-defined]
        return found

    @property
    def summary(self) -> list[Mistake]:
        """Return every error with where it leads: to the question, on the step that asks it."""
        here = None if self.step is None else self.names_of_step(self.step)
        found = []
        for name in self.fields:
            bound: Any = self[name]
            away = here is not None and name not in here
            at = f"?step={self.step_of(name) + 1}&check=1" if away else ""
            found += [Mistake(f"{at}#{bound.first_id}", str(bound.label), str(text)) for text in bound.errors]
        return found

    def names_of_step(self, step: int) -> frozenset[str]:
        """Return the keys of the questions of a step."""
        sections = (self.schema.sections[number] for number in self.schema.steps[step])
        return frozenset(field.key for section in sections for field in section.fields)

    def step_of(self, name: str) -> int:
        """Return the step that asks a question."""
        return next(n for n in range(len(self.schema.steps)) if name in self.names_of_step(n))

    @cached_property
    def key(self) -> str:
        """Return the idempotency key: the posted one, or a new one."""
        posted = str(self.data.get(self.add_prefix(KEY_NAME), "")) if self.is_bound else ""
        try:
            return uuid.UUID(posted).hex
        except ValueError:
            return uuid.uuid4().hex

    @property
    def key_name(self) -> str:
        """Return the posted name of the key."""
        return self.add_prefix(KEY_NAME)

    @property
    def logic_id(self) -> str:
        """Return the id under which the rules stand in the page."""
        return f"{self.prefix or 'form'}-logic"

    @property
    def owner_token(self) -> str:
        """Return the signed name of the person the form was made for; see `keep_on_expiry`."""
        return owner_token(self.user) if self.user else ""


def build_form(
    schema: FormSchema,
    *,
    user: User | AnonymousUser | None,
    data: Any = None,
    files: Any = None,
    initial: Mapping[str, Any] | None = None,
    prefix: str = "",
    known: FormSchema | None = None,
    source: str = "",
) -> AnswerForm:
    """Return the form that asks `schema` (a `FormSchema`; of a frozen row pass `row.parsed`).

    `initial` are JSON answers; give them on POST too, so that files which the answer already holds may be
    kept.
    Render it with `{% include "forms/fields.html" with form=form %}` inside `<form method="post" novalidate
    enctype="multipart/form-data">`, and pass `form.key` to `submit`. Conditions may also name questions of `known`,
    whose answers are in `initial`. Answers that must be unique are so among the submissions of `source`.
    """
    return AnswerForm(
        schema,
        user=user,
        answers=initial,
        known=known,
        source=source,
        data=data,
        files=files,
        prefix=prefix or None,
    )
