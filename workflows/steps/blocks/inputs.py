"""Blocks of our own: something that is chosen, one of several alternatives, a condition."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from ..editor import Option
from .conditions import OPERATORS


class PickBlock(blocks.CharBlock):
    """A code that is chosen from a list: the page fills the list (`designer/editor.js`)."""

    def __init__(self, option: Option, **kwargs: Any) -> None:
        self.option = option
        super().__init__(required=False, **kwargs)


class OneOfBlock(blocks.StreamBlock):
    """One of several alternatives, each with options of its own; drawn as a list from which one is picked."""

    class Meta:
        max_num = 1


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


class ConditionBlock(blocks.StructBlock):
    """Rows that are picked, or an expression of the expert; the expression wins."""

    join = blocks.ChoiceBlock(
        choices=[("all", _("All of these hold")), ("any", _("One of these holds"))],
        default="all",
        required=False,
        label=_("Holds when"),
    )
    rows = blocks.ListBlock(RowBlock(), label=_("Comparisons"), default=[])
    expert = blocks.TextBlock(
        rows=2,
        required=False,
        label=_("Expression (CEL), for experts"),
        help_text=_("If something stands here, it counts instead of the comparisons above."),
    )
