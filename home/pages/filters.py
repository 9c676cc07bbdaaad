"""The filters above lists of news and notices."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.people.api import Department

from .categories import NewsCategory
from .urgency import Urgency

PERIODS = [
    ("week", _("Last 7 days")),
    ("month", _("Last 30 days")),
    ("year", _("This year")),
    ("last_year", _("Last year")),
]


def span(period: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of a named period, seen from `today`."""
    if period == "last_year":
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    first = {"week": today - timedelta(days=6), "month": today - timedelta(days=29)}.get(period)
    return first or date(today.year, 1, 1), date.max


class ArticleFilter(django_filters.FilterSet):
    """Department and period; values that do not exist filter nothing."""

    department = django_filters.ModelChoiceFilter(
        label=_("Department"),
        queryset=lambda request: Department.objects.filter(is_active=True),
        empty_label=_("All departments"),
    )
    period = django_filters.ChoiceFilter(
        label=_("Period"), choices=PERIODS, empty_label=_("Any time"), method="in_period"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.form.fields.values():
            field.widget.attrs["class"] = "form-select"

    def in_period(self, articles: QuerySet, name: str, value: str) -> QuerySet:
        """Keep what is dated within the period."""
        return articles.filter(published_on__range=span(value, timezone.localdate()))


class NewsFilter(ArticleFilter):
    """Category, department and period; `?category=<code>` is an address that lasts."""

    category = django_filters.ModelChoiceFilter(
        label=_("Category"),
        queryset=lambda request: NewsCategory.objects.all(),
        to_field_name="code",
        empty_label=_("All categories"),
    )


class NoticeFilter(ArticleFilter):
    """Department, period and urgency."""

    urgency = django_filters.ChoiceFilter(
        label=_("Urgency"), choices=Urgency.choices, empty_label=_("Any urgency")
    )
