"""Going back: rows that came, went or were changed, keys, triggers and the numbers of new rows."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from wagtail.models import Locale

from home.audit.api import Entry, record
from home.base.models import BasePage
from tests.factories.people import MembershipFactory, UserFactory
from tests.snapshots import take

pytestmark = pytest.mark.django_db(transaction=True)


def state():
    """Return every row of every table, but for the table of tables' numbers."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(map(str, cursor.fetchall()))
    return found


def disturb():
    """Write, change and delete, in tables that were empty and in tables that were not."""
    MembershipFactory()
    with transaction.atomic():
        record(Entry(verb="x.done", by=UserFactory(), target="x:1"))
    Group.objects.create(name="Mới")
    Locale.objects.update(language_code="en")
    BasePage.objects.filter(depth=2).update(title="Khác")
    ContentType.objects.latest("pk").delete()


def test_all_is_as_it_was_however_often_it_is_disturbed():
    before = state()
    first = take(connection)
    for _ in range(3):
        disturb()
        assert state() != before
        first.restore(connection)
        assert state() == before
    first.restore(connection)
    assert state() == before
    connection.check_constraints()


def test_two_snapshots_do_not_mix():
    empty, bare = take(connection), state()
    disturb()
    filled, full = take(connection), state()
    assert Entry.objects.exists()
    for snapshot, expected in ((empty, bare), (filled, full), (empty, bare), (filled, full)):
        snapshot.restore(connection)
        assert state() == expected
        UserFactory()  # keys of new rows clash with nothing
        MembershipFactory()


def test_first_rows_are_there_before_each_of_these_tests():
    """The tests above have left none of theirs: each worker runs them in this order."""
    assert not Entry.objects.exists()
    assert not Group.objects.filter(name="Mới").exists()
    assert not BasePage.objects.filter(title="Khác").exists()
    assert BasePage.objects.filter(depth=2).exists()
