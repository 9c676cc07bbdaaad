"""The filters above a list of tasks, and what it may be sorted by."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Task

from home.people.api import Department, User
from workflows.definitions.api import DamagedVersionError, definition_of
from workflows.dossiers.api import Dossier, DossierType, DueOrNever, FlowVersion
from workflows.engine.api import Parts, merged, step_title
from workflows.steps.api import node_name, step_id_of

from .deadlines import soon_after
from .filters import URGENT
from .folding import HoldsWords, words_in
from .keyset import Order

DOSSIER = "process__dossierprocess__dossier"
#: What a list of tasks may be sorted by: the name in the address, its words, and keys that are never null.
ORDERS: Mapping[str, tuple[str | Promise, Order]] = {
    "due_at": (_("Due first"), URGENT),
    "-due_at": (_("Due last"), Order("-due_at", (DueOrNever("scheduled"),), falls=True)),
    "since": (_("Waiting longest"), Order("since", (F("created"),))),
    "-since": (_("Newest"), Order("-since", (F("created"),), falls=True)),
}
DONE_ORDERS: Mapping[str, tuple[str | Promise, Order]] = {
    "-finished": (_("Decided last"), Order("-finished", (F("finished"),), falls=True)),
    "finished": (_("Decided first"), Order("finished", (F("finished"),))),
}
LIGHTS = (("late", _("Late")), ("soon", _("Due soon")), ("on_time", _("On time")), ("none", _("No due date")))
ROLES = (
    ("named", _("Given to me")),
    ("claimed", _("Claimed by me")),
    ("stand_in", _("I stand in for somebody")),
)
#: Letters of a search at most.
LONGEST = 200
#: The steps to choose from are those of so many of the first tasks.
STEPS_FROM = 300


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


class TaskFilter(django_filters.FilterSet):
    """Text, type, step, department, state, due date and role. What cannot be read filters nothing."""

    q = django_filters.CharFilter(
        label=_("Number or subject"), method="holding", widget=forms.TextInput(attrs={"type": "search"})
    )
    type = django_filters.CharFilter(label=_("Type"), method="of_type", widget=forms.Select)
    step = django_filters.CharFilter(label=_("Step"), method="at_step", widget=forms.Select)
    department = django_filters.CharFilter(label=_("Department"), method="of_department", widget=forms.Select)
    state = django_filters.ChoiceFilter(
        label=_("State"),
        field_name=f"{DOSSIER}__state",
        choices=Dossier.State.choices,
        empty_label=_("Any state"),
    )
    light = django_filters.ChoiceFilter(
        label=_("Deadline"), choices=LIGHTS, method="with_light", empty_label=_("Any deadline")
    )
    due_from = django_filters.DateFilter(
        label=_("Due from"),
        field_name="scheduled",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    due_until = django_filters.DateFilter(
        label=_("Due until"),
        field_name="scheduled",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    role = django_filters.ChoiceFilter(
        label=_("My role"), choices=ROLES, method="in_role", empty_label=_("Any role")
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, data: Any, *, reader: User, moments: Moments | None = None) -> None:
        super().__init__(data, queryset=Task.objects.none())
        self.reader = reader
        self.moments = moments or Moments.of()
        for name, question in self.form.fields.items():
            is_choice = isinstance(question.widget, forms.Select)
            question.widget.attrs["class"] = "form-select" if is_choice else "form-control"
            question.widget.attrs["id"] = f"filter-{name}"
        self.form.fields["q"].widget.attrs |= {"placeholder": _("Number or subject"), "maxlength": LONGEST}

    @property
    def given(self) -> dict[str, str]:
        """Return what filters, as it stands in an address: what can be read, and no longer than a view may be."""
        self.form.is_valid()
        cleaned = self.form.cleaned_data
        given = {
            name: self.data[name][:LONGEST] for name in self.filters if cleaned.get(name) not in (None, "")
        }
        return {name: value for name, value in given.items() if _READABLE.get(name, _any)(value)}

    def narrow(self, parts: Parts) -> list[QuerySet[Task]]:
        """Return the parts of a list with only what passes. No query."""
        self.form.is_valid()
        return [self.filter_queryset(part) for part in parts]

    def holding(self, tasks: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Keep tasks whose dossier's number begins so, or which hold every word, without regard to diacritics."""
        words = words_in(value[:LONGEST])
        begins = Q(**{f"{DOSSIER}__number__istartswith": value[:LONGEST]})
        return tasks.filter(begins | Q(HoldsWords(words, of=f"{DOSSIER}__"))) if words else tasks.none()

    def of_type(self, tasks: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Keep tasks on dossiers of one type, by its key."""
        key = _key(value)
        return tasks if key is None else tasks.filter(**{f"{DOSSIER}__type": key})

    def of_department(self, tasks: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Keep tasks on dossiers of one department, by its key."""
        key = _key(value)
        return tasks if key is None else tasks.filter(**{f"{DOSSIER}__department": key})

    def at_step(self, tasks: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Keep tasks of one step of one type: `3:sign`."""
        place = _place(value)
        if place is None:
            return tasks
        key, step = place
        return tasks.filter(**{f"{DOSSIER}__type": key}, node__endswith=f".{node_name(step)}")

    def with_light(self, tasks: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Keep tasks with this traffic light, as `deadlines.lights` shows it."""
        now, soon = self.moments.now, self.moments.soon
        asked: dict[str, Callable[[], Q]] = {
            "none": lambda: Q(scheduled=None),
            "late": lambda: Q(scheduled__lt=now),
            "soon": lambda: Q(scheduled__gte=now, scheduled__lte=soon()),
            "on_time": lambda: Q(scheduled__gt=soon()),
        }
        return tasks.filter(asked[value]())

    def in_role(self, tasks: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        """Keep what was given to the reader, what they claimed, or what they do for somebody else."""
        if value == "stand_in":
            return tasks.exclude(owner=self.reader)
        unnamed = Q(owner_permission=None) | Q(owner_permission="")
        return tasks.filter(unnamed if value == "named" else ~unnamed, owner=self.reader)

    def offer(self, parts: Parts) -> None:
        """Fill the choices of types, departments and of the steps of the first tasks of the list. Four queries.

        Choices are not checked against these: a view that is saved is counted without any query for them.
        """
        lines = merged(parts, {}, columns=("pk", "node"), limit=STEPS_FROM)
        steps = _steps_of(sorted({line["node"] for line in lines}))
        types = [(str(row.pk), str(row)) for row in DossierType.objects.defer("summary", "summary_en")]
        departments = Department.objects.filter(is_active=True)
        self._choose("step", _("All steps"), steps)
        self._choose("type", _("All types"), types)
        self._choose("department", _("All departments"), [(str(row.pk), str(row)) for row in departments])

    def _choose(self, name: str, empty: str | Promise, choices: list[tuple[str, str]]) -> None:
        """Offer choices; what is chosen stands among them even if it is offered no longer."""
        now = self.data.get(name, "")
        if now and now not in dict(choices):
            choices = [*choices, (now, now.rpartition(":")[2])]
        field: Any = self.form.fields[name]
        field.widget.choices = [("", empty), *choices]


def _key(text: str) -> int | None:
    """Return a key that a database can hold, or None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _place(text: str) -> tuple[int, str] | None:
    """Return type and step of `3:sign`, or None for any other text."""
    found = re.fullmatch(r"([0-9]{1,18}):([a-z0-9_]{1,60})", text)
    return (int(found[1]), found[2]) if found else None


def _any(text: str) -> bool:
    return True


#: Filters without choices of their own: whether they can be read.
_READABLE: Mapping[str, Callable[[str], bool]] = {
    "type": lambda text: _key(text) is not None,
    "department": lambda text: _key(text) is not None,
    "step": lambda text: _place(text) is not None,
}


def _steps_of(nodes: Sequence[str]) -> list[tuple[str, str]]:
    """Return `3:sign` with its words for references such as `engine/compiled.V7_0f3a01bc.n_sign_`."""
    named = [node.split(".")[-2:] for node in nodes]
    keys = {name: int(name[1:].partition("_")[0]) for name, _step in named}
    versions = FlowVersion.objects.select_related("type").in_bulk(set(keys.values()))
    found: dict[str, str] = {}
    for name, node in named:
        version = versions.get(keys[name])
        if version is not None:
            step = step_id_of(node)
            found[f"{version.type_id}:{step}"] = f"{version.type} – {_title(version, step)}"
    return sorted(found.items(), key=lambda pair: pair[1])


def _title(version: FlowVersion, step: str) -> str:
    try:
        definition_of(version)
    except DamagedVersionError:
        return step
    return step_title(version, step)
