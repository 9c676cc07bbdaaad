"""Blocks of our own: something that is chosen, one of several alternatives. Conditions come from `home.forms`.

Their look in the browser is in `steps/editor.js`; what they store, and how it is checked, is all here.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.blocks.stream_block import StreamBlockAdapter

from home.forms.api import PickBlock as FormsPickBlock
from home.forms.api import PickInput, editor_media

from ..editor import Option


def media() -> forms.Media:
    """Return the script and the style of the editor."""
    return editor_media(("steps/editor.js",), ("steps/editor.css",))


class PickBlock(FormsPickBlock):
    """A code that is chosen from a list, as an option says."""

    def __init__(self, option: Option, help_text: Any = None, **kwargs: Any) -> None:
        self.option = option
        super().__init__(PickInput(option.picks, option.only, option.extra), help_text, **kwargs)


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
