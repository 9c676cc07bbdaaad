"""The panels of the personal home page: rooms and plugins contribute them through `panels.py`."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.functional import Promise

from plugins.api.api import Registry


class Column(models.TextChoices):
    """Where a panel stands: in the wide column, or beside it."""

    MAIN = "main"
    SIDE = "side"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One panel: `context(request)` gives what `template` shows, or None when there is nothing for this
    reader.

    It shows only what the reader may see, in at most three queries, whatever the amount of data. The
    template holds what stands inside the card; heading, icon and the link to everything (`more_url` in the
    context) are drawn for all panels alike.

    Drawing costs more than asking, so a panel may say when its text stays the same. `shows(request)` returns all
    that the text depends on, besides language and theme, as a value that can be compared (None: nothing to show);
    the template knows it as `shown`, and `context` is asked only when the text is drawn. A panel that is
    `same_for_audience` shows what all readers of the same pages see alike: its text stays until such a page, a
    group or a place changes, or the day ends.
    """

    code: str
    label: str | Promise
    template: str
    context: Callable[[HttpRequest], dict[str, Any] | None]
    icon: str = "layout-dashboard"
    order: int = 100
    column: str = Column.MAIN
    shows: Callable[[HttpRequest], Hashable | None] | None = None
    same_for_audience: bool = False


#: Every room and plugin may ship a `panels.py` that registers here.
panels: Registry[Panel] = Registry(Panel, module="panels", noun="panel")
