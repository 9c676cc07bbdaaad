"""People, in the search page."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from home.base.api import Hit, SearchSource, search_sources
from home.people.api import Membership, User


def find_people(user: Any, query: str, limit: int) -> list[Hit]:
    """Return active colleagues whose name or user name holds every word of the query. Two queries."""
    places = Membership.objects.current().select_related("position", "department")
    people = User.objects.active().named_like(query).prefetch_related(Prefetch("memberships", places))
    return [_hit(person) for person in people[:limit]]


def _hit(person: User) -> Hit:
    places = [f"{place.position}, {place.department}" for place in person.memberships.all()]
    contact = [text for text in (person.phone, person.email) if text]
    return Hit(
        title=person.get_full_name(),
        url=reverse("person", args=[person.pk]),
        summary=" · ".join([*places, *contact]),
        icon="user",
    )


search_sources.register(SearchSource(code="people", label=_("People"), search=find_people, order=10))
