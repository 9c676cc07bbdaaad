"""Wagtail's own screens that would name a hidden page or collection to an editor of another section."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch
from wagtail.models import CollectionMember
from wagtail.permissions import policy_registry

from home.people.api import is_office_admin, key_in

from .models import BasePage

#: Keywords by which admin addresses name pages; some views show the title before they ask for rights.
_PAGE_KEYS = ("parent_page_id", "page_to_move_id", "destination_id")
#: Addresses that speak of the whole office, whoever asks.
_WHOLE_OFFICE = frozenset(
    {"wagtailadmin_reports:page_types_usage", "wagtailadmin_reports:page_types_usage_results"}
)
#: Acts on several things at once: Wagtail names those that the editor may not touch.
_SEVERAL = "wagtail_bulk_action"
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
        if match.view_name == _SEVERAL and not _works_with(user, kwargs, request.GET.getlist("id")):
            raise Http404
        if not all(_may_choose(user, name) for name in match.namespaces if name.startswith(_CHOOSERS)):
            raise Http404
        wanted = {kwargs[key] for key in _PAGE_KEYS if key in kwargs}
        if wanted and not _within_reach(user, wanted):
            raise Http404

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        """Leave out the titles of what an act on several things leaves alone: “all” takes in the whole office."""
        match, context = request.resolver_match, response.context_data
        if match is not None and match.view_name == _SEVERAL and not request.user.is_superuser:
            context["items_with_no_access"] = []
        return response


def _concerns(match: ResolverMatch, kwargs: dict[str, Any]) -> bool:
    """Tell whether the address is one that could name something hidden."""
    is_chooser = any(name.startswith(_CHOOSERS) for name in match.namespaces)
    named = match.view_name in _WHOLE_OFFICE or match.view_name == _SEVERAL
    return is_chooser or named or any(key in kwargs for key in _PAGE_KEYS)


def _works_with(user: Any, kwargs: dict[str, Any], ids: list[str]) -> bool:
    """Tell whether `user` works as an editor with each of these things; with all of a list, Wagtail asks by itself.

    Kinds without a policy of their own (people, snippets) are in the hands of their own views.
    """
    try:
        model = apps.get_model(kwargs["app_label"], kwargs["model_name"])
    except LookupError:
        return False
    wanted = {key_in(key) for key in ids if key != "all"}
    if None in wanted:
        return False
    if not wanted:
        return True
    if issubclass(model, BasePage):
        found = BasePage.objects.seen_or_edited_by(user).filter(pk__in=wanted)
    elif issubclass(model, CollectionMember):
        policy = policy_registry.get_by_type(model)
        mine = policy.instances_user_has_any_permission_for(user, ["add", "change", "delete", "choose"])
        found = mine.filter(pk__in=wanted)
    else:
        return True
    return bool(found.count() == len(wanted))


def _may_choose(user: Any, namespace: str) -> bool:
    """Tell whether `user` may look through the rows of a chooser: `wagtailsnippetchoosers_<app>_<model>`."""
    chosen = namespace.removeprefix(_CHOOSERS)
    app, _, model = chosen.partition("_")
    rights = (f"{app}.{action}_{model}" for action in ("view", "change", "add"))
    return chosen in _OPEN_CHOOSERS or any(user.has_perm(right) for right in rights)


def _within_reach(user: Any, wanted: set[Any]) -> bool:
    pages = BasePage.objects.within_reach_of(user).filter(pk__in=wanted)
    return pages.count() == len(wanted)
