"""One's own links, as a panel like all others."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .layout import layout_of
from .registry import Column, Panel, panels


def my_links(request: HttpRequest) -> Hashable | None:
    """Return the reader's own links; nothing as long as there are none. They come with the arrangement: no query."""
    layout = getattr(request, "home_layout", None) or layout_of(request.user)
    return tuple((link["label"], link["url"]) for link in layout.links) or None


def _whole(request: HttpRequest) -> dict[str, Any]:
    return {"more_url": reverse("home_links")}


panels.register(
    Panel(
        code="my_links",
        label=_("My links"),
        template="dashboard/panels/links.html",
        context=_whole,
        shows=my_links,
        icon="link",
        order=10,
        column=Column.SIDE,
    )
)
