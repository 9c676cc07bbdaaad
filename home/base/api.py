"""The front door of this room: import from here, never from the modules behind it.

The base page is imported as `home.base.models.BasePage`, as Django imports models.
"""

from .audiences import admits, clauses_for, people_admitted, reach_of, seen_as
from .charts import Bar, Series, bar_chart
from .files import may_open_collection, open_collections
from .frames import Part, add_part, audience_of, draw, keep, look_of
from .icons import UnknownIconError, icon_shape, render_icon
from .kept import Kept, Shelf
from .navigation import MenuItem, MenuSource, Section, may_enter_admin, menu
from .private_feeds import new_token, private_feed
from .readers import AudienceKind, audience_kinds, described, names_of
from .searching import Hit, SearchSource, search_sources, search_words
from .starting import Start, StartSource, start_choices, start_offer, start_sources

__all__ = [
    "AudienceKind",
    "Bar",
    "Hit",
    "Kept",
    "MenuItem",
    "MenuSource",
    "Part",
    "SearchSource",
    "Section",
    "Series",
    "Shelf",
    "Start",
    "StartSource",
    "UnknownIconError",
    "add_part",
    "admits",
    "audience_kinds",
    "audience_of",
    "bar_chart",
    "clauses_for",
    "described",
    "draw",
    "icon_shape",
    "keep",
    "look_of",
    "may_enter_admin",
    "may_open_collection",
    "menu",
    "names_of",
    "new_token",
    "open_collections",
    "people_admitted",
    "private_feed",
    "reach_of",
    "render_icon",
    "search_sources",
    "search_words",
    "seen_as",
    "start_choices",
    "start_offer",
    "start_sources",
]
