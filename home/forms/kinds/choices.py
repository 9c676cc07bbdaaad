"""Kinds that offer answers: choice (one or several) and yes/no."""

from __future__ import annotations

from typing import Any, Literal, Self

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field as PydanticField
from pydantic import ValidationError, field_validator, model_validator
from wagtail import blocks

from ..problems import Strict, fault
from ..rules import When
from ..schema import Field
from ..text import Label, clean_text, localized
from .base import FieldKind, field_kinds

GROUP = gettext_lazy("Choice")


class Choice(Strict):
    """One possible answer: `value` is stored and stable, `label` is shown; `show_if` says when it is offered."""

    value: str = PydanticField(min_length=1, max_length=100)
    label: Label
    show_if: When = ""

    @field_validator("value")
    @classmethod
    def _clean(cls, value: str) -> str:
        return clean_text(value)


class ChoiceOptions(Field):
    """Options of a choice; `style` is how one answer of several is picked."""

    choices: list[Choice] = PydanticField(min_length=1, max_length=300)
    several: bool = False
    style: Literal["auto", "radio", "select"] = "auto"

    @model_validator(mode="after")
    def _values_are_unique(self) -> Self:
        seen: set[str] = set()
        lines = []
        for number, choice in enumerate(self.choices):
            if choice.value in seen:
                lines.append(fault("duplicate_value", "choices", number, "value", key=choice.value))
            seen.add(choice.value)
        if lines:
            raise ValidationError.from_exception_data("ChoiceOptions", lines)
        return self

    @property
    def radio(self) -> bool:
        """Tell whether one answer is picked with radio buttons."""
        return self.style == "radio" or (self.style == "auto" and len(self.choices) <= 6)


@field_kinds.register
class ChoiceKind(FieldKind):
    """One answer (its value), or with `several` a list of values."""

    code = "choice"
    label = gettext_lazy("Choice")
    icon = "list-check"
    admin_icon = "list-ul"
    group = GROUP
    layout = "options"
    describe = gettext_lazy("One or several of the given answers.")
    Options = ChoiceOptions

    def option_blocks(self) -> dict[str, Any]:
        """Return the answers and how they are picked."""
        from ..blocks import ChoicesBlock

        styles = [
            ("auto", gettext_lazy("Buttons for a few answers, else a list")),
            ("radio", gettext_lazy("Buttons")),
            ("select", gettext_lazy("Drop-down list")),
        ]
        return {
            "choices": ChoicesBlock(label=gettext_lazy("Answers"), min_num=1),
            "several": blocks.BooleanBlock(
                label=gettext_lazy("Several answers are possible"), required=False
            ),
            "style": blocks.ChoiceBlock(
                choices=styles, default="auto", required=False, label=gettext_lazy("Appearance")
            ),
        }

    def from_block(self, value: Any) -> dict[str, Any]:
        """Give every choice its stable value."""
        from ..blocks import choices_of

        return {**super().from_block(value), "choices": choices_of(value["choices"])}

    def to_block(self, options: dict[str, Any]) -> dict[str, Any]:
        """Keep the values."""
        from ..blocks import choices_raw

        raw = super().to_block(options)
        raw["choices"] = choices_raw(options["choices"], options["key"])
        return raw

    def form_field(self, field: ChoiceOptions) -> forms.Field:
        """Return radio buttons, a drop-down list or checkboxes."""
        choices = [(choice.value, localized(choice.label)) for choice in field.choices]
        common = self.common(field)
        common["error_messages"]["invalid_choice"] = _("Please pick one of the given answers.")
        if field.several:
            common["error_messages"]["invalid_list"] = _("Please pick one of the given answers.")
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        if field.radio:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        return forms.ChoiceField(choices=[("", _("— choose —")), *choices], widget=forms.Select, **common)

    def to_json(self, value: Any, field: Any) -> Any:
        """Store the value, or with `several` the list of values (empty: no answer)."""
        return value or None

    def display(self, raw: Any, field: Any) -> str:
        """Write the labels."""
        labels = {choice.value: localized(choice.label) for choice in field.choices}
        values = raw if isinstance(raw, list) else [raw] if raw else []
        return ", ".join(labels.get(value, str(value)) for value in values)

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return the value (`""` for no answer), or with `several` a list (empty for no answer)."""
        if field.several:
            return list(raw or [])
        return raw or ""

    def cel_sample(self, field: Any) -> Any:
        """Return the first choice."""
        first = field.choices[0].value
        return [first] if field.several else first


class YesNoField(forms.TypedChoiceField):
    """Yes or no, picked explicitly."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["error_messages"]["invalid_choice"] = _("Please answer yes or no.")
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """Turn a stored boolean into the posted word."""
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


@field_kinds.register
class YesNo(FieldKind):
    """Yes or no; in conditions no answer counts as no (`false`)."""

    code = "yes_no"
    label = gettext_lazy("Yes or no")
    icon = "toggle-left"
    admin_icon = "check"
    group = GROUP
    layout = "options"
    describe = gettext_lazy("A question that is answered with yes or no.")
    cel_empty = False

    def form_field(self, field: Field) -> forms.Field:
        """Return two radio buttons: an unanswered question is told from a no."""
        return YesNoField(**self.common(field))

    def to_json(self, value: Any, field: Any) -> Any:
        """Store a boolean."""
        return value

    def display(self, raw: Any, field: Any) -> str:
        """Write yes or no."""
        return "" if raw is None else _("Yes") if raw else _("No")

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return a `bool`."""
        return bool(raw)
