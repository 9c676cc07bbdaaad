"""Every way of tampering is found and named by its first broken link."""

from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, models

from home.audit import triggers
from home.audit.api import Entry, record, verify
from home.audit.models import ChainHead
from home.audit.trail import MissingHeadError
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@contextmanager
def intruder():
    """Somebody who has the rights to drop the triggers, and puts them back."""
    connection.check_constraints()
    with triggers.lifted(connection), connection.cursor() as cursor:
        yield cursor.execute
        connection.check_constraints()


@pytest.fixture
def five():
    user = UserFactory()
    record(*[Entry(verb="v", by=user, target=f"dossier:{n}", data={"n": n}) for n in range(1, 6)])
    return list(Entry.objects.all())


def test_an_untouched_chain_holds(five):
    assert verify() is None


def test_an_empty_trail_holds():
    assert verify() is None


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'w'",
        "target = 'dossier:9'",
        "label = 'x'",
        "by_id = NULL",
        "on_behalf_of_id = by_id",
        "data = '{\"n\":4}'",
        "data = 'no json'",
        "at = '2020-01-01 00:00:00+00:00'",
        "hash = '0'",
    ],
)
def test_a_changed_column_is_found(five, change):
    with intruder() as execute:
        execute(f"UPDATE audit_entry SET {change} WHERE seq = 3")
    broken = verify()
    assert (broken.seq, broken.what) == (3, "content")


def test_a_moment_changed_by_a_microsecond_is_found(five):
    later = five[2].at.replace(microsecond=(five[2].at.microsecond + 1) % 1_000_000)
    with intruder():
        models.QuerySet(Entry).filter(seq=3).update(at=later)
    assert verify().seq == 3


def test_a_changed_link_is_found(five):
    with intruder() as execute:
        execute("UPDATE audit_entry SET previous = 'x' WHERE seq = 3")
    assert (verify().seq, verify().what) == (3, "previous")


def test_a_rewritten_entry_with_a_fitting_hash_breaks_the_next_link(five):
    five[2].label = "khác"
    with intruder():
        models.QuerySet(Entry).filter(seq=3).update(label="khác", hash=five[2].computed_hash())
    assert (verify().seq, verify().what) == (4, "previous")


@pytest.mark.parametrize(("gone", "seq"), [(1, 1), (3, 3)])
def test_a_removed_entry_is_found(five, gone, seq):
    with intruder() as execute:
        execute(f"DELETE FROM audit_entry WHERE seq = {gone}")
    assert (verify().seq, verify().what) == (seq, "number")


def test_swapped_numbers_are_found(five):
    with intruder() as execute:
        execute("UPDATE audit_entry SET seq = 99 WHERE seq = 2")
        execute("UPDATE audit_entry SET seq = 2 WHERE seq = 3")
        execute("UPDATE audit_entry SET seq = 3 WHERE seq = 99")
    assert verify().seq == 2


def test_a_cut_tail_is_found_by_the_head(five):
    with intruder() as execute:
        execute("DELETE FROM audit_entry WHERE seq >= 4")
    assert (verify().seq, verify().what) == (4, "head")


def test_everything_removed_is_found_by_the_head(five):
    with intruder() as execute:
        execute("DELETE FROM audit_entry")
    assert (verify().seq, verify().what) == (1, "head")


def test_an_entry_added_behind_the_head_is_found(five):
    extra = Entry(seq=6, verb="v", target="dossier:6", previous=five[-1].hash, at=five[-1].at)
    extra.hash = extra.computed_hash()
    models.QuerySet(Entry).bulk_create([extra])
    assert (verify().seq, verify().what) == (6, "head")


@pytest.mark.parametrize("change", ["hash = 'x'", "seq = 4", "seq = 6"])
def test_a_changed_head_is_found(five, change):
    with intruder() as execute:
        execute(f"UPDATE audit_chainhead SET {change}")
    assert verify().what == "head"


def test_a_cut_tail_with_a_lowered_head_is_found_by_a_noted_end(five):
    noted = str(ChainHead.objects.get())
    with intruder() as execute:
        execute("DELETE FROM audit_entry WHERE seq = 5")
        execute(f"UPDATE audit_chainhead SET seq = 4, hash = '{five[3].hash}'")
    assert verify() is None
    with pytest.raises(SystemExit):
        call_command("verify_audit", expect=noted, stderr=StringIO())


def test_a_removed_head_is_found_and_stops_all_recording(five):
    with intruder() as execute:
        execute("DELETE FROM audit_chainhead")
    assert verify().what == "head"
    with pytest.raises(MissingHeadError):
        record(Entry(verb="v", target="dossier:6"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite stores a moment that is none")
def test_a_column_that_cannot_be_read_is_named_instead_of_failing(five):
    with intruder() as execute:
        execute("UPDATE audit_entry SET at = '2026-99-99 00:00:00' WHERE seq = 3")
    assert (verify().seq, verify().what) == (3, "content")


def test_the_command_names_the_first_broken_link_and_fails(five):
    with intruder() as execute:
        execute("UPDATE audit_entry SET label = 'x' WHERE seq IN (2, 4)")
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", stderr=said)
    assert ended.value.code == 1
    assert "entry 2: content" in said.getvalue()


def test_the_command_prints_the_end_so_that_it_can_be_noted(five):
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert f"5 entries, end 5:{five[-1].hash}" in said.getvalue()
    call_command("verify_audit", expect=f"3:{five[2].hash}", stdout=said)


def test_verifying_reads_in_a_stream(five, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("home.audit.verification.CHUNK", 2)
    with django_assert_num_queries(2):
        assert verify() is None
