"""People, departments, positions and memberships for tests."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from home.people.api import Department, Membership, Position, User

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
