"""What this room adds to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button


@hooks.register("register_page_listing_more_buttons")
def preview_as_in_lists(page: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Offer “Preview as …” to whoever may edit the page."""
    yield from _preview_as(page, user)


@hooks.register("register_page_header_buttons")
def preview_as_in_header(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Offer “Preview as …” to whoever may edit the page."""
    yield from _preview_as(page, user)


def _preview_as(page: Any, user: Any) -> Iterator[Button]:
    if page.depth > 1 and page.permissions_for_user(user).can_edit():
        address = reverse("preview_as", args=[page.pk])
        yield Button(_("Preview as …"), address, icon_name="view", priority=12)
