"""The kinds of readers that every office has."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from home.people.api import (
    Department,
    Membership,
    Position,
    User,
    WorkingGroup,
    department_ids_of,
    fold,
    holders_of,
    roles_of,
)

from .readers import AudienceKind, audience_kinds


def _in_places(places: Q) -> Q:
    return Q(pk__in=Membership.objects.current().filter(places).order_by().values("user"))


def _ids_in_roles(user: Any, kind: str) -> Iterable[int]:
    """Return the first id of each role of this kind: `post:<position>:<department>`, `group:<group>`."""
    return {int(role.split(":")[1]) for role in roles_of(user) if role.startswith(f"{kind}:")}


def _people_of_departments(ids: Collection[int]) -> Q:
    """People of the departments and of all below: the path of each holds the ids from the root down.

    What was addressed to a department that went into another one is read in that one.
    """
    there = ExpressionWrapper(OuterRef("department__path"), CharField())
    past = Department.objects.filter(pk__in=ids, successor__isnull=False).annotate(there=there)
    places = Q(Exists(past.filter(there__startswith=F("successor__path"))))
    for pk in ids:
        places |= Q(department__path__contains=f"/{pk}/")
    return _in_places(places)


def _people_of_groups(ids: Collection[int]) -> Q:
    return Q(pk__in=User.groups.through.objects.filter(group__in=ids).values("user"))


def _names(rows: models.QuerySet[Any]) -> dict[int, str]:
    return {row.pk: str(row) for row in rows}


def _like(rows: models.QuerySet[Any], query: str, limit: int) -> list[tuple[int, str]]:
    """Return rows whose name holds every word, diacritics aside; for tables of a few hundred rows."""
    words = fold(query).split()
    found = [(row.pk, str(row)) for row in rows if all(word in fold(str(row)) for word in words)]
    return found[:limit]


def _people_named(people: models.QuerySet[User]) -> dict[int, str]:
    return {person.pk: f"{person} ({person.username})" for person in people}


def _search_people(_editor: Any, query: str, limit: int) -> list[tuple[int, str]]:
    return list(_people_named(User.objects.active().named_like(query)[:limit]).items())


audience_kinds.register(
    AudienceKind(
        code="department",
        label=_("Department"),
        icon="building",
        order=10,
        ids_of=department_ids_of,
        people=_people_of_departments,
        names=lambda ids: _names(Department.objects.filter(pk__in=ids)),
        search=lambda _editor, query, limit: _like(Department.objects.filter(is_active=True), query, limit),
    )
)
audience_kinds.register(
    AudienceKind(
        code="position",
        label=_("Position"),
        icon="tag",
        order=20,
        ids_of=lambda user: _ids_in_roles(user, "post"),
        people=lambda ids: _in_places(Q(position__in=ids)),
        names=lambda ids: _names(Position.objects.filter(pk__in=ids)),
        search=lambda _editor, query, limit: _like(Position.objects.all(), query, limit),
    )
)
audience_kinds.register(
    AudienceKind(
        code="group",
        label=_("Group"),
        icon="users",
        order=30,
        ids_of=lambda user: _ids_in_roles(user, "group"),
        people=_people_of_groups,
        names=lambda ids: _names(Group.objects.filter(pk__in=ids)),
        search=lambda _editor, query, limit: _like(Group.objects.order_by("name"), query, limit),
    )
)
audience_kinds.register(
    AudienceKind(
        code="team",
        label=_("Working group"),
        icon="users-group",
        order=35,
        ids_of=lambda user: _ids_in_roles(user, "team"),
        people=lambda ids: holders_of(f"team:{pk}" for pk in ids),
        names=lambda ids: _names(WorkingGroup.objects.filter(pk__in=ids)),
        search=lambda editor, query, limit: _like(
            WorkingGroup.objects.visible_to(editor).running(), query, limit
        ),
    )
)
audience_kinds.register(
    AudienceKind(
        code="person",
        label=_("Person"),
        icon="user",
        order=40,
        ids_of=lambda user: [user.pk],
        people=lambda ids: Q(pk__in=ids),
        names=lambda ids: _people_named(User.objects.filter(pk__in=ids)),
        search=_search_people,
    )
)
