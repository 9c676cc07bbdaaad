"""Blocks of our own: something that is chosen, one of several alternatives, a condition.

Their look in the browser is in `steps/editor.js`; what they store, and how it is checked, is all here.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.admin.telepath.widgets import WidgetAdapter
from wagtail.blocks.stream_block import StreamBlockAdapter

from ..editor import Option
from .conditions import OPERATORS

_SCRIPTS = ("wagtailadmin/js/telepath/blocks.js", "wagtailadmin/js/telepath/widgets.js", "steps/editor.js")


def media() -> forms.Media:
    """Return the script and the style of the editor."""
    return forms.Media(
        js=[versioned_static(path) for path in _SCRIPTS], css={"all": [versioned_static("steps/editor.css")]}
    )


class PickInput(forms.TextInput):
    """A code that is chosen from a list, which the page fills."""

    def __init__(self, option: Option) -> None:
        super().__init__()
        self.option = option


class PickInputAdapter(WidgetAdapter):
    """Hands the browser what may be chosen."""

    js_constructor = "steps.Pick"

    def js_args(self, widget: PickInput) -> list[Any]:
        """Return the source, the kinds that it is limited to, and the fixed entries."""
        option = widget.option
        return [option.picks, list(option.only), list(option.extra.items())]

    @cached_property
    def media(self) -> forms.Media:
        """Return the script."""
        return media()


register(PickInputAdapter(), PickInput)


class PickBlock(blocks.FieldBlock):
    """A code that is chosen from a list."""

    def __init__(self, option: Option, help_text: Any = None, **kwargs: Any) -> None:
        self.option = option
        self.field = forms.CharField(
            required=False, help_text=help_text, widget=PickInput(option), max_length=200
        )
        super().__init__(**kwargs)

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return nothing: codes are not for searching."""
        return []

    class Meta:
        default = ""


class OneOfBlock(blocks.StreamBlock):
    """One of several alternatives, each with options of its own; drawn as a list from which one is picked."""

    class Meta:
        max_num = 1


class OneOfAdapter(StreamBlockAdapter):
    """Draws a list of the alternatives and the options of the one that is picked."""

    js_constructor = "steps.OneOf"

    @cached_property
    def media(self) -> forms.Media:
        """Return the script."""
        return media()


register(OneOfAdapter(), OneOfBlock)


class RowBlock(blocks.StructBlock):
    """One line of a condition."""

    field = PickBlock(Option(picks="question"), label=_("Question"))
    op = blocks.ChoiceBlock(
        choices=[(code, words) for code, (words, _shapes) in OPERATORS.items()],
        label=_("Comparison"),
        default="eq",
        required=False,
    )
    value = blocks.CharBlock(label=_("Value"), required=False)

    class Meta:
        form_classname = "struct-block steps-row"
        label = _("Comparison")
        label_format = ""


class ConditionBlock(blocks.StructBlock):
    """Rows that are picked, or an expression of the expert; the expression wins."""

    rows = blocks.ListBlock(RowBlock(), label=_("Comparisons"), default=[])
    join = blocks.ChoiceBlock(
        choices=[("all", _("All of these hold")), ("any", _("One of these holds"))],
        default="all",
        required=False,
        label=_("If there are several"),
    )
    expert = blocks.TextBlock(
        rows=2,
        required=False,
        label=_("Expression (CEL), for experts"),
        help_text=_("If something stands here, it counts instead of the comparisons above."),
    )

    class Meta:
        form_classname = "struct-block steps-condition"
        form_layout = blocks.BlockGroup(
            children=[
                "rows",
                "join",
                blocks.BlockGroup(
                    children=["expert"],
                    heading=_("For experts"),
                    classname="collapsed",
                    icon="code",
                    label_format="",
                ),
            ]
        )
