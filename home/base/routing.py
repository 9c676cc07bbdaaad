"""From an address to its page: one look-up for all segments, where Wagtail makes two for each."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from django.http import HttpRequest
from wagtail.models import Site
from wagtail.url_routing import RouteResult

from home.people.api import remembered

if TYPE_CHECKING:
    from .models import BasePage


def site_of(request: HttpRequest) -> Site | None:
    """Return the site of a request, as `Site.find_for_request` does; read again only when something has changed."""
    if not hasattr(request, "_wagtail_site"):
        key = ("site", request.get_host(), request.get_port())
        site = remembered(request.user, key, lambda: Site._find_for_request(request))
        # Requests never share the objects: pages keep what they have looked up on themselves.
        request._wagtail_site = _own_copy(site) if site is not None else None  # type: ignore[attr-defined]
    found: Site | None = request._wagtail_site  # type: ignore[attr-defined]
    return found


def _own_copy(site: Site) -> Site:
    page = copy(site.root_page)
    site = copy(site)
    site.root_page = page
    return site


def pages_on_the_way(site: Site, path: str) -> list[BasePage] | None:
    """Return the pages that the segments of `path` name, from the top down; None when one does not exist, or when
    one of them reads the rest of the address in its own way. One query.
    """
    from .models import BasePage

    names = [name for name in path.split("/") if name]
    paths = [site.root_page.url_path]
    for name in names:
        paths.append(f"{paths[-1]}{name}/")
    found = {page.url_path: page for page in BasePage.objects.filter(url_path__in=paths[1:])}
    way = [found.get(path) for path in paths[1:]]
    parent = site.root_page
    for page in way:
        if page is None or page.specific_class is None or page.specific_class.route is not BasePage.route:
            return None
        page._cached_parent_obj, parent = parent, page
    return [page for page in way if page is not None]


def route(request: HttpRequest, path: str) -> RouteResult | None:
    """Return the published or archived page at `path`; None leaves it to Wagtail: the home page, and 404."""
    site = site_of(request)
    way = pages_on_the_way(site, path) if site is not None else None
    if not way or not (way[-1].live or way[-1].expired):
        return None
    page = way[-1].specific
    if not (page.live or page.is_archived):
        return None
    page._cached_parent_obj = way[-1]._cached_parent_obj
    page.way = way[:-1]
    return RouteResult(page)
