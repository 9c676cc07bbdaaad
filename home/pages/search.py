"""The search page: pages first, then what every room finds in its own things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from home.base.api import Hit, search_sources, search_words
from home.base.models import BasePage
from home.people.api import Department

PAGE_SIZE = 15
SOURCE_LIMIT = 6
#: Longer queries are cut: nobody types them, and the database would work for nothing.
MAX_LENGTH = 200
_SHORTEST_PREFIX = 2


@dataclass(frozen=True)
class FoundGroup:
    """What one source found."""

    code: str
    label: str
    hits: list[Hit]


def pages_for(user: Any, query: str) -> Any:
    """Return the search results over pages that `user` may see, best first; diacritics do not matter.

    Whole words first; when they find nothing, beginnings of words in titles.
    """
    folded = search_words(query)[:MAX_LENGTH]
    # The root and the home page are no finds.
    pages = BasePage.objects.visible_to(user).filter(depth__gt=2)
    if not folded:
        return []
    found = pages.search(folded, operator="and")
    if not found.count() and len(folded) >= _SHORTEST_PREFIX:
        found = pages.autocomplete(folded, operator="and")
    return found


def groups_for(user: Any, query: str) -> list[FoundGroup]:
    """Return what the sources of all rooms found; sources that found nothing are left out."""
    groups = []
    for source in sorted(search_sources, key=lambda source: source.order):
        hits = source.search(user, query, SOURCE_LIMIT)
        if hits:
            groups.append(FoundGroup(source.code, str(source.label), hits))
    return groups


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found for `?q=`; without a query, only the box."""
    query = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:MAX_LENGTH]
    page_of: Page[BasePage] | None = None
    groups: list[FoundGroup] = []
    if search_words(query):
        page_of = Paginator(pages_for(request.user, query), PAGE_SIZE).get_page(request.GET.get("page"))
        page_of.object_list = _with_details(list(page_of.object_list))
        groups = groups_for(request.user, query) if page_of.number == 1 else []
    found_any = bool(groups or (page_of and page_of.object_list))
    return render(
        request,
        "pages/search.html",
        {"query": query, "page_of": page_of, "groups": groups, "found_any": found_any},
    )


def _with_details(pages: list[BasePage]) -> list[BasePage]:
    """Return the same pages as their own types, in the same order, with their departments."""
    found = list(BasePage.objects.filter(pk__in=[page.pk for page in pages]).specific())
    departments = Department.objects.in_bulk({page.department_id for page in found} - {None})
    for page in found:
        page.department = departments.get(page.department_id)
    by_pk = {page.pk: page for page in found}
    return [by_pk[page.pk] for page in pages]
