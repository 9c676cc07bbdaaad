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

from .files import MAX_FORM_MB, MIB
from .kinds.base import FieldKind, FormContext, kind_of
from .schema import FormSchema
from .text import localized

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
        base = {"select": "form-select", "options": "form-check-input"}.get(self.layout, "form-control")
        attrs["class"] = f"{base} is-invalid" if self.errors else base
        if self.field.required and not self.is_options:
            attrs["aria-required"] = "true"
        return attrs


@dataclass(frozen=True)
class FormSection:
    """One section as the template needs it."""

    title: str
    help: str
    fields: list[BoundField]


class AnswerForm(forms.Form):
    """The form of one schema. Unknown posted names are ignored; every wrong value is a field error."""

    bound_field_class = AnswerBoundField
    use_required_attribute = False
    required_css_class = "required"

    def __init__(
        self, schema: FormSchema, *, user: Any, answers: Mapping[str, Any] | None, **kwargs: Any
    ) -> None:
        self.schema = schema
        self.user: User | None = user if getattr(user, "is_authenticated", False) else None
        self.kinds = {field.key: kind_of(field) for field in schema.fields()}
        answers = answers or {}
        initial = {f.key: self.kinds[f.key].from_json(answers.get(f.key), f) for f in schema.fields()}
        super().__init__(initial=initial, **kwargs)
        self.context = FormContext(self.user, MAX_FORM_MB * MIB)
        for field in schema.fields():
            form_field = self.kinds[field.key].form_field(field)
            self.context.held |= set(self.kinds[field.key].file_ids(answers.get(field.key)))
            if hasattr(form_field, "context"):
                form_field.context = self.context
            if hasattr(form_field, "before"):
                form_field.before = answers.get(field.key)
            self.fields[field.key] = form_field

    @property
    def sections(self) -> list[FormSection]:
        """Return the questions in their sections, checked first when something was posted."""
        if self.is_bound:
            self.full_clean_once()
        return [
            FormSection(localized(s.title), localized(s.help), [self[field.key] for field in s.fields])
            for s in self.schema.sections
        ]

    @property
    def pressed(self) -> bool:
        """Tell whether a button inside a question was pressed (a row more): the form is shown again, unsent."""
        return any(getattr(form_field, "pressed", False) for form_field in self.fields.values())

    def full_clean(self) -> None:
        """Check everything; what is shown again only for a button inside it has no mistakes yet."""
        super().full_clean()
        if self.pressed:
            self.errors.clear()

    def is_valid(self) -> bool:
        """Tell whether the answers can be taken in."""
        return super().is_valid() and not self.pressed

    def full_clean_once(self) -> None:
        """Check what was posted, unless that has been done."""
        _ = self.errors

    def answers(self) -> dict[str, Any]:
        """Return the JSON answers by key; questions without an answer are left out. Call after
        `is_valid()`."""
        raws = {
            f.key: self.kinds[f.key].to_json(self.cleaned_data.get(f.key), f) for f in self.schema.fields()
        }
        return {key: raw for key, raw in raws.items() if raw is not None}

    @property
    def mistakes(self) -> list[tuple[str, str, str]]:
        """Return (id of the control, label, message) of every error, in order, for the summary."""
        self.full_clean_once()
        found = []
        for name in self.fields:
            bound = self[name]
            found += [(bound.first_id, str(bound.label), str(error)) for error in bound.errors]  # type: ignore[attr-defined]
        return found

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
) -> AnswerForm:
    """Return the form that asks `schema` (a `FormSchema`; of a frozen row pass `row.parsed`).

    `initial` are JSON answers; give them on POST too, so that files which the answer already holds may be
    kept.
    Render it with `{% include "forms/fields.html" with form=form %}` inside `<form method="post" novalidate
    enctype="multipart/form-data">`, and pass `form.key` to `submit`.
    """
    return AnswerForm(schema, user=user, answers=initial, data=data, files=files, prefix=prefix or None)
