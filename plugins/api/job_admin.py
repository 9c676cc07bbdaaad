"""The runs of scheduled jobs in the Wagtail admin: to look at, not to edit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet

from .job_models import JobRun


class LookOnly(ModelPermissionPolicy):
    """Rows that the house writes itself: superusers, and who holds the view permission, may look at them."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow nothing but looking."""
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Allow nothing but looking."""
        return any(self.user_has_permission(user, action) for action in actions)


class JobRunViewSet(SnippetViewSet):
    """Runs, the newest first."""

    model = JobRun
    icon = "history"
    menu_label = _("Scheduled jobs")
    menu_name = "job-runs"
    list_display = ["label", "due_at", "finished_at", "state"]
    list_filter = ["state", "code"]
    inspect_view_enabled = True
    inspect_view_fields = ["code", "due_at", "started_at", "finished_at", "state", "error"]
    copy_view_enabled = False


register_permission_policy(JobRun, LookOnly(JobRun))
