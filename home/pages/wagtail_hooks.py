"""What this room adds to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.menu import AdminOnlyMenuItem, MenuItem
from wagtail.admin.viewsets.pages import base_page_viewset
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet

from . import form_exchange
from .admin_views import EditPage
from .form_page import FormPage
from .missed_report import MissedReportView
from .person_chooser import person_chooser
from .shared_block_admin import DeleteSharedBlocks, NewsCategoryViewSet, SharedBlockViewSet
from .shared_blocks import SharedBlock

base_page_viewset.edit_view_class = EditPage

register_snippet(SharedBlockViewSet)
register_snippet(NewsCategoryViewSet)


@hooks.register("register_admin_urls")
def form_exchange_urls() -> list[URLPattern]:
    """Return the addresses of files of forms."""
    return [
        path("forms/pages/<int:pk>/form.yaml", form_exchange.hand_out, name="form_page_hand_out"),
        path("forms/pages/<int:pk>/take-in/", form_exchange.take_in, name="form_page_take_in"),
    ]


@hooks.register("register_page_header_buttons")
def form_exchange_buttons(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Offer to hand the questions of a form page out, and to take others in."""
    if not isinstance(page.specific, FormPage) or not page.permissions_for_user(user).can_edit():
        return
    hand_out, take_in = (
        reverse("form_page_hand_out", args=[page.pk]),
        reverse("form_page_take_in", args=[page.pk]),
    )
    yield Button(_("Questions as a file (YAML)"), hand_out, icon_name="download", priority=60)
    yield Button(_("Take in questions from a file"), take_in, icon_name="upload", priority=61)


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


@hooks.register("register_admin_viewset")
def choosing_people() -> Any:
    """Mount the chooser of people."""
    return person_chooser


@hooks.register("describe_collection_contents")
def shared_blocks_in(collection: Any) -> dict[str, Any] | None:
    """Tell that a collection holds shared blocks: it cannot be deleted before they are."""
    count = SharedBlock.objects.filter(collection=collection).count()
    if not count:
        return None
    text = ngettext("%(count)s shared block", "%(count)s shared blocks", count) % {"count": count}
    return {"count": count, "count_text": text, "url": None}


hooks.register("register_bulk_action", DeleteSharedBlocks, order=100)  # after Wagtail's own for all snippets


@hooks.register("register_admin_urls")
def missed_searches_urls() -> list[URLPattern]:
    """Return the addresses of the report of searches that found nothing."""
    return [
        path("reports/missed-searches/", MissedReportView.as_view(), name="missed_searches"),
        path(
            "reports/missed-searches/results/",
            MissedReportView.as_view(results_only=True),
            name="missed_searches_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def missed_searches_item() -> MenuItem:
    """Offer the report to administrators."""
    return AdminOnlyMenuItem(
        _("Searches that found nothing"),
        reverse("missed_searches"),
        name="missed-searches",
        icon_name="search",
        order=1300,
    )


@hooks.register("construct_reports_menu")
def hide_search_terms(request: Any, items: list[MenuItem]) -> None:
    """Take Wagtail's report out: it shows the same counts under a name that promises all searches."""
    items[:] = [item for item in items if item.name != "search-terms"]
