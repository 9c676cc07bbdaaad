"""The front door of this room: import from here, never from the modules behind it."""

from .icons import UnknownIconError, render_icon
from .navigation import MenuItem, MenuSource, Section, menu
from .searching import Hit, SearchSource, search_sources

__all__ = [
    "Hit",
    "MenuItem",
    "MenuSource",
    "SearchSource",
    "Section",
    "UnknownIconError",
    "menu",
    "render_icon",
    "search_sources",
]
