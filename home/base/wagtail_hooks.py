"""What this room adds to Wagtail: the gate before pages, documents and choosers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .files import may_open_collection
from .forms import CollectionAudienceForm
from .models import BasePage, BasePageQuerySet, CollectionAudience
from .page_files import DOCUMENT, may_open_file
from .page_links import PageLink
from .reader_field import find_readers, readers_script


@hooks.register("before_serve_page", order=-100)
def hide_page(page: BasePage, request: HttpRequest, args: Any, kwargs: Any) -> None:
    """Answer as if the page did not exist to whoever may not see it."""
    if not page.is_visible_to(request.user):
        raise Http404


@hooks.register("before_serve_document", order=-100)
def hide_document(document: Any, request: HttpRequest) -> None:
    """Answer as if the document did not exist to whoever may not open its collection, or sees none of its pages."""
    if not may_open_collection(request.user, document.collection):
        raise Http404
    if not may_open_file(request.user, DOCUMENT, document):
        raise Http404


@hooks.register("construct_page_chooser_queryset")
def limit_chooser(pages: BasePageQuerySet, request: HttpRequest) -> BasePageQuerySet:
    """Offer editors only pages that they may see: titles of other departments' pages stay hidden."""
    return pages.filter(pk__in=BasePage.objects.within_reach_of(request.user).values("pk"))


@hooks.register("register_rich_text_features", order=100)  # after Wagtail's own, in whose place it comes
def page_links(features: Any) -> None:
    """Write links to pages so that their addresses tell nothing to those who may not see the page."""
    features.register_link_type(PageLink)


@hooks.register("insert_global_admin_js")
def vietnamese_slugs() -> str:
    """Load the script that makes readable addresses of Vietnamese titles."""
    return format_html('<script src="{}"></script>', static("base/admin_slug.js"))


@hooks.register("register_admin_urls")
def readers_address() -> list[URLPattern]:
    """Mount the search for readers; for whoever may enter the admin."""
    return [path("audience/readers/", find_readers, name="audience_readers")]


@hooks.register("insert_global_admin_js")
def readers_widget() -> str:
    """Load the script of the readers' search box."""
    return readers_script()


@hooks.register("insert_global_admin_css")
def admin_style() -> str:
    """Load the looks of what this room adds."""
    return format_html('<link rel="stylesheet" href="{}">', static("base/admin.css"))


class CollectionAudienceViewSet(SnippetViewSet):
    """The screen on which collections are given to readers."""

    model = CollectionAudience
    icon = "lock"
    menu_order = 900
    add_to_settings_menu = True
    list_display = ["collection"]
    edit_handler = ObjectList(
        [FieldPanel("collection"), FieldPanel("departments"), FieldPanel("readers")],
        base_form_class=CollectionAudienceForm,
    )


register_snippet(CollectionAudienceViewSet)
