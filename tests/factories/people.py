"""People, departments, positions and memberships for tests."""

from __future__ import annotations

from datetime import timedelta

import factory
from django.test import Client
from django.utils import timezone
from factory.django import DjangoModelFactory

from home.people.api import Delegation, Department, Membership, Position, SigningAuthority, User

PASSWORD = "Mat-khau-2026"


class UserFactory(DjangoModelFactory):
    """An active person with a password (`PASSWORD`) and no place yet."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    last_name = "Nguyễn Văn"
    first_name = factory.Sequence(lambda n: f"An {n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@office.example")
    password = factory.django.Password(PASSWORD)


class DepartmentFactory(DjangoModelFactory):
    """An active department at the root of the tree; give `parent` for one below."""

    class Meta:
        model = Department

    code = factory.Sequence(lambda n: f"PB{n}")
    name = factory.Sequence(lambda n: f"Phòng số {n}")


class PositionFactory(DjangoModelFactory):
    """A position of rank 100."""

    class Meta:
        model = Position

    code = factory.Sequence(lambda n: f"cv{n}")
    name = factory.Sequence(lambda n: f"Chuyên viên {n}")


class MembershipFactory(DjangoModelFactory):
    """A current membership; give `role="head"` or `"deputy"`, `is_primary=True` for the main place."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    department = factory.SubFactory(DepartmentFactory)
    position = factory.SubFactory(PositionFactory)


def make_member(department: Department, role: str = "member", **user: object) -> User:
    """Return a new person whose main place is this department."""
    person = UserFactory(**user)
    MembershipFactory(user=person, department=department, role=role, is_primary=True)
    return person


class DelegationFactory(DjangoModelFactory):
    """A delegation of all matters, today and the six days that follow."""

    class Meta:
        model = Delegation

    principal = factory.SubFactory(UserFactory)
    delegate = factory.SubFactory(UserFactory)
    since = factory.LazyFunction(timezone.localdate)
    until = factory.LazyAttribute(lambda row: row.since + timedelta(days=6))


class SigningAuthorityFactory(DjangoModelFactory):
    """An authority KT. for all matters, from today on; `capacity="TUQ"` brings what that asks for."""

    class Meta:
        model = SigningAuthority

    class Params:
        written = factory.LazyAttribute(lambda row: row.capacity == "TUQ")

    holder = factory.SubFactory(UserFactory)
    on_behalf_of = factory.SubFactory(UserFactory)
    capacity = "KT"
    since = factory.LazyFunction(timezone.localdate)
    until = factory.LazyAttribute(lambda row: row.since + timedelta(days=30) if row.written else None)
    matters = factory.LazyAttribute(lambda row: ["leave"] if row.written else [])
    document = factory.LazyAttribute(lambda row: "Giấy ủy quyền số 12/GUQ-VP" if row.written else "")


def browser(person: User) -> Client:
    """Return a client of its own in which this person is logged in."""
    client = Client()
    client.force_login(person)
    return client
