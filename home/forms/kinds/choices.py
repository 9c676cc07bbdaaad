"""Kinds that offer answers: choice (one or several) and yes/no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from .base import MANY, TEXT, TRUTH, FieldKind, Sampling, Shape, WrongTypeError, field_kinds
from .other import OTHER, OtherChoiceField, OtherChoicesField

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


def repeated(choices: Iterable[Choice], name: str) -> list[Any]:
    """Return a fault for each value that comes a second time in the option called `name`."""
    seen: set[str] = set()
    lines = []
    for number, choice in enumerate(choices):
        if choice.value in seen:
            lines.append(fault("duplicate_value", name, number, "value", key=choice.value))
        seen.add(choice.value)
    return lines


class ChoiceOptions(Field):
    """Options of a choice; `style` is how one answer of several is picked, `other` adds one in own words."""

    choices: list[Choice] = PydanticField(min_length=1, max_length=300)
    several: bool = False
    style: Literal["auto", "radio", "select"] = "auto"
    other: bool = False

    @model_validator(mode="after")
    def _values_are_unique(self) -> Self:
        lines = repeated(self.choices, "choices")
        if self.other and any(choice.value == OTHER for choice in self.choices):
            lines.append(fault("duplicate_value", "choices", key=OTHER))
        if lines:
            raise ValidationError.from_exception_data("ChoiceOptions", lines)
        return self

    @property
    def radio(self) -> bool:
        """Tell whether one answer is picked with radio buttons."""
        return self.style == "radio" or (self.style == "auto" and len(self.choices) <= 6)


def choices_raw(options: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the stored value of a list of `ChoiceBlock`; values are kept."""
    from ..blocks import stable, texts_raw
    from ..picked_blocks import line_raw

    prefix = options["key"] if name == "choices" else f"{options['key']}/{name}"
    return [
        {
            "type": "item",
            "id": stable("i", f"{prefix}/{choice['value']}"),
            "value": {
                "value": choice["value"],
                **texts_raw(choice, "label"),
                "show_if": line_raw(choice.get("show_if")),
            },
        }
        for choice in options[name]
    ]


@field_kinds.register
class ChoiceKind(FieldKind):
    """One answer (its value), or with `several` a list of values; an answer in own words is `{"other": text}`."""

    code = "choice"
    label = gettext_lazy("Choice")
    icon = "list-check"
    admin_icon = "list-ul"
    group = GROUP
    layout = "options"
    cel_empty = ""
    column = calculable = True
    describe = gettext_lazy("One or several of the given answers, or one in own words.")
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
            "other": blocks.BooleanBlock(
                label=gettext_lazy("Another answer may be given in own words"), required=False
            ),
        }

    def cell_blocks(self) -> dict[str, Any]:
        """Return the answers only."""
        return {"choices": self.option_blocks()["choices"]}

    def from_block(self, value: Any) -> dict[str, Any]:
        """Give every choice its stable value."""
        from ..blocks import choices_of

        return {**super().from_block(value), "choices": choices_of(value["choices"])}

    def to_block(self, options: dict[str, Any]) -> dict[str, Any]:
        """Keep the values."""
        return {**super().to_block(options), "choices": choices_raw(options, "choices")}

    def form_field(self, field: ChoiceOptions) -> forms.Field:
        """Return radio buttons, a drop-down list or checkboxes."""
        choices = [(choice.value, localized(choice.label)) for choice in field.choices]
        common = self.common(field)
        common["error_messages"]["invalid_choice"] = _("Please pick one of the given answers.")
        if field.several:
            common["error_messages"]["invalid_list"] = _("Please pick one of the given answers.")
        if field.other:
            choices.append((OTHER, _("Other")))
        if not field.several and not field.radio:
            choices = [("", _("— choose —")), *choices]
        if field.several:
            several = OtherChoicesField if field.other else forms.MultipleChoiceField
            return several(choices=choices, widget=_widget(field), **common)
        one = OtherChoiceField if field.other else forms.ChoiceField
        return one(choices=choices, widget=_widget(field), **common)

    def may_be_column(self, field: Any) -> bool:
        """Tell whether one control can ask for the answer."""
        return not field.several and not field.other

    def cell_field(self, field: ChoiceOptions) -> forms.Field:
        """Return a drop-down list."""
        return self.form_field(field.model_copy(update={"style": "select"}))

    def to_json(self, value: Any, field: Any) -> Any:
        """Store the value, or with `several` the list of values (empty: no answer)."""
        return value or None

    def display(self, raw: Any, field: Any) -> str:
        """Write the labels."""
        labels = {choice.value: localized(choice.label) for choice in field.choices}
        values = raw if isinstance(raw, list) else [raw] if raw else []
        return ", ".join(own_words(value) or labels.get(str(value), str(value)) for value in values)

    def shape_of(self, options: Mapping[str, Any]) -> Shape:
        """Return a list of texts where several answers are possible."""
        return MANY if options.get("several") else TEXT

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return the value (`""` for no answer), or with `several` a list (empty for no answer).

        An answer in own words is `"_other"`.
        """
        if field.several:
            return [OTHER if own_words(value) else value for value in raw or []]
        return OTHER if own_words(raw) else raw or ""

    def cel_sample(self, field: Any) -> Any:
        """Return the first choice."""
        first = field.choices[0].value
        return [first] if field.several else first

    def from_cel(self, result: Any, field: Any) -> Any:
        """Return a value, or a list of values."""
        if not isinstance(result, list if field.several else str):
            raise WrongTypeError(str(self.label))
        return result or None

    def beyond(self, raw: Any, field: Any) -> str:
        """Refuse what is none of the choices."""
        known = {choice.value for choice in field.choices}
        wrong = [value for value in (raw if isinstance(raw, list) else [raw]) if value not in known]
        return _("“%(value)s” is none of the choices") % {"value": wrong[0]} if wrong else ""

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return the first choice that no other question has, else the first one."""
        values = [choice.value for choice in field.choices]
        value = next((one for one in values if one not in about.taken), values[0])
        return [value] if field.several else value


def _widget(field: ChoiceOptions) -> type[forms.Widget]:
    if field.several:
        return forms.CheckboxSelectMultiple
    return forms.RadioSelect if field.radio else forms.Select


def own_words(value: Any) -> str:
    """Return the text of an answer in own words; empty for any other answer."""
    return str(value.get("other", "")) if isinstance(value, dict) else ""


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
    shape = TRUTH
    column = calculable = True

    def form_field(self, field: Field) -> forms.Field:
        """Return two radio buttons: an unanswered question is told from a no."""
        return YesNoField(**self.common(field))

    def cell_field(self, field: Field) -> forms.Field:
        """Return a list of three entries, which is narrower."""
        control = YesNoField(**self.common(field))
        control.widget = forms.Select()
        control.choices = [("", "—"), ("yes", _("Yes")), ("no", _("No"))]
        return control

    def to_json(self, value: Any, field: Any) -> Any:
        """Store a boolean."""
        return value

    def display(self, raw: Any, field: Any) -> str:
        """Write yes or no."""
        return "" if raw is None else _("Yes") if raw else _("No")

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return a `bool`."""
        return bool(raw)

    def from_cel(self, result: Any, field: Any) -> Any:
        """Return a boolean."""
        if not isinstance(result, bool):
            raise WrongTypeError(str(self.label))
        return result

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return yes."""
        return True
