"""Wagtail's own screens that would name a hidden page or collection to an editor of another section."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch

from home.people.api import is_office_admin

from .models import BasePage

#: Keywords by which admin addresses name pages; some views show the title before they ask for rights.
_PAGE_KEYS = ("parent_page_id", "page_to_move_id", "destination_id")
#: Addresses that speak of the whole office, whoever asks.
_WHOLE_OFFICE = frozenset(
    {"wagtailadmin_reports:page_types_usage", "wagtailadmin_reports:page_types_usage_results"}
)
_CHOOSERS = "wagtailsnippetchoosers_"
#: What everybody in the office may know, and editors pick from; and shared blocks, whose chooser lists one's own only.
_OPEN_CHOOSERS = frozenset({"people_department", "people_position", "meetings_room", "pages_sharedblock"})


class AdminGateMiddleware:
    """Answer 404 where the admin names what the editor may not see; one query, on those addresses only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Raise Http404 for a page out of reach, and for lists of the whole office."""
        user: Any = request.user
        match = request.resolver_match
        if match is None or not user.is_authenticated or user.is_superuser:
            return
        if not _concerns(match, kwargs) or not user.has_perm("wagtailadmin.access_admin"):
            return  # Wagtail itself refuses whoever has no right to its admin
        if match.view_name in _WHOLE_OFFICE and not is_office_admin(user):
            raise Http404
        if not all(_may_choose(user, name) for name in match.namespaces if name.startswith(_CHOOSERS)):
            raise Http404
        wanted = {kwargs[key] for key in _PAGE_KEYS if key in kwargs}
        if wanted and not _within_reach(user, wanted):
            raise Http404


def _concerns(match: ResolverMatch, kwargs: dict[str, Any]) -> bool:
    """Tell whether the address is one that could name something hidden."""
    is_chooser = any(name.startswith(_CHOOSERS) for name in match.namespaces)
    return is_chooser or match.view_name in _WHOLE_OFFICE or any(key in kwargs for key in _PAGE_KEYS)


def _may_choose(user: Any, namespace: str) -> bool:
    """Tell whether `user` may look through the rows of a chooser: `wagtailsnippetchoosers_<app>_<model>`."""
    chosen = namespace.removeprefix(_CHOOSERS)
    app, _, model = chosen.partition("_")
    rights = (f"{app}.{action}_{model}" for action in ("view", "change", "add"))
    return chosen in _OPEN_CHOOSERS or any(user.has_perm(right) for right in rights)


def _within_reach(user: Any, wanted: set[Any]) -> bool:
    pages = BasePage.objects.within_reach_of(user).filter(pk__in=wanted)
    return pages.count() == len(wanted)
