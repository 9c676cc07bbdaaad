"""The report of searches that found nothing, in the place of Wagtail's report of all terms."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.contrib.search_promotions.views.reports import SearchTermsReportView


class MissedPaginator(WagtailPaginator):
    """Counts in the reader's words: Wagtail's model has none."""

    verbose_name = _("phrase")
    verbose_name_plural = _("phrases")


class MissedReportView(SearchTermsReportView):
    """Words that were looked for in vain, the most frequent first: what to write, or what to promote."""

    page_title = _("Searches that found nothing")
    paginator_class = MissedPaginator
    index_url_name = "missed_searches"
    index_results_url_name = "missed_searches_results"
    columns: ClassVar[list[Any]] = [
        Column("query_string", label=_("Looked for"), sort_key="query_string"),
        NumberColumn("_hits", label=_("How often"), sort_key="_hits"),
    ]
    export_headings: ClassVar[dict[str, Any]] = {"query_string": _("Looked for"), "_hits": _("How often")}
