"""The filters above the list of dossiers."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import django_filters
from django import forms
from django.db.models import Expression, F, QuerySet
from django.utils.translation import gettext_lazy as _

from plugins.api.api import Prepared
from workflows.dossiers.api import Dossier, DossierType, DueOrNever

from .folding import searching
from .gate import reader_of
from .keyset import Order

#: What the list may be sorted by: the name in the address, and keys that are never null. Migration
#: `dossiers.0004` holds an index for each.
ORDERS: dict[str, tuple[Expression | F, ...]] = {
    "number": (F("number"),),
    "subject": (F("subject"),),
    "state": (F("state"), F("opened_at")),
    "opened_at": (F("opened_at"),),
    "due_at": (DueOrNever("due_at"),),
}
DEFAULT_ORDER = "-opened_at"
#: Tasks: the most urgent first. Migration `engine.0006` holds an index for each kind of list.
URGENT = Order("due_at", (DueOrNever("scheduled"),))


class DossierFilter(django_filters.FilterSet):
    """Text in number or subject, type, state, days of receipt. Values that do not exist filter nothing."""

    q = django_filters.CharFilter(
        label=_("Number or subject"), widget=forms.TextInput(attrs={"type": "search"})
    )
    type = django_filters.ChoiceFilter(label=_("Type"), empty_label=_("All types"))
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
        types: Any = self.form.fields["type"]
        types.choices = [(str(row.pk), str(row)) for row in _types.all()]
        for name, question in self.form.fields.items():
            question.widget.attrs["class"] = "form-select" if name in ("type", "state") else "form-control"
        self.form.fields["q"].widget.attrs |= {"placeholder": _("Number or subject"), "maxlength": 200}

    @property
    def about(self) -> Hashable:
        """All that the questions show (`parts/filter_fields.html`): their text is kept under that."""
        given = tuple((name, self.form.data.get(name, "")) for name in self.filters)
        types: Any = self.form.fields["type"]
        return given, tuple(types.choices)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Ask for the words last: they are looked for in what the other filters leave."""
        text = self.form.cleaned_data.pop("q", "")
        found = super().filter_queryset(queryset)
        narrowed = any(self.form.cleaned_data.values())
        return searching(found, text[:200], reader_of(self.request), narrowed=narrowed) if text else found


_types: Prepared[DossierType] = Prepared(lambda: DossierType.objects.defer("summary", "summary_en"))


def order_of(wanted: str) -> Order:
    """Return a known order; an unknown one gives the newest first."""
    if wanted.removeprefix("-") not in ORDERS:
        wanted = DEFAULT_ORDER
    return Order(wanted, ORDERS[wanted.removeprefix("-")], falls=wanted.startswith("-"))
