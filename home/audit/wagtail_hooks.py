"""The audit trail in the Wagtail admin: a report that administrators read and nobody edits."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from home.people.api import is_office_admin

from .report import AuditReport


class AuditMenuItem(MenuItem):
    """The entry of the menu, for administrators of the office."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to administrators of the office."""
        return is_office_admin(request.user)


@hooks.register("register_reports_menu_item")
def menu_item() -> MenuItem:
    """Add the report to the menu of reports."""
    return AuditMenuItem(
        _("Audit trail"), reverse("audit_report"), name="audit", icon_name="history", order=900
    )


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    """Return the addresses of the report."""
    return [
        path("reports/audit/", AuditReport.as_view(), name="audit_report"),
        path("reports/audit/results/", AuditReport.as_view(results_only=True), name="audit_report_results"),
    ]
