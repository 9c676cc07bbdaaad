"""Kinds that ask nothing: a heading and a text between the questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from django import forms
from django.utils.translation import gettext_lazy
from pydantic import Field as PydanticField
from wagtail import blocks

from ..schema import Field
from ..text import Text, localized
from .base import NOTHING, FieldKind, Shape, field_kinds

GROUP = gettext_lazy("Layout")


class NoWidget(forms.Widget):
    """A widget without a control: nothing is posted, whatever is sent."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> None:
        """Return nothing."""
        return

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Say that there is nothing."""
        return True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """Draw nothing; the template of the question shows its words."""
        return ""


class StillField(forms.Field):
    """Words among the questions; `template` shows them."""

    widget = NoWidget

    def __init__(self, *, template: str, words: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.template, self.words = template, words

    def clean(self, value: Any) -> None:
        """Take nothing in."""
        return


class StillOptions(Field):
    """Options of what asks nothing: no answer can be required."""

    required: Literal[False] = False


class StillKind(FieldKind):
    """What heading and static text share."""

    group = GROUP
    layout = "static"
    asks = False
    Options = StillOptions
    shape = NOTHING
    cel_empty = ""

    def to_json(self, value: Any, field: Any) -> Any:
        """Store nothing."""
        return None

    def common(self, field: Field) -> dict[str, Any]:
        """Never ask for an answer."""
        return {**super().common(field), "required": False}

    def display(self, raw: Any, field: Any) -> str:
        """Show nothing: there is no answer."""
        return ""

    def shape_of(self, options: Mapping[str, Any]) -> Shape:
        """Offer nothing to conditions."""
        return NOTHING

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return the empty text."""
        return ""


@field_kinds.register
class Heading(StillKind):
    """A heading inside a section: the question is the heading, its help stands below."""

    code = "heading"
    label = gettext_lazy("Heading")
    icon = "heading"
    admin_icon = "h2"
    describe = gettext_lazy("A heading between questions; nothing is asked.")
    Options = StillOptions

    def form_field(self, field: Field) -> forms.Field:
        """Return a heading."""
        return StillField(template="forms/kinds/heading.html", **self.common(field))


class StaticTextOptions(StillOptions):
    """Options of a text between the questions; its name is shown above it with `titled`."""

    text: Text = PydanticField(default="")
    titled: bool = True


@field_kinds.register
class StaticText(StillKind):
    """A text between the questions, in paragraphs; addresses of pages in it become links."""

    code = "static_text"
    label = gettext_lazy("Static text")
    icon = "info-circle"
    admin_icon = "doc-full"
    describe = gettext_lazy("An explanation between questions; nothing is asked.")
    Options = StaticTextOptions

    def option_blocks(self) -> dict[str, Any]:
        """Return the text in both languages, and whether its name is shown."""
        text = blocks.TextBlock(label=gettext_lazy("Text"), required=False, max_length=5_000, rows=4)
        english = blocks.TextBlock(
            label=gettext_lazy("Text in English"), required=False, max_length=5_000, rows=4
        )
        titled = blocks.BooleanBlock(
            label=gettext_lazy("Show the name above the text"), required=False, default=True
        )
        return {"text": text, "text_en": english, "titled": titled}

    def from_block(self, value: Any) -> dict[str, Any]:
        """Join both languages; a box that is not ticked says so."""
        given = {"vi": value.get("text") or "", "en": value.get("text_en") or ""}
        texts = {language: words for language, words in given.items() if words}
        text = texts.get("vi", "") if set(texts) <= {"vi"} else texts
        return {"text": text, "titled": bool(value.get("titled"))}

    def to_block(self, options: dict[str, Any]) -> dict[str, Any]:
        """Part the languages."""
        from ..blocks import texts_raw

        return {**super().to_block(options), **texts_raw(options, "text")}

    def form_field(self, field: StaticTextOptions) -> forms.Field:
        """Return the text."""
        control = StillField(
            template="forms/kinds/static_text.html", words=localized(field.text), **self.common(field)
        )
        control.titled = field.titled  # type: ignore[attr-defined]
        return control
