"""Operations in the Wagtail admin: messages that did not leave, and runs of scheduled jobs."""

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
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from plugins.api.job_admin import JobRunViewSet, LookOnly

from .delivery import retry
from .models import Delivery


class DeliveryIndex(IndexView):
    """The list, with a button that sends what failed once more."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add how many have failed."""
        failed = Delivery.objects.filter(state=Delivery.State.FAILED).count()
        return super().get_context_data(*args, failed=failed, **kwargs)


class DeliveryViewSet(SnippetViewSet):
    """Messages by channel, the newest first."""

    model = Delivery
    icon = "mail"
    menu_label = _("Deliveries")
    menu_name = "deliveries"
    index_view_class = DeliveryIndex
    index_template_name = "notifications/admin/deliveries.html"
    list_display = ["notification", "recipient", "channel", "state", "attempts", "sent_at", "last_error"]
    list_filter = ["state", "channel"]
    inspect_view_enabled = True
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch who is told along with the rows."""
        return Delivery.objects.select_related("notification__recipient")


class OperationsGroup(SnippetViewSetGroup):
    """What runs behind the pages."""

    items = (DeliveryViewSet, JobRunViewSet)
    menu_label = _("Operations")
    menu_icon = "cogs"
    menu_name = "operations"
    menu_order = 900


register_permission_policy(Delivery, LookOnly(Delivery))
register_snippet(OperationsGroup)


@require_POST
def retry_failed(request: HttpRequest) -> HttpResponse:
    """Put every failed message back into the outbox; for superusers."""
    if not request.user.is_superuser:
        raise PermissionDenied
    count = retry(Delivery.objects.all())
    text = ngettext("%(count)d message is sent again.", "%(count)d messages are sent again.", count)
    messages.success(request, text % {"count": count})
    return redirect(reverse(DeliveryViewSet.model.snippet_viewset.get_url_name("list")))  # type: ignore[attr-defined]


@hooks.register("register_admin_urls")
def retry_url() -> list[Any]:
    """Mount the action."""
    return [path("deliveries/retry/", retry_failed, name="deliveries_retry")]
