"""What this room adds to the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.snippets.action_menu import PublishMenuItem
from wagtail.snippets.models import register_snippet

from .access import DraftPolicy
from .admin import FlowDraftViewSet
from .exchange_admin import row_buttons
from .models import FlowDraft

register_permission_policy(FlowDraft, DraftPolicy(FlowDraft))
register_snippet(FlowDraftViewSet)
hooks.register("register_snippet_listing_buttons", row_buttons)


class PublishTypeItem(PublishMenuItem):
    """Publishes the type as its next version."""

    label = _("Publish as the next version")
    template_name = "designer/admin/publish.html"


@hooks.register("construct_snippet_action_menu")
def ask_the_policy(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Offer to publish as the policy of drafts says, not as the model's permission; nothing is ever taken back."""
    if context["model"] is not FlowDraft:
        return
    items[:] = [item for item in items if item.name not in ("action-publish", "action-unpublish")]
    may = policy_registry.get_by_type(FlowDraft).user_has_permission(request.user, "publish")
    if may and not context.get("locked_for_user"):
        items.append(PublishTypeItem(order=10))
