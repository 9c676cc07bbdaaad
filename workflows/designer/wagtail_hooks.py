"""What this room adds to the Wagtail admin."""

from __future__ import annotations

from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from .access import DraftPolicy
from .admin import FlowDraftViewSet
from .exchange_admin import row_buttons
from .models import FlowDraft

register_permission_policy(FlowDraft, DraftPolicy(FlowDraft))
register_snippet(FlowDraftViewSet)
hooks.register("register_snippet_listing_buttons", row_buttons)
