"""Kinds that nobody answers: a value that is calculated from other answers, and one that goes along unseen.

Both are worked out on the server each time the form is checked; what a browser posts under their names is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from pydantic import Field as PydanticField
from wagtail import blocks

from ..rules import MAX_EXPRESSION
from ..schema import Field
from .amounts import BIGGEST_MONEY
from .base import TEXT, FieldKind, Shape, field_kinds

GROUP = gettext_lazy("Without typing")

Result = Literal["number", "money", "text", "yes_no", "date"]


class CalculatedOptions(Field):
    """Options of a calculated value; `calculation` is CEL, `result` the kind of question that it answers."""

    calculation: Annotated[str, PydanticField(min_length=1, max_length=MAX_EXPRESSION)]
    result: Result = "number"
    places: int = PydanticField(default=0, ge=0, le=3)
    unit: str = PydanticField(default="", max_length=30)

    @cached_property
    def inner(self) -> Field:
        """Return the question that the value would answer."""
        known: dict[str, dict[str, Any]] = {
            "number": {"places": self.places, "unit": self.unit},
            "money": {"min": -BIGGEST_MONEY},
            "text": {"max_length": 500},
        }
        limits = known.get(self.result, {})
        options = {"key": self.key, "kind": self.result, "label": self.label, **limits}
        found: Field = field_kinds.get(self.result).Options.model_validate(options)
        return found


class Output(forms.Widget):
    """Shows a value; there is nothing to type."""

    template_name = "forms/output.html"

    def _render(self, template_name: str, context: Any, renderer: Any = None) -> SafeString:
        """Find the template among the site's own, whatever renderer the form has."""
        return render_to_string(template_name, context)


class DerivedField(forms.Field):
    """A place on the page for what is worked out; a browser cannot fill it in."""

    widget = Output

    def __init__(self, *, kind: FieldKind, options: Field, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "required": False, "disabled": True})
        self.kind, self.options = kind, options

    def clean(self, value: Any) -> None:
        """Take nothing in."""

    def prepare_value(self, value: Any) -> Any:
        """Write the answer as people read it."""
        return self.kind.display(value, self.options)


class DerivedKind(FieldKind):
    """What both kinds share."""

    group = GROUP
    posts = False

    def form_field(self, field: Any) -> forms.Field:
        """Return a field that shows and never reads."""
        return DerivedField(kind=self, options=field, **self.common(field))

    def to_json(self, value: Any, field: Any) -> Any:
        """Store nothing of what was posted."""
        return None


@field_kinds.register
class Calculated(DerivedKind):
    """A value that follows from other answers; empty while they are missing."""

    code = "calculated"
    label = gettext_lazy("Value that is calculated")
    icon = "math-function"
    admin_icon = "decimal"
    layout = "output"
    describe = gettext_lazy("A number, amount, text or day that is calculated from other answers.")
    Options = CalculatedOptions
    cel_empty = ""

    def shape_of(self, options: Mapping[str, Any]) -> Shape:
        """Return how conditions write values of its result."""
        code = str(options.get("result") or "number")
        return field_kinds.get(code)().shape_of({}) if code in field_kinds else TEXT

    def option_blocks(self) -> dict[str, Any]:
        """Return the expression and the kind of its result."""
        results = [
            ("number", gettext_lazy("Number")),
            ("money", gettext_lazy("Amount of money")),
            ("text", gettext_lazy("Short text")),
            ("yes_no", gettext_lazy("Yes or no")),
            ("date", gettext_lazy("Date")),
        ]
        return {
            "calculation": blocks.TextBlock(
                label=gettext_lazy("Calculation (CEL)"),
                help_text=gettext_lazy(
                    "Questions are named by their keys, for example: price * quantity. Pick a key from the list."
                ),
                max_length=MAX_EXPRESSION,
                rows=2,
                form_classname="forms-expression",
            ),
            "result": blocks.ChoiceBlock(
                choices=results, default="number", label=gettext_lazy("The result is")
            ),
            "places": blocks.IntegerBlock(
                label=gettext_lazy("Decimal places"), required=False, default=0, min_value=0, max_value=3
            ),
            "unit": blocks.CharBlock(label=gettext_lazy("Unit"), required=False, max_length=30),
        }

    def _as(self, field: Any) -> tuple[FieldKind, Field]:
        return field_kinds.get(field.result)(), field.inner

    def display(self, raw: Any, field: Any) -> str:
        """Write it as an answer of its result would be."""
        kind, inner = self._as(field)
        return kind.display(raw, inner)

    def export(self, raw: Any, field: Any) -> Any:
        """Return the cell of its result."""
        kind, inner = self._as(field)
        return kind.export(raw, inner)

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return what conditions see of its result."""
        kind, inner = self._as(field)
        return kind.cel_value(raw, inner)

    def cel_sample(self, field: Any) -> Any:
        """Return an example of its result."""
        kind, inner = self._as(field)
        return kind.cel_sample(inner)


class HiddenOptions(Field):
    """Options of a hidden value: `prefill` says what the profile gives, else `default` is the text."""


@field_kinds.register
class HiddenValue(DerivedKind):
    """A text that goes along with the answers, from the profile of the person or the same for all."""

    code = "hidden"
    label = gettext_lazy("Hidden value")
    icon = "eye-off"
    admin_icon = "view"
    layout = "hidden"
    describe = gettext_lazy(
        "Kept with the answers, never shown to who answers: from their profile, or a fixed text."
    )
    Options = HiddenOptions
    cel_empty = ""

    def cel_sample(self, field: Any) -> Any:
        """Return some text."""
        return "abc"
