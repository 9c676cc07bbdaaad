"""Paper templates in the Wagtail admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from workflows.dossiers.api import PaperTemplate

from .paper_admin import PaperTemplateViewSet, TemplateKeepers
from .paper_views import download_template, preview_template

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
