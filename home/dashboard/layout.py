"""Arranging the home page: where panels stand, which are hidden, and one's own links. Each change is one function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from home.people.api import User
from plugins.api.api import EXAMPLE_KEY, Prepared

from .models import HomeLayout
from .registry import Column, Panel, panels

#: How many links of their own people keep.
MOST_LINKS = 30


class UnknownPanelError(LookupError):
    """A panel that does not exist (any more)."""


@dataclass(frozen=True)
class Place:
    """Where one panel stands for one reader."""

    panel: Panel
    column: str
    hidden: bool


_layout: Prepared[HomeLayout] = Prepared(
    lambda user: HomeLayout.objects.filter(user=user).order_by(), EXAMPLE_KEY, keyed=True
)


def layout_of(user: Any) -> HomeLayout:
    """Return how the person has arranged the page; an empty arrangement where nothing was ever moved. One query."""
    if not isinstance(user, User):
        return HomeLayout()
    return _layout.first(user.pk) or HomeLayout(user=user)


def places(layout: HomeLayout) -> list[Place]:
    """Return all panels of today in the reader's order; new ones stand behind those that rooms put before them."""
    kept = {code: column for code, column in layout.places if code in panels and column in Column.values}
    hidden = set(layout.hidden)
    order = list(kept)
    for panel in sorted(panels, key=lambda panel: panel.order):
        if panel.code not in kept:
            order.insert(_place_of_new(panel, order), panel.code)
    found = [panels.get(code) for code in order]
    return [Place(panel, kept.get(panel.code, panel.column), panel.code in hidden) for panel in found]


def move(user: User, code: str, *, beside: str, after: bool) -> None:
    """Put a panel before or after another one, in the column of that one. Raises `UnknownPanelError`."""
    with _changing(user) as layout:
        found = {place.panel.code: place.column for place in places(layout)}
        if code not in found or beside not in found or code == beside:
            raise UnknownPanelError(code)
        order = [other for other in found if other != code]
        order.insert(order.index(beside) + after, code)
        _keep(layout, order, found | {code: found[beside]})


def to_column(user: User, code: str, column: str) -> None:
    """Put a panel at the end of the other column. Raises `UnknownPanelError`."""
    with _changing(user) as layout:
        found = {place.panel.code: place.column for place in places(layout)}
        if code not in found or column not in Column.values:
            raise UnknownPanelError(code)
        _keep(layout, [*(other for other in found if other != code), code], found | {code: column})


def set_hidden(user: User, code: str, *, hidden: bool) -> None:
    """Hide a panel, or show it again. Raises `UnknownPanelError`."""
    if code not in panels:
        raise UnknownPanelError(code)
    with _changing(user) as layout:
        layout.hidden = [other for other in layout.hidden if other != code] + ([code] if hidden else [])


def reset(user: User) -> None:
    """Put everything back to where the office has it; one's own links stay."""
    with _changing(user) as layout:
        layout.places, layout.hidden = [], []


def set_links(user: User, links: Sequence[dict[str, str]]) -> None:
    """Keep one's own links: label and address of each, checked by the form."""
    with _changing(user) as layout:
        layout.links = [{"label": link["label"], "url": link["url"]} for link in links][:MOST_LINKS]


@contextmanager
def _changing(user: User) -> Iterator[HomeLayout]:
    """Give the person's arrangement, locked, and store it: two tabs at once do not undo each other's change."""
    with transaction.atomic():
        HomeLayout.objects.get_or_create(user=user)
        layout = HomeLayout.objects.select_for_update().get(user=user)
        yield layout
        layout.save()


def _keep(layout: HomeLayout, order: Sequence[str], columns: dict[str, str]) -> None:
    """Write the order of today's panels; those that are gone keep their place at the end."""
    gone = [[code, column] for code, column in layout.places if code not in columns]
    layout.places = [[code, columns[code]] for code in order] + gone


def _place_of_new(panel: Panel, order: Sequence[str]) -> int:
    """Return the place behind the last panel that its room puts before this one."""
    before = [number for number, code in enumerate(order) if panels.get(code).order <= panel.order]
    return before[-1] + 1 if before else 0
