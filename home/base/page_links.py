"""Links to pages in running text: the address of a page that is not for everybody does not say what it is called."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe
from wagtail.rich_text.pages import PageLinkHandler

from home.people.api import key_in

from .models import BasePage


class PageLink(PageLinkHandler):
    """Wagtail's links to pages. Addresses are made of titles, and a text has more readers than what it links to."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, Any]]) -> list[str]:
        """Return the beginning of each link. One query, whatever their number and kinds."""
        keys = [key_in(attrs.get("id", "")) for attrs in attrs_list]
        pages = BasePage.objects.in_bulk({key for key in keys if key is not None})
        return [f'<a href="{escape(_address(pages[key]))}">' if key in pages else "<a>" for key in keys]


def _address(page: BasePage) -> str:
    is_open = page.live and page.audience_rule_id is None and page.audience == BasePage.Audience.EVERYONE
    return (page.url or "") if is_open else reverse("page_by_key", args=[page.pk])


@login_required
@require_safe
def page_by_key(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to a page by its key; 404 for whoever may not see it."""
    page = BasePage.objects.readable_by(request.user).filter(pk=pk).first()
    if page is None or not page.url:
        raise Http404
    return redirect(page.url)
