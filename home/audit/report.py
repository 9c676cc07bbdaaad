"""The list of audit entries, newest first, with filters by person, act, date and thing."""

from __future__ import annotations

import json
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView

from home.people.api import User, is_office_admin

from .models import Entry


class AuditFilter(WagtailFilterSet):
    """Who (also on whose behalf), what, when, about which thing."""

    person = django_filters.CharFilter(method="by_person", label=_("Person"))
    verb = django_filters.CharFilter(field_name="verb", lookup_expr="startswith", label=_("Act"))
    target = django_filters.CharFilter(field_name="target", lookup_expr="exact", label=_("Concerns"))
    at = django_filters.DateFromToRangeFilter(label=_("Date"), widget=DateRangePickerWidget)

    class Meta:
        model = Entry
        fields: list[str] = []

    def by_person(self, entries: QuerySet[Entry], name: str, value: str) -> QuerySet[Entry]:
        """Keep the acts of people whose name holds every word, and those done on their behalf."""
        people = User.objects.named_like(value).values("pk")
        return entries.filter(Q(by__in=people) | Q(on_behalf_of__in=people))


class DetailsColumn(Column):
    """The data of an entry as one line of JSON."""

    def get_value(self, instance: Entry) -> str:
        """Return nothing for no data."""
        return json.dumps(instance.data, ensure_ascii=False, sort_keys=True) if instance.data else ""


class AuditReport(ReportView):
    """Read-only; whoever does not administer the office finds no page."""

    model = Entry
    queryset = Entry.objects.select_related("by", "on_behalf_of").order_by("-seq")
    page_title = _("Audit trail")
    header_icon = "history"
    filterset_class = AuditFilter
    index_url_name = "audit_report"
    index_results_url_name = "audit_report_results"
    default_ordering = "-seq"
    is_searchable = False
    columns = [
        Column("seq", label=_("Number"), width="6%"),
        DateColumn("at", label=_("Time"), width="12%"),
        Column("by", label=_("Person")),
        Column("on_behalf_of", label=_("On behalf of")),
        Column("verb", label=_("Act")),
        Column("target", label=_("Concerns")),
        Column("label", label=_("Description")),
        DetailsColumn("data", label=_("Details"), width="25%"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let administrators in; nothing is exported, the trail stays where it is protected."""
        if not is_office_admin(request.user) or "export" in request.GET:
            raise Http404
        return super().dispatch(request, *args, **kwargs)
