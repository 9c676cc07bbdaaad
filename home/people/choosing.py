"""Choosing one person of thousands: a search field and a short list, with and without scripts.

One piece for forms (`PersonField`, in a `SearchingForm`) and for pages without one (`people_options`, `Chooser`): all
show the template `people/chooser.html`. Its button sends the whole form back as it is, under the name `FIND`: the
page is shown again with what was found, and nothing else happens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils.functional import Promise

from .models import Department, Membership, User
from .querysets import UserQuerySet
from .text import fold, key_in, nfc

#: How many are listed at the most; who is not among them is searched for.
LIMIT = 20
#: The name of the button that searches, and the end of the name of the field beside it.
FIND, QUERY = "find", "-find"
#: More letters than this are no name.
MAX_QUERY = 100


@dataclass(frozen=True)
class Option:
    """One line to choose: `note` tells namesakes apart."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Chooser:
    """What the template shows: options in groups of (heading, options), and how many there are in all.

    `searchable` is whether there are more than are listed when nothing is searched for.
    """

    name: str
    groups: Sequence[tuple[str, Sequence[Option]]]
    total: int
    searchable: bool
    label: str | Promise = ""
    query: str = ""
    chosen: str = ""

    @property
    def options(self) -> list[Option]:
        """All options that are listed."""
        return [option for _heading, options in self.groups for option in options]

    @property
    def hidden(self) -> int:
        """How many are found but not listed."""
        return max(self.total - len(self.options), 0)


@dataclass(frozen=True)
class Found:
    """People who were found: those to list, and how many there are with and without the search."""

    options: list[Option]
    total: int
    of: int


def query_in(data: Mapping[str, Any], name: str) -> str:
    """Return what was typed to search by, for the chooser `name`."""
    return nfc(str(data.get(f"{name}{QUERY}", "")).strip()[:MAX_QUERY])


def people_options(people: UserQuerySet, *, query: str = "", chosen: str = "", prefix: str = "") -> Found:
    """Return who of `people` is listed: those whose name holds every word, and who is chosen already.

    A constant number of queries, whatever the number of people. `prefix` stands before the key in each value.
    """
    of = people.count()
    found = people.named_like(query) if query else people
    rows = list(_with_places(found)[:LIMIT])
    total = found.count() if query else of
    key = key_in(chosen.removeprefix(prefix)) if chosen.startswith(prefix) else None
    if key is not None and key not in {p.pk for p in rows}:
        kept = list(_with_places(people.filter(pk=key)))
        rows, total = [*kept, *rows], total + len(kept)
    return Found([_option(person, prefix) for person in rows], total, of)


def _with_places(people: UserQuerySet) -> UserQuerySet:
    current = Membership.objects.current().select_related("department", "position")
    ordered = current.order_by("-is_primary", "position__rank", "pk")
    listed: UserQuerySet = people.order_by("sort_name", "pk").prefetch_related(
        Prefetch("memberships", queryset=ordered, to_attr="places")
    )
    return listed


def _option(person: Any, prefix: str) -> Option:
    note = next((f"{place.position}, {place.department}" for place in person.places), "")
    return Option(f"{prefix}{person.pk}", f"{person} ({person.username})", note)


class PersonChooser(forms.Widget):
    """The widget of a `PersonField`."""

    template_name = "people/chooser.html"
    use_fieldset = True
    #: Set by the field, which knows who may be chosen.
    choices: Any = ()
    label: str | Promise = ""
    query = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the key that was chosen, and keep what was searched for."""
        self.query = query_in(data, name)
        return data.get(name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Tell that nothing was sent only when the page did not ask; nothing chosen sends nothing."""
        return False

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return nothing: a label cannot stand for a group."""
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the chooser."""
        chosen = "" if value in (None, "") else str(getattr(value, "pk", value))
        found = people_options(self.choices.queryset, query=self.query, chosen=chosen)
        chooser = Chooser(
            name,
            [("", found.options)],
            found.total,
            found.of > LIMIT,
            self.label,
            self.query,
            chosen,
        )
        return super().get_context(name, value, attrs) | {"chooser": chooser}

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """Render with the templates of the site, whatever renders the other widgets."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class PersonField(forms.ModelChoiceField):
    """A person out of `queryset`, and out of nobody else, whatever the page listed."""

    widget = PersonChooser

    def __init__(self, queryset: Any = None, **options: Any) -> None:
        super().__init__(User.objects.active() if queryset is None else queryset, **options)
        self.widget.label = self.label or ""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, with the login where there may be several of it."""
        return f"{obj} ({obj.username})"


class SearchingForm(forms.BaseForm):
    """A form that is shown again, with all that was typed, when the search button of a chooser was pressed."""

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        searched = is_search(data)
        super().__init__(None if searched else data, None if searched else files, *args, **kwargs)
        self.prepare()
        if searched:
            for name, field in self.fields.items():
                self.initial[name] = field.widget.value_from_datadict(data, {}, self.add_prefix(name))

    def prepare(self) -> None:
        """Change the fields of this form before anything is read or shown."""


def is_search(data: Any) -> bool:
    """Tell whether a search button was pressed: then nothing is to be done but to show what was found."""
    return FIND in (data or {})


def departments_like(query: str) -> list[Option]:
    """Return the active departments whose name or code holds every word, as `dept:3`; one query."""
    words = fold(query).split()
    units = Department.objects.filter(is_active=True)
    return [
        Option(f"dept:{unit.pk}", unit.name)
        for unit in units
        if all(word in fold(f"{unit.name} {unit.code}") for word in words)
    ]
