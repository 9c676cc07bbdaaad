"""What lists of dossiers and of tasks are narrowed by: text, type, department, urgency, state and due date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from home.people.api import Department, User, key_in
from workflows.dossiers.api import Dossier, DossierType

from .content_search import AnswersHold
from .deadlines import soon_after
from .folding import HoldsWords, words_in
from .marks import URGENCIES, urgent

LIGHTS = (("late", _("Late")), ("soon", _("Due soon")), ("on_time", _("On time")), ("none", _("No due date")))
CONTENT = "content"
#: Where words are looked for, besides the usual place.
PLACES = ((CONTENT, _("The content too")),)
#: Letters of a search at most.
LONGEST = 200
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Moments:
    """Now, and until when a due date is near: the same for all lists of one page."""

    now: datetime
    soon: Callable[[], datetime]

    @classmethod
    def of(cls, now: datetime | None = None) -> Moments:
        """Return the moments of one page; the calendar is asked when they are needed, and once."""
        at = now or timezone.now()
        return cls(at, cache(lambda: soon_after(at)))


def day_picker() -> forms.DateInput:
    """Return the input of a day."""
    return forms.DateInput(attrs={"type": "date"})


class ListFilter(django_filters.FilterSet):
    """What all lists have in common. What cannot be read filters nothing.

    `of` leads from the rows to their dossiers, `due` is the column of their due date.
    """

    of: ClassVar[str] = ""
    due: ClassVar[str] = "due_at"
    #: The questions in the order in which they are asked.
    order: ClassVar[Sequence[str]] = (
        *("q", "where", "type", "department", "urgency", "state"),
        *("light", "due_from", "due_until"),
    )
    #: Questions without choices of their own: whether what is given can be read.
    readable: ClassVar[Mapping[str, Callable[[str], bool]]] = {
        "type": lambda text: key_in(text) is not None,
        "department": lambda text: key_in(text) is not None,
    }

    q = django_filters.CharFilter(label=_("Number or subject"), method="holding")
    where = django_filters.ChoiceFilter(
        label=_("Look in"), choices=PLACES, method="looking_in", empty_label=_("Number and subject")
    )
    type = django_filters.CharFilter(label=_("Type"), method="of_type", widget=forms.Select)
    department = django_filters.CharFilter(label=_("Department"), method="of_department", widget=forms.Select)
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=Dossier.State.choices, method="in_state", empty_label=_("Any state")
    )
    urgency = django_filters.ChoiceFilter(
        label=_("Urgency"), choices=URGENCIES, method="as_urgent", empty_label=_("Any urgency")
    )
    light = django_filters.ChoiceFilter(
        label=_("Deadline"), choices=LIGHTS, method="with_light", empty_label=_("Any deadline")
    )
    due_from = django_filters.DateFilter(label=_("Due from"), method="from_day", widget=day_picker())
    due_until = django_filters.DateFilter(label=_("Due until"), method="until_day", widget=day_picker())

    class Meta:
        model = Dossier
        fields: list[str] = []

    def __init__(self, data: Any, *, reader: User, moments: Moments | None = None) -> None:
        super().__init__(data, queryset=self._meta.model.objects.none())
        self.reader = reader
        self.moments = moments or Moments.of()
        for name, question in self.form.fields.items():
            is_choice = isinstance(question.widget, forms.Select)
            question.widget.attrs["class"] = "form-select" if is_choice else "form-control"
            question.widget.attrs["id"] = f"filter-{name}"
        self.form.order_fields(self.order)

    @classmethod
    def is_asked(cls, data: Mapping[str, Any]) -> bool:
        """Tell whether anything is asked for; most pages ask for nothing, and need no form to say so."""
        return any(data.get(name) for name in cls.base_filters)

    @property
    def given(self) -> dict[str, str]:
        """Return what filters, as it stands in an address: what can be read, and no longer than a view may be."""
        self.form.is_valid()
        cleaned = self.form.cleaned_data
        given = {
            name: self.data[name][:LONGEST] for name in self.filters if cleaned.get(name) not in (None, "")
        }
        return {name: value for name, value in given.items() if self.readable.get(name, _any)(value)}

    def narrow(self, parts: Sequence[Rows]) -> list[Rows]:
        """Return the parts of a list with only what passes. No query."""
        self.form.is_valid()
        return [self.filter_queryset(part) for part in parts]

    def holding(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep what has a number that begins so, or holds every word, without regard to diacritics."""
        words = words_in(value[:LONGEST])
        found = Q(**{f"{self.of}number__istartswith": value[:LONGEST]}) | Q(HoldsWords(words, of=self.of))
        if self.form.cleaned_data.get("where") == CONTENT:
            found |= Q(AnswersHold(words, of=self.of))
        return rows.filter(found) if words else rows.none()

    def looking_in(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep everything: where to look is part of the search by words."""
        return rows

    def of_type(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep dossiers of one type, by its key."""
        key = key_in(value)
        return rows if key is None else rows.filter(**{f"{self.of}type": key})

    def of_department(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep dossiers of one department, by its key."""
        key = key_in(value)
        return rows if key is None else rows.filter(**{f"{self.of}department": key})

    def in_state(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep dossiers in this state."""
        return rows.filter(**{f"{self.of}state": value})

    def as_urgent(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep dossiers that are urgent, to one degree or to any."""
        return rows.filter(urgent(value, self.of))

    def with_light(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep what has this traffic light, as `deadlines.lights` shows it."""
        now, soon, due = self.moments.now, self.moments.soon, self.due
        asked: dict[str, Callable[[], dict[str, Any]]] = {
            "none": lambda: {due: None},
            "late": lambda: {f"{due}__lt": now},
            "soon": lambda: {f"{due}__gte": now, f"{due}__lte": soon()},
            "on_time": lambda: {f"{due}__gt": soon()},
        }
        return rows.filter(**asked[value]())

    def from_day(self, rows: Rows, name: str, value: date) -> Rows:
        """Keep what is due on this day or later."""
        return rows.filter(**{f"{self.due}__date__gte": value})

    def until_day(self, rows: Rows, name: str, value: date) -> Rows:
        """Keep what is due on this day or before."""
        return rows.filter(**{f"{self.due}__date__lte": value})

    def offer(self, parts: Sequence[Rows]) -> None:
        """Fill the choices of types and departments for the list `parts`. Two queries.

        Choices are not checked against these: a view that is saved is counted without any query for them.
        """
        types = [(str(row.pk), str(row)) for row in DossierType.objects.defer("summary", "summary_en")]
        departments = Department.objects.filter(is_active=True)
        self.choose("type", _("All types"), types)
        self.choose("department", _("All departments"), [(str(row.pk), str(row)) for row in departments])

    def choose(self, name: str, empty: str | Promise, choices: list[tuple[str, str]]) -> None:
        """Offer choices; what is chosen stands among them even if it is offered no longer."""
        now = self.data.get(name, "")
        if now and now not in dict(choices):
            choices = [*choices, (now, now.rpartition(":")[2])]
        field: Any = self.form.fields[name]
        field.widget.choices = [("", empty), *choices]


def _any(text: str) -> bool:
    return True
