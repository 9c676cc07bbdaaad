"""The panels of one reader, drawn."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from .layout import layout_of, places
from .registry import Column


@dataclass
class DrawnPanel:
    """A panel with its content, ready for the template; `before` and `after` are its neighbours on the page."""

    code: str
    label: str
    icon: str
    more_url: str
    body: SafeString
    column: str = Column.MAIN
    before: str = ""
    after: str = ""

    @property
    def other_column(self) -> str:
        """Return the column in which the panel does not stand."""
        return Column.SIDE if self.column == Column.MAIN else Column.MAIN


def panels_for(request: HttpRequest) -> dict[str, list[DrawnPanel]]:
    """Return the reader's panels for each column, in the reader's order; hidden ones and those without content are
    left out, and hidden ones cost nothing.
    """
    drawn: dict[str, list[DrawnPanel]] = {column: [] for column in Column.values}
    layout = layout_of(request.user)
    request.home_layout = layout  # type: ignore[attr-defined]
    for place in places(layout):
        context = None if place.hidden else place.panel.context(request)
        if context is not None:
            panel = place.panel
            body = render_to_string(panel.template, context, request=request)
            more_url = str(context.get("more_url") or "")
            shown = DrawnPanel(panel.code, str(panel.label), panel.icon, more_url, body, place.column)
            drawn[place.column].append(shown)
    for column in drawn.values():
        for one, two in pairwise(column):
            one.after, two.before = two.code, one.code
    return drawn
