"""Entries are added in the transaction of the act, and never changed or removed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy

from home.audit.api import AppendOnlyError, Entry, NoTransactionError, entries_for, record, verify
from home.audit.models import ChainHead
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def entry(**values):
    return Entry(**{"verb": "dossier.opened", "by": None, "target": "dossier:1", **values})


def test_entries_are_numbered_from_one_and_linked():
    user = UserFactory()
    first, second = entry(by=user, label="Nghỉ phép", data={"days": 3}), entry(on_behalf_of=user)
    record(first, second)
    record(entry())
    stored = list(Entry.objects.all())
    assert [e.seq for e in stored] == [1, 2, 3]
    assert [e.previous for e in stored] == ["", stored[0].hash, stored[1].hash]
    assert stored[0].data == {"days": 3}
    assert (first.seq, first.hash) == (1, stored[0].hash)
    assert verify() is None


@pytest.mark.parametrize("count", [1, 2, 60])
def test_any_number_of_entries_costs_three_queries(django_assert_num_queries, count):
    record(entry())
    with django_assert_num_queries(3):
        record(*[entry(target=f"dossier:{n}") for n in range(count)])


def test_nothing_to_record_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        record()


@pytest.mark.django_db(transaction=True)
def test_recording_outside_of_a_transaction_is_refused():
    with pytest.raises(NoTransactionError):
        record(entry())
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_act_leaves_neither_entry_nor_gap():
    with transaction.atomic():
        record(entry())
    with pytest.raises(RuntimeError), transaction.atomic():
        record(entry(), entry())
        raise RuntimeError
    with transaction.atomic():
        record(entry())
    assert list(Entry.objects.values_list("seq", flat=True)) == [1, 2]
    assert verify() is None


def test_entries_for_one_thing_come_oldest_first_with_their_people(django_assert_num_queries):
    user = UserFactory()
    record(entry(verb="a", by=user), entry(target="dossier:2"), entry(verb="b", by=user, on_behalf_of=user))
    with django_assert_num_queries(1):
        found = [(e.verb, str(e.by), e.on_behalf_of_id) for e in entries_for("dossier:1")]
    assert found == [("a", str(user), None), ("b", str(user), user.pk)]


HARD = {
    "float": 1e22,
    "negative zero": -0.0,
    "tenth": 0.1,
    "nul": "a\x00b",
    "surrogate": "\ud800",
    "text": "Tờ trình số 5 😀",
    "big": 2**70,
    "nested": [{"b": None, "a": True}],
    "moment": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    "day": date(2026, 1, 2),
    "money": Decimal("1.50"),
    "lazy": gettext_lazy("person"),
    5: "a number as key",
}


def test_values_that_databases_like_to_rewrite_verify_after_reading():
    one = entry(data=HARD, label="x\x00y\ud800z\n" + "dài " * 200, target="dossier:\x00 5 ", verb="v\x00")
    record(one)
    assert verify() is None
    stored = Entry.objects.get()
    assert stored.data == one.data
    assert stored.data["money"] == "1.50"
    assert len(stored.label) <= 300


@pytest.mark.parametrize("data", [{"x": float("nan")}, {"x": float("inf")}, {"x": object()}])
def test_data_that_is_no_json_is_refused_and_nothing_is_stored(data):
    record(entry())
    with pytest.raises((ValueError, TypeError)):
        record(entry(), entry(data=data))
    assert Entry.objects.count() == ChainHead.objects.get().seq == 1


def test_code_cannot_change_or_remove_entries():
    one = entry()
    record(one)
    attempts = [
        one.save,
        one.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(verb="x"),
        lambda: Entry.objects.create(seq=2, verb="x"),
        lambda: Entry.objects.bulk_create([entry(seq=2)]),
        lambda: Entry.objects.bulk_update([one], ["verb"]),
        lambda: Entry.objects.update_or_create(seq=1, defaults={"verb": "x"}),
    ]
    for attempt in attempts:
        with pytest.raises(AppendOnlyError):
            attempt()
    assert Entry.objects.get().verb == "dossier.opened"
    assert verify() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET label = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE seq = 2",
        "DELETE FROM audit_chainhead",
        "UPDATE audit_chainhead SET seq = 1",
        "UPDATE audit_chainhead SET hash = 'x'",
        "UPDATE audit_chainhead SET id = 7, seq = 9",
    ],
)
def test_the_database_itself_refuses(statement):
    record(entry(), entry())
    before = list(Entry.objects.values_list()), ChainHead.objects.values_list().get()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert before == (list(Entry.objects.values_list()), ChainHead.objects.values_list().get())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL can truncate")
def test_truncating_is_refused():
    record(entry())
    connection.check_constraints()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE audit_entry")


def test_the_manager_behind_the_manager_is_stopped_by_the_database():
    record(entry())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        models.QuerySet(Entry).update(verb="x")


def test_a_person_who_acted_is_protected_by_the_entries():
    user = UserFactory()
    record(entry(by=user))
    assert {Entry._meta.get_field(name).remote_field.on_delete for name in ("by", "on_behalf_of")} == {
        models.PROTECT
    }
    with pytest.raises(ProtectedError):
        user.delete()


@pytest.mark.django_db(transaction=True)
def test_flush_empties_the_trail_and_leaves_it_guarded():
    from django.core.management import call_command

    with transaction.atomic():
        record(entry())
    call_command("flush", interactive=False, verbosity=0)
    assert not Entry.objects.exists()
    with transaction.atomic():
        record(entry())
    assert Entry.objects.get().seq == 1
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM audit_entry")
