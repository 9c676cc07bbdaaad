"""What this room adds to the Wagtail admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from .department_admin import PeopleGroup
from .import_admin import import_people, import_template
from .merge_admin import merge_departments
from .user_admin import DeactivateBulkAction

register_snippet(PeopleGroup)
# After Wagtail's own bulk actions, whose deletion it replaces.
hooks.register("register_bulk_action", DeactivateBulkAction, order=100)


@hooks.register("register_admin_urls")
def import_urls() -> list[URLPattern]:
    """Return the addresses of the import and of merging."""
    return [
        path("departments/merge/", merge_departments, name="people_merge"),
        path("people/import/", import_people, name="people_import"),
        path("people/import/template.xlsx", import_template, name="people_import_template"),
    ]
