"""Work for dossiers in the Wagtail admin: what waits, what failed, and a button that has it tried again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from plugins.api.job_admin import LookOnly
from workflows.dossiers.api import Errand

from .errands import retry_failed_errands


class ErrandIndex(IndexView):
    """The list, with a button that has what failed tried once more."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add how many have failed."""
        failed = Errand.objects.filter(state=Errand.State.FAILED).count()
        return super().get_context_data(*args, failed=failed, **kwargs)


class ErrandViewSet(SnippetViewSet):
    """Errands, the newest first."""

    model = Errand
    icon = "tasks"
    menu_label = _("Errands")
    menu_name = "errands"
    menu_order = 890
    add_to_admin_menu = True
    index_view_class = ErrandIndex
    index_template_name = "engine/admin/errands.html"
    list_display = ["dossier", "kind", "state", "attempts", "next_at", "error"]
    list_filter = ["state", "kind"]
    inspect_view_enabled = True
    inspect_view_fields = [
        "dossier",
        "kind",
        "step",
        "state",
        "attempts",
        "created_at",
        "next_at",
        "finished_at",
        "error",
    ]
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch the dossiers along with the rows."""
        return Errand.objects.select_related("dossier").order_by("-pk")


register_permission_policy(Errand, LookOnly(Errand))
register_snippet(ErrandViewSet)


@require_POST
def retry_failed(request: HttpRequest) -> HttpResponse:
    """Have all work that failed tried again; for superusers."""
    if not request.user.is_superuser:
        raise PermissionDenied
    count = retry_failed_errands(by=request.user)
    text = ngettext("%(count)d errand is tried again.", "%(count)d errands are tried again.", count)
    messages.success(request, text % {"count": count})
    return redirect(reverse(ErrandViewSet.model.snippet_viewset.get_url_name("list")))  # type: ignore[attr-defined]


@hooks.register("register_admin_urls")
def retry_url() -> list[Any]:
    """Mount the action."""
    return [path("errands/retry/", retry_failed, name="errands_retry")]
