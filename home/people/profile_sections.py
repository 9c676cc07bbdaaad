"""The profile section `people`: departments, positions, groups and people with their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext as _
from pydantic import Field

from plugins.api.api import ProfileContext, ProfileSection, Removal, Shape, profile_sections

from .group_profile import GroupsSection as GroupsSection
from .models import Department, Membership, Position, User
from .profile_removal import prepare_people, remove_people, switch_off_people

Code = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=40)


class DepartmentRow(Shape):
    """A department; what is part of another stands below it in the file."""

    code: str = Code
    name: str
    parent: str = ""
    phone: str = ""
    email: str = ""
    room: str = ""
    duties: str = ""


class PositionRow(Shape):
    """A post; a lower rank stands higher."""

    code: str = Code
    name: str
    rank: int = 100


class GroupRow(Shape):
    """A group with its permissions (`app.codename`)."""

    name: str
    permissions: list[str] = []


class PlaceRow(Shape):
    """A place in a department; the first of a person is the main one."""

    department: str
    position: str
    role: Literal["member", "deputy", "head"] = "member"


class PersonRow(Shape):
    """A person, the name in Vietnamese order (family name first)."""

    username: str = Code
    name: str
    email: str = ""
    phone: str = ""
    language: Literal["vi", "en"] = "vi"
    superuser: bool = False
    groups: list[str] = []
    places: list[PlaceRow] = []


class LoginNote(Shape):
    """A login that is suggested after loading a demo."""

    username: str
    role: str


class PeopleFile(Shape):
    """The file `people.yaml`."""

    departments: list[DepartmentRow] = []
    positions: list[PositionRow] = []
    groups: list[GroupRow] = []
    people: list[PersonRow] = []
    suggested_logins: list[LoginNote] = []


@profile_sections.register
class PeopleSection(ProfileSection):
    """Loads people before everything that names them."""

    code = "people"
    order = 10
    model = PeopleFile
    records = ("people.user", "people.department", "people.position", "people.membership", "auth.group")
    bookkeeping = ("people.departmentevent.department", "wagtailusers.userprofile")

    def stored(self) -> Mapping[str, Iterable[str]]:
        """Return what the database holds."""
        return {
            "department": Department.objects.values_list("code", flat=True),
            "position": Position.objects.values_list("code", flat=True),
            "group": Group.objects.values_list("name", flat=True),
            "person": User.objects.values_list("username", flat=True),
        }

    def provides(self, data: PeopleFile) -> Mapping[str, Iterable[str]]:
        """Return what the file brings."""
        return {
            "department": [row.code for row in data.departments],
            "position": [row.code for row in data.positions],
            "group": [row.name for row in data.groups],
            "person": [row.username for row in data.people],
        }

    def check(self, data: PeopleFile, context: ProfileContext) -> Iterator[tuple[str, str]]:
        """Check that codes are unique, that parents come first, and that everything named exists."""
        yield from _twice("departments", [row.code for row in data.departments], "code")
        yield from _twice("positions", [row.code for row in data.positions], "code")
        yield from _twice("people", [row.username for row in data.people], "username")
        yield from _check_parents(data)
        yield from _check_permissions(data)
        for i, person in enumerate(data.people):
            yield from _check_person(f"people[{i}]", person, context)
        yield from _check_heads(data)
        for i, login in enumerate(data.suggested_logins):
            if message := context.unknown("person", login.username):
                yield f"suggested_logins[{i}].username", message

    def load(self, data: PeopleFile, context: ProfileContext) -> None:
        """Write departments, positions, groups, people and their places."""
        for number, row in enumerate(data.departments, start=1):
            parent = Department.objects.get(code=row.parent) if row.parent else None
            told = {
                name: text for name in ("phone", "email", "room", "duties") if (text := getattr(row, name))
            }
            values = {"name": row.name, "parent": parent, "order": number * 10, **told}
            context.upsert(Department, {"code": row.code}, values)
        for post in data.positions:
            context.upsert(Position, {"code": post.code}, {"name": post.name, "rank": post.rank})
        for group in data.groups:
            _load_group(group, context)
        password = make_password(settings.DEMO_PASSWORD or None if context.demo else None)
        for person in data.people:
            _load_person(person, password, context)
        if context.demo and settings.DEMO_PASSWORD and data.suggested_logins:
            context.notes.append(_("Demo logins (password: %s)") % settings.DEMO_PASSWORD)
            width = max(len(login.username) for login in data.suggested_logins)
            context.notes += [f"  {n.username:<{width}}  {n.role}" for n in data.suggested_logins]

    def before_removal(self, removal: Removal) -> None:
        """Find out who was edited, and refuse to leave an office that nobody administers."""
        prepare_people(removal)

    def remove(self, removal: Removal) -> None:
        """Remove what nothing stands on; places of people who were edited stay with them."""
        remove_people(removal, self.records)

    def after_removal(self, removal: Removal) -> None:
        """Switch off the people whom the history names."""
        switch_off_people(removal)


def _twice(key: str, codes: list[str], name: str) -> Iterator[tuple[str, str]]:
    for i, code in enumerate(codes):
        if code in codes[:i]:
            yield f"{key}[{i}].{name}", _("“%(code)s” stands here twice.") % {"code": code}


def _check_parents(data: PeopleFile) -> Iterator[tuple[str, str]]:
    above = set(Department.objects.values_list("code", flat=True)) - {row.code for row in data.departments}
    for i, row in enumerate(data.departments):
        if row.parent and row.parent not in above:
            message = _("The department “%(code)s” must stand further up in this file.")
            yield f"departments[{i}].parent", message % {"code": row.parent}
        above.add(row.code)


def _check_permissions(data: PeopleFile) -> Iterator[tuple[str, str]]:
    for i, group in enumerate(data.groups):
        known = {name for name, _permission in _permissions(group.permissions)}
        for j, name in enumerate(group.permissions):
            if name not in known:
                yield (
                    f"groups[{i}].permissions[{j}]",
                    _("There is no permission “%(name)s”.") % {"name": name},
                )


def _check_person(place: str, person: PersonRow, context: ProfileContext) -> Iterator[tuple[str, str]]:
    if " " not in person.name.strip():
        yield f"{place}.name", _("Write family name and given name.")
    for i, group in enumerate(person.groups):
        if message := context.unknown("group", group):
            yield f"{place}.groups[{i}]", message
    for i, row in enumerate(person.places):
        for kind, code in (("department", row.department), ("position", row.position)):
            if message := context.unknown(kind, code):
                yield f"{place}.places[{i}].{kind}", message


def _check_heads(data: PeopleFile) -> Iterator[tuple[str, str]]:
    heads: dict[str, str] = {}
    for i, person in enumerate(data.people):
        for j, row in enumerate(person.places):
            if row.role == "head" and row.department in heads:
                message = _("“%(department)s” already has the head %(person)s.")
                values = {"department": row.department, "person": heads[row.department]}
                yield f"people[{i}].places[{j}].role", message % values
            elif row.role == "head":
                heads[row.department] = person.username


def _permissions(names: list[str]) -> list[tuple[str, Permission]]:
    """Return those of the permissions (`app.codename`) that exist, with their names."""
    found = Permission.objects.filter(codename__in=[name.partition(".")[2] for name in names])
    pairs = [(f"{p.content_type.app_label}.{p.codename}", p) for p in found.select_related("content_type")]
    return [(name, permission) for name, permission in pairs if name in names]


def _load_group(row: GroupRow, context: ProfileContext) -> None:
    group = context.upsert(Group, {"name": row.name}, {})
    group.permissions.add(*(permission for _name, permission in _permissions(row.permissions)))


def _load_person(row: PersonRow, password: str, context: ProfileContext) -> None:
    """Write one person. A login that exists keeps its password, its rights and whether it is active."""
    family, _space, given = row.name.strip().rpartition(" ")
    names = {"first_name": given, "last_name": family, "email": row.email, "phone": row.phone}
    new = {"language": row.language, "is_superuser": row.superuser, "is_staff": row.superuser}
    known = User.objects.filter(username=row.username).first()
    # Removing a demo leaves people like this whom the history names (`profile_removal.py`).
    was_removed = (
        known is not None and context.demo and not known.is_active and not known.has_usable_password()
    )
    values = {**names, **new, "password": password} if known is None or was_removed else names
    user = context.upsert(
        User, {"username": row.username}, {**values, **({"is_active": True} if was_removed else {})}
    )
    if was_removed:
        context.taken_up.append(user)
    user.groups.add(*Group.objects.filter(name__in=row.groups))
    for i, place in enumerate(row.places):
        lookup = {
            "user": user,
            "department": Department.objects.get(code=place.department),
            "position": Position.objects.get(code=place.position),
        }
        context.upsert(Membership, lookup, {"role": place.role, "is_primary": i == 0})
