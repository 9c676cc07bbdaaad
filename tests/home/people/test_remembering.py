"""Every change on which a person's places or rights depend renews the stamp; nothing else does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.utils import timezone

from home.people import remembering
from home.people.api import Department, Membership, User, remembered, renew_stamp, roles_of
from home.people.backends import OfficeBackend
from home.people.remembering import remember_while_reading
from tests.factories.people import DepartmentFactory, MembershipFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_member(DepartmentFactory())


def reader(person: User) -> User:
    """Return the person as a request that reads gets them."""
    found = OfficeBackend().get_user(person.pk)
    remember_while_reading(found)
    return found


def stamp_of(person: User) -> int:
    return OfficeBackend().get_user(person.pk).stamp


def rename(person):
    found = User.objects.get(pk=person.pk)
    found.first_name = "Tên khác"
    found.save()


CHANGES = {
    "new membership": lambda person: MembershipFactory(user=person),
    "ended membership": lambda person: person.memberships.get().delete(),
    "memberships changed at once": lambda person: Membership.objects.update(until=date(2020, 1, 1)),
    "memberships stored at once": lambda person: Membership.objects.bulk_create([]),
    "memberships removed at once": lambda person: Membership.objects.all().delete(),
    "memberships changed as rows": lambda person: Membership.objects.bulk_update(
        Membership.objects.all(), ["role"]
    ),
    "department": lambda person: Department.objects.get().save(),
    "departments at once": lambda person: Department.objects.update(is_active=False),
    "joined a group": lambda person: person.groups.add(Group.objects.create(name="Biên tập")),
    "group renamed": lambda person: Group.objects.first().save(),
    "group given a right": lambda person: Group.objects.first().permissions.add(Permission.objects.last()),
    "another name": lambda person: rename(person),
    "another phone at once": lambda person: User.objects.update(phone="0283 822 0000"),
    "own right": lambda person: person.user_permissions.add(Permission.objects.first()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_of_places_or_rights_renews_the_stamp(person, change):
    Group.objects.create(name="Nhóm")
    before = stamp_of(person)
    change(person)
    assert stamp_of(person) != before


def test_logging_in_and_changing_ones_own_data_leave_the_stamp(person):
    before = stamp_of(person)
    person.last_login = timezone.now()
    person.save(update_fields=["last_login"])
    UserFactory()
    assert stamp_of(person) == before


def test_a_change_that_is_rolled_back_leaves_the_stamp(person):
    before = stamp_of(person)
    with transaction.atomic():
        renew_stamp()
        assert stamp_of(person) != before
        transaction.set_rollback(True)
    assert stamp_of(person) == before


def test_what_is_remembered_costs_nothing_until_the_stamp_changes(person, django_assert_num_queries):
    expected = roles_of(reader(person))
    again = reader(person)
    with django_assert_num_queries(0):
        assert roles_of(again) == expected
    MembershipFactory(user=person)
    assert roles_of(reader(person)) > expected


def test_nobody_is_given_what_was_remembered_of_somebody_else(person):
    other = make_member(DepartmentFactory())
    assert roles_of(reader(person)) != roles_of(reader(other))
    assert roles_of(reader(person)) == roles_of(person)


def test_who_acts_is_read_from_the_database(person, django_assert_num_queries):
    roles_of(reader(person))
    actor = OfficeBackend().get_user(person.pk)
    with django_assert_num_queries(1):
        roles_of(actor)


def test_the_next_day_is_computed_afresh(person, monkeypatch):
    last = person.memberships.get()
    last.until = timezone.localdate()
    last.save()
    assert roles_of(reader(person))
    tomorrow = timezone.localdate().replace(year=timezone.localdate().year + 1)
    monkeypatch.setattr(timezone, "localdate", lambda *args: tomorrow)
    assert not roles_of(reader(person))


def test_somebody_made_a_superuser_is_computed_afresh(person):
    assert remembered(reader(person), "rank", lambda: "officer") == "officer"
    User.objects.filter(pk=person.pk).update(is_superuser=True)
    assert remembered(reader(person), "rank", lambda: "superuser") == "superuser"


def test_memory_is_bounded(person, monkeypatch):
    monkeypatch.setattr(remembering, "CAPACITY", 2)
    for _ in range(4):
        roles_of(reader(make_member(DepartmentFactory())))
    assert len(remembering.memory.people) == 2
    found = reader(person)
    for number in range(200):
        remembered(found, number, lambda: "text")
    ((_mark, names),) = list(remembering.memory.people.values())[-1:]
    assert len(names) <= 50


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time.")
def test_two_changes_at_once_do_not_wait_for_each_other(person):
    def change() -> int:
        try:
            renew_stamp()
            return stamp_of(person)
        finally:
            connection.close()

    renew_stamp()
    before = stamp_of(person)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        renew_stamp()
        between = pool.submit(change).result(timeout=20)
    assert len({before, between, stamp_of(person)}) == 3
