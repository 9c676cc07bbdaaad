"""The directory of people, and the page of a department."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django_filters.views import FilterView

from .models import Department, Membership, User
from .querysets import UserQuerySet
from .stand_ins import absences_of
from .text import nfc
from .tree import indented, path_ids


class PeopleFilter(django_filters.FilterSet):
    """Words of the name (diacritics aside), and a department with all that belongs to it."""

    q = django_filters.CharFilter(
        method="by_name",
        label=_("Name"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    department = django_filters.ChoiceFilter(
        method="by_department",
        label=_("Department"),
        empty_label=_("All departments"),
    )

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments = list(Department.objects.filter(is_active=True))
        choices = [(d.code, indented(d)) for d in self.departments]
        self.filters["department"].extra["choices"] = choices

    def by_name(self, people: UserQuerySet, name: str, value: str) -> QuerySet[User]:
        """Keep those whose name holds every word."""
        return people.named_like(value)

    def by_department(self, people: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Keep those who are now in the department or in one below it."""
        chosen = next(d for d in self.departments if d.code == value)
        places = Membership.objects.current().filter(department__path__startswith=chosen.path)
        return people.filter(pk__in=places.values("user_id"))


class DirectoryView(FilterView):
    """Everybody who works here, for everybody who is logged in."""

    filterset_class = PeopleFilter
    template_name = "people/directory.html"
    context_object_name = "people"
    paginate_by = 30

    def get_queryset(self) -> QuerySet[User]:
        """Return active people in the order of their given names, with their places."""
        return with_places(User.objects.active())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the query without the page, for the links to other pages, and who is away."""
        query = self.request.GET.copy()
        query.pop("page", None)
        context = super().get_context_data(**kwargs, query=query.urlencode())
        _note_absences(context["people"])
        return context


def department_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show who heads a department, its deputies, its members and its parts; a closed department is 404."""
    department = get_object_or_404(Department, code=nfc(code), is_active=True)
    memberships = list(
        Membership.objects.current()
        .filter(department=department)
        .select_related("user", "position")
        .order_by("position__rank", "user__sort_name", "pk")
    )
    _note_absences(membership.user for membership in memberships)
    context = {
        "department": department,
        "above": _above(department),
        "parts": department.children.filter(is_active=True),
        "heads": [m for m in memberships if m.role == Membership.Role.HEAD],
        "deputies": [m for m in memberships if m.role == Membership.Role.DEPUTY],
        "members": [m for m in memberships if m.role == Membership.Role.MEMBER],
        "people_count": len({m.user_id for m in memberships}),
    }
    return render(request, "people/department.html", context)


def with_places(people: QuerySet[User]) -> QuerySet[User]:
    """Load the current memberships of all people in one query, as `person.places`."""
    current = Membership.objects.current().select_related("department", "position")
    ordered = current.order_by("-is_primary", "position__rank", "pk")
    return people.prefetch_related(Prefetch("memberships", queryset=ordered, to_attr="places"))


def _above(department: Department) -> list[Department]:
    ids = path_ids(department.path)[:-1]
    found = {d.pk: d for d in Department.objects.filter(pk__in=ids, is_active=True)}
    return [found[pk] for pk in ids if pk in found]


def _note_absences(people: Iterable[Any]) -> None:
    """Put today's delegation of all matters, or None, on each person as `absence`. One query."""
    shown = list(people)
    absences = absences_of(shown)
    for person in shown:
        person.absence = absences.get(person.pk)
