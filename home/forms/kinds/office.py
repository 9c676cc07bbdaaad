"""Kinds that point to the office: person and department.

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

from .base import FieldKind, FormContext, field_kinds

GROUP = gettext_lazy("Office")


class RecordField(forms.ChoiceField):
    """A drop-down list of records, read once; its cleaned value is the raw answer."""

    def __init__(self, *, records: Callable[[], list[dict[str, Any]]], **kwargs: Any) -> None:
        self._records = records
        self.context = FormContext()
        kwargs["error_messages"]["invalid_choice"] = _("Please pick an entry of the list.")
        super().__init__(choices=self._options, widget=forms.Select, **kwargs)

    def _options(self) -> list[tuple[str, str]]:
        shown = [(str(record["id"]), record["shown"]) for record in self.records()]
        return [("", _("— choose —")), *shown]

    def records(self) -> list[dict[str, Any]]:
        """Return the records, read once for all questions of the form."""
        cache = self.context.cache
        if self._records not in cache:
            cache[self._records] = self._records()
        return cache[self._records]

    def clean(self, value: Any) -> Any:
        """Return the raw answer of the picked record, or None."""
        picked = super().clean(value)
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
