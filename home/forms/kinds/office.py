"""Kinds that point to the office: person, department and position.

A raw answer is `{"id": 5, "code": "lan.nguyen", "name": "Nguyễn Lan"}`: it stays readable by itself, under
the name of the day on which it was given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .base import FieldKind, FormContext, Sampling, field_kinds

GROUP = gettext_lazy("Office")


class RecordField(forms.ChoiceField):
    """A drop-down list of records, read once; its cleaned value is the raw answer."""

    def __init__(self, *, records: Callable[[], list[dict[str, Any]]], **kwargs: Any) -> None:
        self._records = records
        self.context = FormContext()
        self.before: Any = None
        kwargs["error_messages"]["invalid_choice"] = _("Please pick an entry of the list.")
        super().__init__(choices=self._options, widget=forms.Select, **kwargs)

    def _options(self) -> list[tuple[str, str]]:
        shown = [(str(record["id"]), record["shown"]) for record in self.records()]
        before = self.before if isinstance(self.before, dict) else {}
        gone = str(before.get("id", ""))
        if gone and gone not in dict(shown):
            shown.append((gone, str(before.get("name", ""))))
        return [("", _("— choose —")), *shown]

    def records(self) -> list[dict[str, Any]]:
        """Return the records, read once for all questions of the form."""
        cache = self.context.cache
        if self._records not in cache:
            cache[self._records] = self._records()
        return cache[self._records]

    def clean(self, value: Any) -> Any:
        """Return the raw answer of the picked record, or None; one that is gone from the list may be kept."""
        picked = super().clean(value)
        if picked and isinstance(self.before, dict) and picked == str(self.before.get("id")):
            return self.before
        for record in self.records() if picked else ():
            if str(record["id"]) == picked:
                return {"id": record["id"], "code": record["code"], "name": record["name"]}
        return None

    def prepare_value(self, value: Any) -> Any:
        """Turn a raw answer into the posted id."""
        return value.get("id") if isinstance(value, dict) else value


class RecordKind(FieldKind):
    """What person and department share; conditions see the code (`""` for no answer)."""

    group = GROUP
    layout = "select"
    cel_empty = ""
    column = True

    def display(self, raw: Any, field: Any) -> str:
        """Write the name of the day on which the answer was given."""
        return str(raw.get("name", "")) if isinstance(raw, dict) else str(raw or "")

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return the code: the login name of a person, the code of a department."""
        return str(raw.get("code", "")) if isinstance(raw, dict) else ""

    def cel_sample(self, field: Any) -> Any:
        """Return some code."""
        return "abc"


def people() -> list[dict[str, Any]]:
    """Return everyone active, in the order of the list, with the main department beside the name."""
    user_model = apps.get_model("people", "User")
    members = apps.get_model("people", "Membership").objects.filter(is_primary=True)
    departments = dict(members.values_list("user_id", "department__name"))
    found = []
    for user in user_model.objects.filter(is_active=True).order_by("first_name", "last_name", "pk"):
        name = user.get_full_name()
        place = departments.get(user.pk)
        shown = f"{name} – {place}" if place else name
        found.append({"id": user.pk, "code": user.get_username(), "name": name, "shown": shown})
    return found


def departments() -> list[dict[str, Any]]:
    """Return the active departments as a tree, children under their parents."""
    rows = list(
        apps.get_model("people", "Department").objects.filter(is_active=True).order_by("order", "name")
    )
    by_parent: dict[int | None, list[Any]] = {}
    known = {row.pk for row in rows}
    for row in rows:
        by_parent.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    found: list[dict[str, Any]] = []

    def walk(parent: int | None, depth: int) -> None:
        for row in by_parent.get(parent, ()):
            found.append({"id": row.pk, "code": row.code, "name": row.name, "shown": "— " * depth + row.name})
            walk(row.pk, depth + 1)

    walk(None, 0)
    return found


def positions() -> list[dict[str, Any]]:
    """Return all positions by rank."""
    rows = apps.get_model("people", "Position").objects.order_by("rank", "name", "pk")
    return [{"id": row.pk, "code": row.code, "name": row.name, "shown": row.name} for row in rows]


@field_kinds.register
class Person(RecordKind):
    """A person of the office."""

    code = "person"
    label = gettext_lazy("Person")
    icon = "user"
    admin_icon = "user"
    describe = gettext_lazy("A person who works here now.")

    def form_field(self, field: Any) -> forms.Field:
        """Return a list of everyone active."""
        return RecordField(records=people, **self.common(field))

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return the reader; where an answer is stored the list says who works here."""
        reader = about.reader
        return reader and {"id": reader.pk, "code": reader.get_username(), "name": reader.get_full_name()}


@field_kinds.register
class DepartmentKind(RecordKind):
    """A department of the office."""

    code = "department"
    label = gettext_lazy("Department")
    icon = "building"
    admin_icon = "group"
    describe = gettext_lazy("A department of the office.")

    def form_field(self, field: Any) -> forms.Field:
        """Return the tree of departments as a list."""
        return RecordField(records=departments, **self.common(field))

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return a made-up unit."""
        return {"id": 0, "code": "VP", "name": _("Sample unit")} if about.reader else None


@field_kinds.register
class PositionKind(RecordKind):
    """A position of the office; conditions see its code."""

    code = "position"
    label = gettext_lazy("Position")
    icon = "id-badge"
    admin_icon = "tag"
    describe = gettext_lazy("A position of the office, the highest first.")

    def form_field(self, field: Any) -> forms.Field:
        """Return the positions as a list."""
        return RecordField(records=positions, **self.common(field))

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return a made-up position."""
        return {"id": 0, "code": "CV", "name": _("Sample position")} if about.reader else None
