"""Who is where and what: roles, heads, superiors, departments of a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.models import Group
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from plugins.api.api import EXAMPLE_KEY, Prepared, PreparedFamily, example_keys, example_words

from .models import Department, Membership, User
from .remembering import remembered
from .tree import path_ids
from .working_groups import memberships_on

#: Whoever is in this group administers the office (besides superusers).
ADMIN_GROUP = "Quản trị"
#: The kinds of role, and how many ids each carries.
ROLE_KINDS = {"dept": 1, "post": 2, "head": 1, "deputy": 1, "group": 1, "team": 1}
#: Rows of places that are no membership of a department: a group, a working group, a department that went into
#: another one above the person's own.
_OTHER = ("group", "team", "past")


class UnknownRoleError(ValueError):
    """A role that cannot be read; the message names the known kinds."""


class _Place(NamedTuple):
    """One row of the one query: a membership (`kind` its role, `text` the path), or one of `_OTHER`.

    `text` is the name of a group, and the path of a department that went into another one.
    """

    first_id: int
    second_id: int
    kind: str
    text: str


def roles_of(user: Any) -> frozenset[str]:
    """Return the codes of the roles that the person holds now; empty for inactive and anonymous people.

    `dept:<department>` for each department the person belongs to, `post:<position>:<department>`,
    `head:<department>`, `deputy:<department>`, `group:<group>`, `team:<working group>` while it runs. Whoever
    belongs to a department answers for those that went into it as well. One query a user object, shared with the other
    functions here (none in requests that read, as long as nothing has changed: `remembering.py`);
    `user.refresh_from_db()` and saving a membership of this very object drop what was remembered.
    """
    roles = set()
    for place in _places(user):
        if place.kind in _OTHER:
            if place.kind != "past":
                roles.add(f"{place.kind}:{place.first_id}")
            continue
        roles |= {f"dept:{place.first_id}", f"post:{place.second_id}:{place.first_id}"}
        if place.kind == Membership.Role.HEAD:
            roles.add(f"head:{place.first_id}")
        if place.kind == Membership.Role.DEPUTY:
            roles.add(f"deputy:{place.first_id}")
    return frozenset(roles)


def people_with_role(role: str) -> list[User]:
    """Return the active holders of a role: main place first, then by rank of the position, then by id.

    Raises `UnknownRoleError` for a text that is no role.
    """
    kind, ids = _parse(role)
    if kind == "group":
        return list(User.objects.active().filter(groups=ids[0]).order_by("pk"))
    if kind == "team":
        inside = memberships_on(timezone.localdate()).filter(group=ids[0]).order_by().values("user")
        return list(User.objects.active().filter(pk__in=inside).order_by("pk"))
    if kind == "post":
        found = places_held(position=ids[0], department=ids[1])
    elif kind in ("head", "deputy"):
        found = places_held(department=ids[0], role=kind)
    else:
        found = places_held(department=ids[0])
    return list({place.user_id: place.user for place in found}.values())


def holders_of(roles: Iterable[str]) -> Q:
    """Return the condition on people who hold any of the roles today: `roles_of` asked the other way round.

    It finds exactly those whose `roles_of` holds one of them, in one query of the caller's. Raises `UnknownRoleError`
    for a text that is no role.
    """
    wanted: dict[str, list[list[int]]] = defaultdict(list)
    for role in sorted(set(roles)):
        kind, ids = _parse(role)
        wanted[kind].append(ids)
    places = _within(_firsts(wanted["dept"]))
    places |= _within(_firsts(wanted["head"])) & Q(role=Membership.Role.HEAD)
    places |= _within(_firsts(wanted["deputy"])) & Q(role=Membership.Role.DEPUTY)
    for position, department in wanted["post"]:
        places |= _within([department]) & Q(position=position)
    found = Q(pk__in=Membership.objects.current().filter(places).order_by().values("user"))
    if wanted["group"]:
        of_groups = User.groups.through.objects.filter(group__in=_firsts(wanted["group"]))
        found |= Q(pk__in=of_groups.values("user"))
    if wanted["team"]:
        inside = memberships_on(timezone.localdate()).filter(group__in=_firsts(wanted["team"]))
        found |= Q(pk__in=inside.order_by().values("user"))
    return found


def _within(departments: list[int]) -> Q:
    """Return the condition on memberships of these departments, or of those into which they went."""
    went_into = Department.objects.filter(pk__in=departments, successor__isnull=False)
    return Q(department__in=departments) | Q(department__in=went_into.order_by().values("successor"))


def _firsts(ids: Iterable[list[int]]) -> list[int]:
    return [one[0] for one in ids]


def office_admins() -> Q:
    """Return the condition on people who administer the office: `is_office_admin` asked the other way round."""
    of_group = User.groups.through.objects.filter(group__name=ADMIN_GROUP)
    return Q(is_superuser=True) | Q(pk__in=of_group.values("user"))


def places_held(**wanted: Any) -> list[Membership]:
    """Return the memberships of today, with their people, whose columns have these values (keys or texts).

    Of active people in active departments; a department that went into another one has the people of that one. Main
    places first, then by rank of the position, then by person. One query, whose SQL is built once: every step of a
    flow asks it.
    """
    names = sorted(wanted)
    columns = tuple((name, isinstance(wanted[name], str)) for name in names)
    return _holding.of(columns).all(timezone.localdate(), *(wanted[name] for name in names))


def _held_by(columns: Sequence[tuple[str, bool]], day: date, *values: Any) -> QuerySet[Membership]:
    found = Membership.objects.on(day).filter(user__is_active=True, department__is_active=True)
    wanted = {name: value for (name, _is_text), value in zip(columns, values, strict=True)}
    if "department" in wanted:
        department = wanted.pop("department")
        went_into = Department.objects.filter(pk=department, successor__isnull=False)
        there = Q(department=department) | Q(department__in=went_into.order_by().values("successor"))
        found = found.filter(there)
    found = found.filter(**wanted).select_related("user")
    return found.order_by("-is_primary", "position__rank", "user_id", "pk")


def _examples(columns: Sequence[tuple[str, bool]]) -> list[Any]:
    keys, words = example_keys(len(columns)), example_words(len(columns), "place")
    return [
        date(1900, 1, 1),
        *(words[at] if is_text else keys[at] for at, (_name, is_text) in enumerate(columns)),
    ]


#: By the columns that are asked for, and whether each is a text.
_holding: PreparedFamily[Membership] = PreparedFamily(_held_by, _examples, keyed=True)


def head_of(department: Department) -> User | None:
    """Return who heads the department today, if anybody does."""
    return next(iter(people_with_role(f"head:{department.pk}")), None)


def deputies_of(department: Department) -> list[User]:
    """Return the deputy heads, the highest position first."""
    return _people(
        Membership.objects.current()
        .filter(department=department, role=Membership.Role.DEPUTY)
        .select_related("user")
    )


def departments_of(user: Any) -> list[Department]:
    """Return the departments that the person belongs to, main place first. Remembered on the object."""
    if not _counts(user):
        return []
    if getattr(user, "_departments", None) is None:
        found = _with_departments.all(timezone.localdate(), user.pk)
        user._departments = list({m.department_id: m.department for m in found}.values())
    return list(user._departments)


_with_departments = Prepared(
    lambda day, person: (
        Membership.objects.on(day)
        .filter(user__is_active=True, department__is_active=True, user=person)
        .select_related("department")
        .order_by("-is_primary", "position__rank", "pk")
    ),
    date(1900, 1, 1),
    EXAMPLE_KEY,
    keyed=True,
)


def department_of(user: Any) -> Department | None:
    """Return the department of the person's main place (or of the highest position, if none is marked)."""
    return next(iter(departments_of(user)), None)


def department_ids_of(user: Any) -> frozenset[int]:
    """Return the ids of the person's departments and of all departments above them (for audiences)."""
    return frozenset(
        pk for place in _places(user) if place.kind not in ("group", "team") for pk in path_ids(place.text)
    )


def superior_of(user: Any) -> User | None:
    """Return the head of the person's department; for that head, and where none is set, the next head up."""
    department = department_of(user)
    if department is None:
        return None
    chain = path_ids(department.path)
    found = Membership.objects.current().filter(role=Membership.Role.HEAD, department_id__in=chain)
    heads = {m.department_id: m.user for m in found.select_related("user")}
    above = (heads[pk] for pk in reversed(chain) if pk in heads)
    return next((head for head in above if head.pk != user.pk), None)


def is_office_admin(user: Any) -> bool:
    """Tell whether the person administers the office: a superuser, or in the group of administrators."""
    if not _counts(user):
        return False
    return user.is_superuser or any(p.kind == "group" and p.text == ADMIN_GROUP for p in _places(user))


def _counts(user: Any) -> bool:
    return isinstance(user, User) and user.is_active and user.pk is not None


def _places(user: Any) -> Sequence[_Place]:
    if not _counts(user):
        return ()
    if getattr(user, "_places", None) is None:
        user._places = remembered(user, "places", lambda: _read_places(user))
    return user._places


def _read_places(user: User) -> tuple[_Place, ...]:
    return tuple(_Place(*row) for row in _memberships_and_groups.rows(timezone.localdate(), user.pk))


def _rows_of_places(day: date, person: Any) -> QuerySet[Any, Any]:
    memberships = Membership.objects.on(day).filter(user__is_active=True, department__is_active=True)
    places = memberships.filter(user=person).order_by()
    taken_in = places.filter(department__predecessors__isnull=False).annotate(text=_text(""))
    past = Department.objects.filter(successor__isnull=False).order_by()
    past = past.filter(Exists(places.filter(department__path__startswith=OuterRef("successor__path"))))
    past = past.annotate(
        none=F("pk"), kind=_text("past"), text=Concat(Value("/"), Cast("pk", CharField()), Value("/"))
    )
    groups = Group.objects.filter(user=person).annotate(none=F("pk"), kind=_text("group")).order_by()
    teams = memberships_on(day).filter(user=person, user__is_active=True).order_by()
    teams = teams.annotate(none=F("group_id"), kind=_text("team"), text=_text(""))
    return places.values_list("department_id", "position_id", "role", "department__path").union(
        taken_in.values_list("department__predecessors__pk", "position_id", "role", "text"),
        past.values_list("pk", "none", "kind", "text"),
        groups.values_list("pk", "none", "kind", "name"),
        teams.values_list("group_id", "none", "kind", "text"),
        all=True,
    )


def _text(value: str) -> Cast:
    return Cast(Value(value), CharField(max_length=200))


_memberships_and_groups: Prepared[Membership] = Prepared(
    _rows_of_places, date(1900, 1, 1), EXAMPLE_KEY, keyed=True
)


def _parse(role: str) -> tuple[str, list[int]]:
    kind, *raw = str(role).split(":")
    if len(raw) != ROLE_KINDS.get(kind) or not all(part.isdecimal() for part in raw):
        known = ", ".join(kind + ":<id>" * count for kind, count in ROLE_KINDS.items())
        raise UnknownRoleError(f"{role!r} is no role. Known: {known}.")
    return kind, [int(part) for part in raw]


def _people(memberships: QuerySet[Membership]) -> list[User]:
    ordered = memberships.order_by("-is_primary", "position__rank", "user_id", "pk")
    return list({m.user_id: m.user for m in ordered}.values())
