"""Dossier types in the Wagtail admin: what there is, on which version, and whether it takes new dossiers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from workflows.dossiers.api import DossierType, PaperTemplate

from .paper_admin import PaperTemplateViewSet, TemplateKeepers
from .paper_views import download_template, preview_template


class SwitchOnly(ModelPermissionPolicy):
    """Types are made by publishing a definition; here they can only be opened and closed, never added or deleted."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        """Refuse what publishing does, and what would take history along."""
        return action not in ("add", "delete") and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: AbstractBaseUser, actions: Any) -> bool:
        """Ask for each action."""
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: AbstractBaseUser, action: str, instance: Any) -> bool:
        """Ask as for all rows."""
        return self.user_has_permission(user, action)


class DossierTypeViewSet(SnippetViewSet):
    """All dossier types; closing one lets running dossiers go on."""

    model = DossierType
    icon = "folder-open-inverse"
    menu_label = _("Dossier types")
    menu_name = "dossier-types"
    menu_order = 220
    add_to_admin_menu = True
    list_display = ["title", "code", "department", "current", "is_active"]
    list_filter = ["is_active", "department"]
    search_fields = ["title", "code"]
    panels = [
        FieldPanel("title", read_only=True),
        FieldPanel("code", read_only=True),
        FieldPanel("department", read_only=True),
        FieldPanel("is_active"),
    ]
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["title", "title_en", "code", "summary", "department", "current", "is_active"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch department and version along with the rows."""
        return DossierType.objects.select_related("department", "current__type")


register_permission_policy(DossierType, SwitchOnly(DossierType))
register_snippet(DossierTypeViewSet)
register_permission_policy(PaperTemplate, TemplateKeepers(PaperTemplate))
register_snippet(PaperTemplateViewSet)


@hooks.register("register_admin_urls")
def template_urls() -> list[URLPattern]:
    """Return the addresses of the files of paper templates."""
    below = "paper-templates/<int:pk>"
    return [
        path(f"{below}/file/", download_template, name="paper_template_file"),
        path(f"{below}/preview/", preview_template, name="paper_template_preview"),
    ]
