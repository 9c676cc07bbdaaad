"""The front door of this room: import from here, never from the modules behind it.

The base page is imported as `home.base.models.BasePage`, as Django imports models.
"""

from .charts import Bar, Series, bar_chart
from .files import may_open_collection
from .icons import UnknownIconError, icon_shape, render_icon
from .navigation import MenuItem, MenuSource, Section, may_enter_admin, menu
from .searching import Hit, SearchSource, search_sources, search_words

__all__ = [
    "Bar",
    "Hit",
    "MenuItem",
    "MenuSource",
    "SearchSource",
    "Section",
    "Series",
    "UnknownIconError",
    "bar_chart",
    "icon_shape",
    "may_enter_admin",
    "may_open_collection",
    "menu",
    "render_icon",
    "search_sources",
    "search_words",
]
