"""Work after a change of state: nothing lost, nothing twice, and one that fails keeps nobody."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from home.audit.api import entries_for, verify
from home.notifications.api import Notification
from home.people.api import ADMIN_GROUP
from tests.factories.flows import act, make_office, open_for
from tests.factories.people import UserFactory
from tests.threads import race
from workflows.dossiers.api import Errand, ErrandKind, errand_kinds
from workflows.engine import errands as engine_errands
from workflows.engine.api import (
    ConflictError,
    InvalidActError,
    NotVisibleError,
    errands_of,
    may_see,
    retry_errand,
    run_errands,
    withdraw,
)
from workflows.engine.lock import exclusive, lock_process
from workflows.engine.turns import turn_of


@pytest.fixture
def office(db):
    office = make_office()
    office.chief.groups.add(Group.objects.get_or_create(name=ADMIN_GROUP)[0])
    return office


@pytest.fixture
def dossier(office):
    return open_for(office, office.publish())


@contextmanager
def kind(run, code="test"):
    with errand_kinds.override(ErrandKind(code, "Thử", run)):
        yield


def want(dossier, *errands):
    """Want errands in one change of state."""
    from viewflow.workflow.models import Process

    with exclusive():
        lock_process(Process.objects.filter(dossierprocess__dossier=dossier))
        with turn_of(dossier, by=dossier.submitter) as turn:
            turn.keep_state()
            turn.log("dossier.told")
            for errand in errands or (Errand(kind="test", step="sign", payload={"n": 1}),):
                turn.want(errand)
            assert turn.irrevocable


def test_work_is_done_once_with_its_result(dossier):
    seen = []
    want(dossier)
    with kind(lambda errand: seen.append(errand.payload) or {"ok": True}):
        assert run_errands() == 1
        assert run_errands() == 0
    [row] = errands_of(dossier)
    assert (row.errand.state, row.errand.result, seen) == ("done", {"ok": True}, [{"n": 1}])
    assert row.errand.by == dossier.submitter
    assert not row.is_failing


def test_the_worker_is_told_after_the_commit(dossier, django_capture_on_commit_callbacks):
    seen = []
    with kind(lambda errand: seen.append(errand.pk) or {}):
        with django_capture_on_commit_callbacks(execute=True):
            want(dossier)
            assert seen == []
        assert len(seen) == 1


def test_nothing_is_wanted_when_the_change_of_state_fails(dossier):
    with pytest.raises(RuntimeError), exclusive(), turn_of(dossier, by=None) as turn:
        turn.want(Errand(kind="test"))
        raise RuntimeError
    assert not Errand.objects.exists()


def test_killed_between_commit_and_work_nothing_is_lost(dossier):
    """The process dies inside of the work: after the lease another one takes it, under the same key."""
    keys = []

    def die(errand):
        keys.append(errand.key)
        raise SystemExit

    want(dossier)
    with kind(die), pytest.raises(SystemExit):
        run_errands()
    with kind(lambda errand: keys.append(errand.key) or {}):
        assert run_errands() == 0, "the lease holds"
        with time_machine.travel(timezone.now() + engine_errands.LEASE + timedelta(seconds=1), tick=False):
            assert run_errands() == 1
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_worker_that_comes_too_late_writes_nothing(dossier):
    want(dossier)

    def overtaken(_errand):
        Errand.objects.update(attempts=2)
        return {"late": True}

    with kind(overtaken):
        assert run_errands() == 0
    assert Errand.objects.get().result == {}


def test_failing_work_is_put_off_longer_and_longer_then_given_up_and_told_once(dossier, office):
    def fail(_errand):
        raise OSError("nobody answers")

    want(dossier)
    now, pauses = timezone.now(), []
    with kind(fail):
        for _attempt in range(engine_errands.MAX_ATTEMPTS):
            with time_machine.travel(now, tick=False):
                run_errands()
            row = Errand.objects.get()
            pauses.append(row.next_at - now)
            now = max(row.next_at, now)
        assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
        assert max(pauses) <= timedelta(hours=6)
        assert (row.state, row.attempts) == ("failed", 12)
        assert row.error == "OSError: nobody answers"
        [told] = Notification.objects.filter(kind="errand.failed")
        assert told.recipient == office.chief
        assert "nobody answers" in told.words.body
        assert may_see(dossier, office.chief)
        assert errands_of(dossier)[0].is_failing
        retry_errand(row.pk, by=office.chief)
        Errand.objects.update(attempts=11)
        run_errands()
    assert Errand.objects.get().state == "failed"
    assert Notification.objects.filter(kind="errand.failed").count() == 1
    verbs = [entry.verb for entry in entries_for(dossier.target)]
    assert verbs[-3:] == ["errand.failed", "errand.retried", "errand.failed"]
    assert verify() is None


def test_one_that_fails_keeps_nobody(dossier):
    def run(errand):
        if errand.payload["n"] == 1:
            raise ValueError("broken")
        return {}

    want(dossier, *[Errand(kind="test", payload={"n": n}) for n in (1, 2, 3)], Errand(kind="gone"))
    with kind(run):
        assert run_errands() == 2
    states = list(Errand.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["waiting", "done", "done", "waiting"]
    assert "gone" in Errand.objects.get(kind="gone").error


def test_a_withdrawal_takes_back_what_has_not_run(dossier, office):
    want(dossier)
    withdraw(dossier.pk, by=office.ann, reason="Đổi ý")
    with kind(lambda _errand: pytest.fail("it ran")):
        assert run_errands() == 0
    assert Errand.objects.get().state == "cancelled"


def test_work_that_fails_after_the_withdrawal_is_not_tried_again(dossier, office):
    def run(_errand):
        withdraw(dossier.pk, by=office.ann, reason="Đổi ý")
        raise OSError("too late")

    want(dossier)
    with kind(run):
        run_errands()
    assert Errand.objects.get().state == "cancelled"


def test_who_may_have_it_tried_again(dossier, office):
    want(dossier)
    row = Errand.objects.get()
    with pytest.raises(NotVisibleError):
        retry_errand(row.pk, by=office.outsider)
    with pytest.raises(ConflictError):
        retry_errand(row.pk, by=office.ann)
    with pytest.raises(InvalidActError):
        retry_errand(row.pk, by=office.chief)
    with pytest.raises(NotVisibleError):
        retry_errand(0, by=office.chief)
    Errand.objects.update(state="failed", attempts=12)
    office.chief.groups.clear()
    chief = type(office.chief).objects.get(pk=office.chief.pk)  # head of VP, which owns the type
    assert retry_errand(row.pk, by=chief).state == "waiting"
    with kind(lambda _errand: {}):
        assert run_errands() == 1


def test_the_dossier_goes_on_while_its_work_waits(dossier, office):
    want(dossier)
    act(dossier, "op_tc", office.tc1, "agree")
    assert Errand.objects.get().state == "waiting"


def test_the_list_in_the_admin(dossier, client):
    root = UserFactory(username="root", is_superuser=True)
    client.force_login(root)
    want(dossier)
    Errand.objects.update(state="failed", error="OSError: nobody answers")
    page = client.get(reverse(Errand.snippet_viewset.get_url_name("list")))
    assert "nobody answers" in page.content.decode()
    assert reverse("errands_retry") in page.content.decode()
    assert client.post(reverse("errands_retry")).status_code == 302
    assert Errand.objects.get().state == "waiting"
    client.force_login(dossier.submitter)
    assert client.post(reverse("errands_retry")).status_code in (302, 403, 404)
    assert client.get(reverse(Errand.snippet_viewset.get_url_name("list"))).status_code in (302, 403, 404)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_everything_once():
    office = make_office()
    dossier = open_for(office, office.publish())
    seen, lock = [], threading.Lock()

    def run(errand):
        with lock:
            seen.append(errand.pk)
        return {}

    with kind(run, code="other"):
        want_later = [Errand(kind="later", payload={"n": n}) for n in range(20)]
        want(dossier, *want_later)
    Errand.objects.update(kind="test", attempts=0, next_at=timezone.now(), error="")
    with kind(run):
        results = race(run_errands, run_errands, run_errands)
    assert sum(results) == 20, results
    assert sorted(seen) == sorted(Errand.objects.values_list("pk", flat=True))
