"""The filters above a list of tasks, and what it may be sorted by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

import django_filters
from django import forms
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Task

from workflows.definitions.api import DamagedVersionError, definition_of
from workflows.dossiers.api import DueOrNever, FlowVersion
from workflows.engine.api import merged, step_title
from workflows.steps.api import node_name, step_id_of

from .filters import URGENT
from .keyset import Order
from .list_filters import ListFilter, Rows

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
ROLES = (
    ("named", _("Given to me")),
    ("claimed", _("Claimed by me")),
    ("stand_in", _("I stand in for somebody")),
)
#: The steps to choose from are those of so many of the first tasks.
STEPS_FROM = 300


class TaskFilter(ListFilter):
    """What all lists have, and the step and the role of the reader."""

    of = f"{DOSSIER}__"
    due = "scheduled"
    order: ClassVar[Sequence[str]] = (
        *("q", "where", "type", "step", "department", "urgency", "state"),
        *("light", "due_from", "due_until", "role"),
    )
    readable: ClassVar = {**ListFilter.readable, "step": lambda text: _place(text) is not None}

    step = django_filters.CharFilter(label=_("Step"), method="at_step", widget=forms.Select)
    role = django_filters.ChoiceFilter(
        label=_("My role"), choices=ROLES, method="in_role", empty_label=_("Any role")
    )

    class Meta:
        model = Task
        fields: list[str] = []

    def at_step(self, tasks: Rows, name: str, value: str) -> Rows:
        """Keep tasks of one step of one type: `3:sign`."""
        place = _place(value)
        if place is None:
            return tasks
        key, step = place
        return tasks.filter(**{f"{DOSSIER}__type": key}, node__endswith=f".{node_name(step)}")

    def in_role(self, tasks: Rows, name: str, value: str) -> Rows:
        """Keep what was given to the reader, what they claimed, or what they do for somebody else."""
        if value == "stand_in":
            return tasks.exclude(owner=self.reader)
        unnamed = Q(owner_permission=None) | Q(owner_permission="")
        return tasks.filter(unnamed if value == "named" else ~unnamed, owner=self.reader)

    def offer(self, parts: Sequence[Rows]) -> None:
        """Fill the choices, the steps with those of the first tasks of the list. Four queries."""
        super().offer(parts)
        lines = merged(parts, {}, columns=("pk", "node"), limit=STEPS_FROM)
        self.choose("step", _("All steps"), _steps_of(sorted({line["node"] for line in lines})))


def _place(text: str) -> tuple[int, str] | None:
    """Return type and step of `3:sign`, or None for any other text."""
    found = re.fullmatch(r"([0-9]{1,18}):([a-z0-9_]{1,60})", text)
    return (int(found[1]), found[2]) if found else None


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
