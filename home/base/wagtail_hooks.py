"""What this room adds to Wagtail: the gate before pages, documents and choosers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .files import may_open_collection
from .models import BasePage, BasePageQuerySet, CollectionAudience


@hooks.register("before_serve_page", order=-100)
def hide_page(page: BasePage, request: HttpRequest, args: Any, kwargs: Any) -> None:
    """Answer as if the page did not exist to whoever may not see it."""
    if not page.is_visible_to(request.user):
        raise Http404


@hooks.register("before_serve_document", order=-100)
def hide_document(document: Any, request: HttpRequest) -> None:
    """Answer as if the document did not exist to whoever may not open its collection."""
    if not may_open_collection(request.user, document.collection):
        raise Http404


@hooks.register("construct_page_chooser_queryset")
def limit_chooser(pages: BasePageQuerySet, request: HttpRequest) -> BasePageQuerySet:
    """Offer editors only pages that they may see: titles of other departments' pages stay hidden."""
    return pages.filter(pk__in=BasePage.objects.within_reach_of(request.user).values("pk"))


@hooks.register("insert_global_admin_js")
def vietnamese_slugs() -> str:
    """Load the script that makes readable addresses of Vietnamese titles."""
    return format_html('<script src="{}"></script>', static("base/admin_slug.js"))


class CollectionAudienceViewSet(SnippetViewSet):
    """The screen on which collections are given to departments."""

    model = CollectionAudience
    icon = "lock"
    menu_order = 900
    add_to_settings_menu = True
    list_display = ["collection"]


register_snippet(CollectionAudienceViewSet)
