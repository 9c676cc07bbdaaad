"""Storing each kind of rows."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from home.people.models import Department, Membership, Position, User
from home.people.text import fold

from .columns import NO, ROLES, YES
from .office import Office
from .rows import Row

MAX_NUMBER = 32000


def store_departments(office: Office, rows: list[Row]) -> None:
    """Store all departments first, then hang each below its parent: parents may stand further down."""
    for row in _once(office, rows, "code"):
        department = office.departments.get(fold(row.values["code"])) or Department(code=row.values["code"])
        values = _given(row, "name") | _number(office, row, "order")
        if not row.bad and office.store(row, "departments", department, values):
            office.departments[fold(department.code)] = department
        else:
            office.bad.add(("department", fold(row.values["code"])))
    for row in rows:
        child, above = office.departments.get(fold(row.values.get("code", ""))), row.values.get("parent")
        if child is None or not above:
            continue
        parent = office.departments.get(fold(above))
        if parent is None and ("department", fold(above)) in office.bad:
            continue
        if parent is None:
            message = _("No department has the code “%s”, neither here nor in the file.") % above
            office.problems.append(row.problem("parent", message))
        elif child.parent_id != parent.pk:
            parent.refresh_from_db()
            office.store(row, "departments", child, {"parent": parent})


def store_positions(office: Office, rows: list[Row]) -> None:
    """Store the positions."""
    for row in _once(office, rows, "code"):
        position = office.positions.get(fold(row.values["code"])) or Position(code=row.values["code"])
        values = _given(row, "name") | _number(office, row, "rank")
        if not row.bad and office.store(row, "positions", position, values):
            office.positions[fold(position.code)] = position
        else:
            office.bad.add(("position", fold(row.values["code"])))


def store_people(office: Office, rows: list[Row]) -> None:
    """Store each person once, with what the rows of the person say together."""
    merged: dict[str, Row] = {}
    for row in rows:
        if "username" not in row.values or row.bad:
            continue
        username = User.normalize_username(row.values["username"])
        first = merged.setdefault(username, Row(row.sheet, row.number, row.kind, {}))
        for key in ("first_name", "last_name", "email", "phone", "language"):
            said = row.values.get(key)
            if said and first.values.setdefault(key, said) != said:
                message = _("Row %(row)d says “%(other)s” about the same person.")
                values = {"row": first.number, "other": first.values[key]}
                office.problems.append(row.problem(key, message % values))
    for username, row in merged.items():
        _store_person(office, username, row)


def _store_person(office: Office, username: str, row: Row) -> None:
    person = office.people.get(username)
    if person is None:
        person = User(username=username)
        person.set_unusable_password()
        for key in ("first_name", "last_name"):
            if key not in row.values:
                office.problems.append(row.problem(key, _("A new person needs a name.")))
    values = _given(row, "first_name", "last_name", "email", "phone", "language")
    for key in ("email", "language"):
        if key in values:
            values[key] = values[key].lower()
    if office.store(row, "people", person, values):
        office.people[username] = person


def store_memberships(office: Office, rows: list[Row]) -> None:
    """Store the places of the people: who steps down comes before who steps up."""
    wanted = [place for row in rows if (place := _wanted(office, row)) is not None]
    for _row, membership, values in wanted:
        if membership.pk and any(getattr(membership, name) != value for name, value in values.items()):
            Membership.objects.filter(pk=membership.pk).update(role=Membership.Role.MEMBER, is_primary=False)
    for row, membership, values in wanted:
        office.store(row, "memberships", membership, values)


def _wanted(office: Office, row: Row) -> tuple[Row, Membership, dict[str, object]] | None:
    person = office.people.get(User.normalize_username(row.values.get("username", "")))
    if row.bad or person is None or not {"department", "position", "role"} & row.values.keys():
        return None
    department = office.departments.get(fold(row.values.get("department", "")))
    position = office.position(row.values.get("position", ""))
    found = {"department": department, "position": position}
    for key, target in found.items():
        text = row.values.get(key)
        if target is None and (key, fold(text or "")) not in office.bad:
            office.problems.append(row.problem(key, *_unknown(office, key, text)))
    role, main = _role(office, row), _main_place(office, row)
    if department is None or position is None:
        return None
    place = (person.pk, department.pk, position.pk)
    membership = office.memberships.get(place) or Membership(
        user=person, department=department, position=position
    )
    office.memberships[place] = membership
    values: dict[str, object] = {} if role is None else {"role": role}
    if main is not None:
        values["is_primary"] = main
    elif person.pk not in office.with_main_place and membership.pk is None:
        values["is_primary"] = True
    if values.get("is_primary"):
        office.with_main_place.add(person.pk)
    return row, membership, values


def _unknown(office: Office, key: str, text: str | None) -> tuple[str, str]:
    if text is None:
        return _("Department and position belong together; this one is missing."), ""
    known: Iterable[str] = sorted(x.code for x in getattr(office, f"{key}s").values())
    listed = ", ".join(list(known)[:30]) or "–"
    return _("“%s” is not known.") % text, _("Known: %s.") % listed


def _role(office: Office, row: Row) -> str | None:
    text = row.values.get("role")
    if text is None:
        return None
    role = next((role for role, words in ROLES.items() if fold(text) in words), None)
    if role is None:
        office.problems.append(
            row.problem("role", _("“%s” is no role.") % text, _("Known: %s.") % "trưởng, phó, thành viên")
        )
    return role


def _main_place(office: Office, row: Row) -> bool | None:
    text = row.values.get("is_primary")
    if text is None:
        return None
    if fold(text) not in (*YES, *NO):
        message = _("“%s” is neither yes nor no.") % text
        office.problems.append(row.problem("is_primary", message, _("Write “có” or “không”.")))
        return None
    return fold(text) in YES


def _once(office: Office, rows: list[Row], key: str) -> list[Row]:
    """Return the rows that have a key, the first of each; note those that repeat one."""
    first: dict[str, Row] = {}
    for row in rows:
        if key not in row.values:
            continue
        word = fold(row.values[key])
        if word in first:
            message = _("Row %(row)d has the same code.") % {"row": first[word].number}
            office.problems.append(row.problem(key, message))
        else:
            first[word] = row
    return list(first.values())


def _given(row: Row, *keys: str) -> dict:
    return {key: row.values[key] for key in keys if key in row.values}


def _number(office: Office, row: Row, key: str) -> dict[str, object]:
    text = row.values.get(key)
    if text is None:
        return {}
    if not text.isascii() or not text.isdecimal() or int(text[:9]) > MAX_NUMBER:
        message = _("“%s” is no whole number.") % text[:30]
        office.problems.append(row.problem(key, message, _("Expected: 0 to %d.") % MAX_NUMBER))
        return {}
    return {key: int(text)}
