"""The front door of this room: import from here, never from the modules behind it.

The base page is imported as `home.base.models.BasePage`, as Django imports models.
"""

from .audiences import admits, clauses_for, people_admitted, reach_of, seen_as
from .charts import Bar, Series, bar_chart
from .collections import documents_for
from .files import may_open_collection
from .finding import catch_up, put_in_index, reindex
from .frames import Part, add_part, audience_of, draw, keep, look_of
from .icons import UnknownIconError, icon_shape, render_icon
from .kept import Kept, Shelf
from .marking import holds_all, marked, piece_of
from .navigation import MenuItem, MenuSource, Section, may_enter_admin, menu
from .numbers import FrameNumber, frame_numbers
from .private_feeds import new_token, private_feed
from .readers import AudienceKind, audience_kinds, described, names_of
from .scanning import scan
from .searching import (
    Entry,
    Hit,
    Indexed,
    SearchSource,
    query_text,
    query_words,
    search_sources,
    search_words,
    sources_in_order,
    words_of,
)
from .starting import Start, StartSource, start_choices, start_offer, start_sources

__all__ = [
    "AudienceKind",
    "Bar",
    "Entry",
    "FrameNumber",
    "Hit",
    "Indexed",
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
    "catch_up",
    "clauses_for",
    "described",
    "documents_for",
    "draw",
    "frame_numbers",
    "holds_all",
    "icon_shape",
    "keep",
    "look_of",
    "marked",
    "may_enter_admin",
    "may_open_collection",
    "menu",
    "names_of",
    "new_token",
    "people_admitted",
    "piece_of",
    "private_feed",
    "put_in_index",
    "query_text",
    "query_words",
    "reach_of",
    "reindex",
    "render_icon",
    "scan",
    "search_sources",
    "search_words",
    "seen_as",
    "sources_in_order",
    "start_choices",
    "start_offer",
    "start_sources",
    "words_of",
]
