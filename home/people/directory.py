"""The directory of people."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.views import FilterView

from .chart import note_absences
from .models import Department, Membership, User
from .querysets import UserQuerySet
from .tree import indented


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
        note_absences(context["people"])
        return context


def with_places(people: QuerySet[User]) -> QuerySet[User]:
    """Load the current memberships of all people in one query, as `person.places`."""
    current = Membership.objects.current().select_related("department", "position")
    ordered = current.order_by("-is_primary", "position__rank", "pk")
    return people.prefetch_related(Prefetch("memberships", queryset=ordered, to_attr="places"))
