"""PostgreSQL keeps the plan of statements that find rows by keys, and of no others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from home.notifications.models import Notification
from home.people.api import User
from plugins.api.api import EXAMPLE_KEY, Prepared, PreparedInsert, PreparedUpdate
from tests.factories.flows import make_office
from workflows.engine.errors import BusyError
from workflows.engine.lock import exclusive

PREPARE_AFTER = settings.PREPARE_AFTER
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite plans nothing beforehand."),
]


def plans() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


def kept(words: str) -> int:
    return sum(words in statement for statement in plans())


@pytest.fixture
def office() -> Any:
    return make_office()


def by_key(mark: str, **options: bool) -> Prepared[User]:
    """Return a query by key; the mark tells its plan from those of other queries."""
    return Prepared(lambda pk: User.objects.filter(pk=pk).extra(select={mark: "1"}), EXAMPLE_KEY, **options)


def test_the_plan_of_a_query_by_key_is_kept(office):
    query = by_key("mark_of_keyed", keyed=True)
    for person in [office.tc1, office.tc2] * PREPARE_AFTER:
        assert query.first(person.pk) == person
    assert kept("mark_of_keyed") == 1


def test_other_queries_are_planned_for_their_values(office):
    query = by_key("mark_of_plain")
    for person in [office.tc1, office.tc2] * PREPARE_AFTER:
        assert query.first(person.pk) == person
    assert kept("mark_of_plain") == 0


def test_what_is_written_is_the_same_before_and_after_its_plan_is_kept(office):
    insert, update = PreparedInsert(Notification), PreparedUpdate(Notification, "params", "read_at")
    texts = ["Tờ trình “50%” – ' \" ; -- %s $1", "", "đ" * 5_000, "\\x00 \\ //"]
    moment = datetime(2026, 1, 1, 0, 0, 0, 123456, tzinfo=UTC)
    for round_ in range(PREPARE_AFTER + 2):
        for text in texts:
            row = insert.one(Notification(recipient=office.tc1, kind="any", params={"text": text}, url="/"))
            assert Notification.objects.get(pk=row.pk).params == {"text": text}
            row.params, row.read_at = (
                {"again": text, "n": [round_, None, 2**40]},
                moment if round_ % 2 else None,
            )
            update.save(row)
            found = Notification.objects.get(pk=row.pk)
            assert (found.params, found.read_at) == (row.params, row.read_at)
    assert kept("INSERT INTO") >= 1
    assert kept("UPDATE") >= 1


def test_the_log_shows_statements_with_their_values(office):
    query = by_key("mark_of_log", keyed=True)
    with CaptureQueriesContext(connection) as asked:
        for _ in range(PREPARE_AFTER + 2):
            query.first(office.tc1.pk)
    assert {f'"id" = {office.tc1.pk}' in one["sql"] for one in asked} == {True}


def test_keys_of_any_size_find_their_rows(office):
    query = by_key("mark_of_sizes", keyed=True)
    for pk in [1, 40_000, 3_000_000_000, 2**62] * (PREPARE_AFTER + 1):
        assert query.first(pk) == User.objects.filter(pk=pk).first()


def keep_plan(query: Prepared[User], person: User) -> None:
    for _ in range(PREPARE_AFTER + 2):
        assert query.first(person.pk) == person


def test_a_kept_plan_outlives_a_failure(office):
    query = by_key("mark_of_life", keyed=True)
    keep_plan(query, office.tc1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert query.first(office.tc2.pk) == office.tc2
    assert kept("mark_of_life") == 1


def test_other_statements_between_do_not_keep_a_plan_from_being_kept(office):
    query = by_key("mark_among_many", keyed=True)
    for round_ in range(PREPARE_AFTER + 2):
        assert query.first(office.tc1.pk) == office.tc1
        for number in range(150):
            User.objects.filter(pk=round_ * 1_000 + number).exists()
    assert kept("mark_among_many") == 1
    assert len(connection.connection._prepared._counts) < 50  # no text of the others is held


@contextmanager
def wider_rooms() -> Iterator[None]:
    """Change the type of a column from another connection, as an upgrade does while old processes run."""
    other = connection.copy()
    alter = f"ALTER TABLE {User._meta.db_table} ALTER COLUMN room TYPE varchar(%d)"
    width = User._meta.get_field("room").max_length
    try:
        with other.cursor() as cursor:
            cursor.execute(alter % (width + 7))
        yield
        with other.cursor() as cursor:
            cursor.execute(alter % width)
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_a_plan_that_a_migration_has_made_useless_is_made_anew(office):
    query = by_key("mark_of_upgrade", keyed=True)
    keep_plan(query, office.tc1)
    with wider_rooms():
        assert query.first(office.tc1.pk) == office.tc1
        keep_plan(query, office.tc2)
        assert kept("mark_of_upgrade") == 1


@pytest.mark.django_db(transaction=True)
def test_an_act_that_meets_such_a_plan_is_asked_to_try_again_and_then_succeeds(office):
    query = by_key("mark_of_act", keyed=True)
    keep_plan(query, office.tc1)
    with wider_rooms():
        with pytest.raises(BusyError), exclusive():
            query.first(office.tc1.pk)
        with exclusive():
            assert query.first(office.tc1.pk) == office.tc1


def test_without_leave_no_plan_is_kept_and_everything_works(office, settings):
    settings.PREPARE_AFTER = None
    query = by_key("mark_of_pooler", keyed=True)
    keep_plan(query, office.tc1)
    assert kept("mark_of_pooler") == 0
