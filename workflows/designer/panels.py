"""Panels and inputs of the editor that Wagtail has no like of."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.panels import Panel

from workflows.steps.blocks.api import media

from .lists import lists_for


class ListsPanel(Panel):
    """Writes what the choosers offer into the page, once."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "designer/admin/lists.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Hand the lists to the template."""
            return {**super().get_context_data(parent_context), "lists": lists_for(self.request.user)}


class PickSelect(forms.Select):
    """A chooser of a question outside of the blocks; the page fills it."""

    def __init__(self, source: str) -> None:
        super().__init__({"data-forms-pick": source})

    @property
    def media(self) -> forms.Media:
        """Return the script of the choosers."""
        return media()

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        """Offer what is chosen; the page adds the rest."""
        self.choices = [("", ""), *((one, one) for one in value if one)]
        return super().optgroups(name, value, attrs)


class SuggestInput(forms.TextInput):
    """A text with suggestions, which the page fills: what is used already, or something new."""

    def __init__(self, source: str) -> None:
        super().__init__({"data-forms-suggest": source, "autocomplete": "off"})
