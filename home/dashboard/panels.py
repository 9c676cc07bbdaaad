"""One's own links, as a panel like all others."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .layout import layout_of
from .registry import Column, Panel, panels


def my_links(request: HttpRequest) -> dict[str, Any] | None:
    """Return the reader's own links; nothing as long as there are none. They come with the arrangement: no query."""
    layout = getattr(request, "home_layout", None) or layout_of(request.user)
    return {"links": layout.links, "more_url": reverse("home_links")} if layout.links else None


panels.register(
    Panel(
        code="my_links",
        label=_("My links"),
        template="dashboard/panels/links.html",
        context=my_links,
        icon="link",
        order=10,
        column=Column.SIDE,
    )
)
