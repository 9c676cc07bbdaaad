"""What stands before the addresses of drafts, and before Wagtail's reports that would name drafts of others."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages

from home.forms.api import SchemaError
from home.people.api import is_office_admin
from workflows.definitions.api import PublishError

from .access import builds_types, drafts_of

#: Reports over all kinds of things: Wagtail shows every row of a kind to whoever may change one of it.
_REPORTS = ("wagtailadmin_reports:site_history", "wagtailadmin_reports:workflow")
#: What Wagtail does with several rows at once: it would name those that are out of reach.
_BULK = "wagtail_bulk_action"


class ReportGateMiddleware:
    """Answer 404 at those reports to a department's administrators of dossier types."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Raise Http404 at the reports, and at actions on several drafts at once; else it costs nothing."""
        match = request.resolver_match
        if match is not None and match.view_name == _BULK and kwargs.get("app_label") == "designer":
            raise Http404
        if match is None or not match.view_name.startswith(_REPORTS) or not request.user.is_authenticated:
            return
        if not is_office_admin(request.user) and builds_types(request.user):
            raise Http404


def gated(view: Callable[..., Any], *, unpublished: bool = False, closed: bool = False) -> Callable[..., Any]:
    """Return a view that knows no draft out of reach: 404, whatever Wagtail's own view would ask for.

    With `unpublished` it knows only drafts that were never published, with `closed` none at all.
    """

    @wraps(view)
    def ask(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if closed or not builds_types(request.user):
            raise Http404
        if "pk" in kwargs:
            found = drafts_of(request.user).filter(pk=_key(kwargs["pk"]))
            if not (found.filter(type=None) if unpublished else found).exists():
                raise Http404
        try:
            return view(request, *args, **kwargs)
        except (PublishError, SchemaError) as error:
            # An approval or a schedule elsewhere in Wagtail: what is refused is said, and nothing has changed.
            messages.error(request, _("It cannot be published: %(reason)s") % {"reason": error})
            return redirect("wagtailsnippets_designer_flowdraft:edit", kwargs["pk"])

    return ask


def _key(raw: Any) -> int:
    text = unquote(str(raw))
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)
