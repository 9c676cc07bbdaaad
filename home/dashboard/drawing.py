"""The panels of one reader, as two parts of the frame: the wide column and the one beside it.

What was drawn once is kept under what it shows, for everybody: only queries are left for who comes back.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest

from home.base.api import Kept, Shelf, add_part, audience_of, draw, keep, look_of

from .layout import layout_of, places
from .registry import Column, Panel

#: Characters of panels that one process keeps: those of some hundreds of people.
shelf: Shelf[Body] = Shelf(8_000_000)


@dataclass(frozen=True)
class Body(Kept):
    """What stands inside the card of a panel, empty when it has nothing to show, and the address of the whole."""

    more_url: str = ""


@dataclass(frozen=True)
class DrawnPanel:
    """A panel with its content, ready for the template; `before` and `after` are its neighbours on the page."""

    panel: Panel
    column: str
    content: Body
    before: str = ""
    after: str = ""

    @property
    def other_column(self) -> str:
        """Return the column in which the panel does not stand."""
        return Column.SIDE if self.column == Column.MAIN else Column.MAIN

    @property
    def about(self) -> Hashable:
        """Return all that the card shows."""
        return (
            self.panel.code,
            self.column,
            self.before,
            self.after,
            self.content.more_url,
            self.content.digest,
        )


def column_of(request: HttpRequest, column: str) -> Sequence[Kept]:
    """Return the cards of one column, in the reader's order, or a word where there is none in either column."""
    columns = panels_for(request)
    if not any(columns.values()) and column == Column.MAIN:
        return [keep(request, "dashboard/empty.html", None)]
    return [_card(request, one) for one in columns[column]]


def panels_for(request: HttpRequest) -> dict[str, list[DrawnPanel]]:
    """Return the reader's panels for each column, in the reader's order; hidden ones and those without content are
    left out, and hidden ones cost nothing. Asked for once a request.
    """
    known: dict[str, list[DrawnPanel]] | None = getattr(request, "_home_panels", None)
    if known is None:
        layout = layout_of(request.user)
        request.home_layout = layout  # type: ignore[attr-defined]
        shown = [
            DrawnPanel(place.panel, place.column, content)
            for place in places(layout)
            if not place.hidden and (content := _content(request, place.panel)).pieces != ("",)
        ]
        known = {column: _beside([one for one in shown if one.column == column]) for column in Column.values}
        request._home_panels = known  # type: ignore[attr-defined]
    return known


def _beside(column: Sequence[DrawnPanel]) -> list[DrawnPanel]:
    codes = ["", *(one.panel.code for one in column), ""]
    neighbours = zip(codes, codes[2:], strict=False)
    return [
        replace(one, before=before, after=after)
        for one, (before, after) in zip(column, neighbours, strict=True)
    ]


def _card(request: HttpRequest, one: DrawnPanel) -> Kept:
    return keep(request, "dashboard/panel.html", one.about, lambda: {"panel": one})


def _content(request: HttpRequest, panel: Panel) -> Body:
    shown = panel.shows(request) if panel.shows is not None else None
    if panel.shows is not None and shown is None:
        return Body(("",), "")
    about = audience_of(request) if panel.same_for_audience else None
    if about is None and (panel.same_for_audience or panel.shows is None):
        return _drawn(request, panel, shown)
    key = (panel.code, look_of(request), about, shown)
    known = shelf.get(key)
    if known is None:
        known = _drawn(request, panel, shown)
        shelf.put(key, known)
    return known


def _drawn(request: HttpRequest, panel: Panel, shown: Hashable) -> Body:
    context = panel.context(request)
    if context is None:
        return Body(("",), "")
    kept = draw(request, panel.template, {**context, "shown": shown})
    return Body(kept.pieces, kept.digest, str(context.get("more_url") or ""))


add_part("boardmain", lambda request: column_of(request, Column.MAIN))
add_part("boardside", lambda request: column_of(request, Column.SIDE))
add_part("greeting", lambda request: [keep(request, "dashboard/greeting.html", str(request.user))])
