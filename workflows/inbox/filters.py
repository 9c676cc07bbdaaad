"""The filters above the list of dossiers."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from workflows.dossiers.api import Dossier, DossierType

from .folding import matching

#: What the list may be sorted by: the name in the address, and the columns.
ORDERS = {
    "number": ("number", "pk"),
    "subject": ("subject", "pk"),
    "state": ("state", "-opened_at", "pk"),
    "opened_at": ("opened_at", "pk"),
    "due_at": ("due_at", "pk"),
}
DEFAULT_ORDER = "-opened_at"


class DossierFilter(django_filters.FilterSet):
    """Text in number or subject, type, state, days of receipt. Values that do not exist filter nothing."""

    q = django_filters.CharFilter(
        label=_("Number or subject"), method="holding", widget=forms.TextInput(attrs={"type": "search"})
    )
    type = django_filters.ModelChoiceFilter(
        label=_("Type"), queryset=DossierType.objects.all(), empty_label=_("All types")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=Dossier.State.choices, empty_label=_("Any state")
    )
    since = django_filters.DateFilter(
        label=_("Received from"),
        field_name="opened_at",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = django_filters.DateFilter(
        label=_("Received until"),
        field_name="opened_at",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = Dossier
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in self.form.fields.items():
            question.widget.attrs["class"] = "form-select" if name in ("type", "state") else "form-control"
        self.form.fields["q"].widget.attrs |= {"placeholder": _("Number or subject"), "maxlength": 200}

    def holding(self, dossiers: QuerySet, name: str, value: str) -> QuerySet:
        """Keep what holds every word, without regard to diacritics."""
        return matching(dossiers, value[:200])


def ordered(dossiers: QuerySet, wanted: str) -> tuple[QuerySet, str]:
    """Return the list in a known order, and the order's name; an unknown one gives the newest first."""
    if wanted.removeprefix("-") not in ORDERS:
        wanted = DEFAULT_ORDER
    columns = ORDERS[wanted.removeprefix("-")]
    if wanted.startswith("-"):
        columns = tuple(name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in columns)
    return dossiers.order_by(*columns), wanted
