"""Of a try-out nothing remains: no row, no hook, no mail, no class; and nobody waits for it."""

from __future__ import annotations

import gc
import threading
import time
import weakref

import pytest
from django.core import mail
from django.db import connection, transaction

from home.audit.api import Entry, verify
from tests.factories.flows import ANSWERS, act, approve, definition, make_office, open_for, signature_flow
from tests.threads import race
from workflows.definitions import stored
from workflows.definitions.api import Definition
from workflows.dossiers.api import RegisterEntry, current_rehearsal
from workflows.engine import compiled, trying_out
from workflows.engine.api import Sample, SampleAct, play
from workflows.engine.tasks import do_errands

CHAIR = {"position": "chair", "department": "LD"}
SHARED = {"round_robin": {"department": "TC"}}


def everything():
    """Return the rows of every table."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def whole(**changes):
    """Return a flow with a shared rule, a number of the same register, a webhook, timers and a wait."""
    return definition(
        approve("sign", SHARED, days=2, late=[{"days": 1, "do": "head"}]),
        {"id": "pause", "kind": "wait", "title": "Chờ", "days": 3},
        {
            "id": "issue",
            "kind": "number",
            "title": "Cấp số",
            "register": "TTr",
            "pattern": "{number}",
            "key": "symbol",
            "label": "Số",
        },
        {"id": "erp", "kind": "webhook", "title": "Báo", "target": "erp"},
        approve("last", {"least_loaded": {"department": "TC"}}),
        **changes,
    )


@pytest.fixture
def erp(settings):
    settings.WEBHOOKS = {"erp": {"url": "http://127.0.0.1:1/", "secret": "x", "timeout": 1}}


def go(office, raw=None):
    """Try a flow out that returns once."""
    sample = Sample(office.ann, ANSWERS, {"sign": [SampleAct("return")]})
    return play(Definition.parse(raw or whole()), sample)


@pytest.mark.django_db(transaction=True)
def test_no_row_remains_and_nothing_follows(erp, monkeypatch):
    office = make_office()
    begun = []
    monkeypatch.setattr(type(do_errands), "enqueue", lambda task, *args, **kwargs: begun.append(task))
    open_for(office, office.publish(whole()))
    begun.clear()
    mail.outbox.clear()
    before = everything()
    assert go(office).ended
    assert everything() == before
    assert (begun, mail.outbox) == ([], [])
    assert verify() is None or list(verify()) == []
    act(open_for(office, office.publish(whole())), "sign", office.tc1)
    assert begun


def test_within_another_transaction_nothing_of_it_remains(office, erp):
    with transaction.atomic():
        before, hooks = everything(), list(connection.run_on_commit)
        assert go(office).ended
        assert everything() == before
        assert connection.run_on_commit == hooks
    assert current_rehearsal() is None


def test_what_broke_off_leaves_nothing_either(office, erp, monkeypatch):
    before = everything()
    monkeypatch.setattr("workflows.steps.kinds.number._number", lambda *args: 1 / 0)
    assert "ZeroDivisionError" in go(office).stopped
    assert everything() == before
    assert current_rehearsal() is None


def test_the_process_forgets_the_version(office, erp, monkeypatch):
    classes = []
    original = compiled.__dict__["__getattr__"]

    def spied(name):
        found = original(name)
        classes.append(weakref.ref(found))
        return found

    monkeypatch.setattr(compiled, "__getattr__", spied)
    known, parsed = set(vars(compiled)), set(stored._parsed)
    go(office)
    assert classes
    assert set(vars(compiled)) == known
    assert set(stored._parsed) == parsed
    gc.collect()
    assert [ref for ref in classes if ref() is not None] == []


def test_real_dossiers_go_on_after_a_try_out(office, erp):
    dossier = open_for(office, office.publish(signature_flow()))
    go(office, signature_flow())
    act(dossier, "op_tc", office.tc1, "agree")
    assert act(dossier, "op_kt", office.kt1, "agree").open_steps == ["sign"]


def test_whose_turn_it_is_stays(office, erp):
    row = [one for one in go(office).steps if one.step == "sign"]
    assert [one.holder for one in row] == [str(office.head_tc), str(office.tc1)]
    assert [one.holder for one in go(office).steps if one.step == "sign"] == [one.holder for one in row]


@pytest.mark.django_db(transaction=True)
def test_several_at_once_do_not_disturb_each_other(erp):
    office = make_office()
    version = office.publish(whole())
    before = Entry.objects.count()
    trials = race(*[lambda: go(office)] * 3, lambda: open_for(office, version))
    assert [trial.ended for trial in trials[:3]] == [True] * 3
    assert list(RegisterEntry.objects.values_list("symbol", flat=True)) == [trials[3].number]
    assert Entry.objects.count() > before
    assert not [one for one in trials[:3] if one.path() != trials[0].path()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_nobody_waits_for_a_try_out(erp, monkeypatch):
    office = make_office()
    raw = whole()
    version = office.publish(raw)
    dossier = open_for(office, version)
    halfway, done = threading.Event(), threading.Event()
    ended = trying_out.Observer.ended

    def held(self, *args):
        halfway.set()
        assert done.wait(20)
        ended(self, *args)

    monkeypatch.setattr(trying_out.Observer, "ended", held)

    def real():
        assert halfway.wait(20)
        begun = time.monotonic()
        open_for(office, version)
        act(dossier, "sign", office.head_tc)
        office.publish(raw | {"days": 9})
        took = time.monotonic() - begun
        done.set()
        return took

    trial, took = race(lambda: go(office), real)
    assert trial.ended
    assert took < 10
