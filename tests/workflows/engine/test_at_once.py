"""People act at the same moment: exactly one succeeds, and everything stays whole."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction
from viewflow.workflow.models import Process, Task

from home.audit.api import entries_for, verify
from tests.factories.flows import act, approve, definition, make_office, open_for, opinions, review, task_of
from tests.threads import race
from workflows.dossiers.api import Dossier
from workflows.engine.api import BusyError, ConflictError, claim, decide, withdraw

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def before_signature(office):
    dossier = open_for(office, office.publish())
    act(dossier, "op_tc", office.tc1, "agree")
    return act(dossier, "op_kt", office.kt1, "agree")


def outcomes_of(results):
    """Return the successes and the refusals; anything else is a failure of the test."""
    fine = [result for result in results if not isinstance(result, Exception)]
    refused = [result for result in results if isinstance(result, ConflictError)]
    assert len(fine) + len(refused) == len(results), results
    return fine, refused


def test_approve_against_reject(office, before_signature):
    task = task_of(before_signature, "sign")
    results = race(
        lambda: decide(task.pk, by=office.chair, outcome="approve"),
        lambda: decide(task.pk, by=office.chair, outcome="reject", note="Không"),
    )
    fine, refused = outcomes_of(results)
    assert (len(fine), len(refused)) == (1, 1)
    assert refused[0].reason == "decided"
    assert refused[0].by == office.chair
    assert refused[0].at is not None
    task.refresh_from_db()
    before_signature.refresh_from_db()
    state = {"approve": "approved", "reject": "rejected"}[task.data["outcome"]]
    assert before_signature.state == state
    assert Task.objects.filter(previous=task).count() == 1
    decided = [entry for entry in entries_for(before_signature.target) if entry.data.get("task") == task.pk]
    assert len(decided) == 1
    assert verify() is None


def test_double_approval_makes_one_next_task(office, before_signature):
    task = task_of(before_signature, "sign")
    results = race(*[lambda: decide(task.pk, by=office.chair, outcome="approve")] * 3)
    fine, refused = outcomes_of(results)
    assert (len(fine), len(refused)) == (1, 2)
    assert Task.objects.filter(previous=task).count() == 1


def test_double_claim_has_one_winner(office):
    dossier = open_for(office, office.publish())
    task = task_of(dossier, "op_tc")
    results = race(lambda: claim(task.pk, by=office.tc1), lambda: claim(task.pk, by=office.tc2))
    fine, refused = outcomes_of(results)
    assert (len(fine), len(refused)) == (1, 1)
    task.refresh_from_db()
    assert refused[0].by == task.owner
    assert task.owner in (office.tc1, office.tc2)


def test_all_votes_at_once_join_once(office):
    for _ in range(3):
        dossier = open_for(office, office.publish())
        votes = [
            (task_of(dossier, f"op_{code}").pk, getattr(office, f"{code}1")) for code in ("tc", "kt", "dt")
        ]
        results = race(*[lambda pk=pk, by=by: decide(pk, by=by, outcome="agree") for pk, by in votes])
        fine, refused = outcomes_of(results)
        assert (len(fine), len(refused)) == (2, 1)
        assert refused[0].reason == "closed"
        dossier.refresh_from_db()
        assert dossier.open_steps == ["sign"]
        joins = Task.objects.filter(process__dossierprocess__dossier=dossier, flow_task_type="JOIN")
        assert [join.status for join in joins] == ["DONE"]


def test_a_return_while_another_branch_decides(office):
    """Whichever comes first, the dossier is with its submitter alone, and no vote of the old round lives on."""
    branches = [{"steps": [approve("plan", {"user": "tc1"})]}, {"steps": [review("op_kt", "KT")]}]
    version = office.publish(
        definition(opinions(branches=branches, rule="any"), approve("last", {"user": "chair"}))
    )
    for _ in range(3):
        dossier = open_for(office, version)
        back, vote = task_of(dossier, "plan").pk, task_of(dossier, "op_kt").pk
        results = race(
            lambda pk=back: decide(pk, by=office.tc1, outcome="return", note="Thiếu hồ sơ"),
            lambda pk=vote: decide(pk, by=office.kt1, outcome="agree"),
        )
        fine, refused = outcomes_of(results)
        # One of both closes the task of the other: the return, or the vote that is enough.
        assert (len(fine), len(refused)) == (1, 1)
        assert refused[0].reason == "closed"
        dossier.refresh_from_db()
        returned = not isinstance(results[0], Exception)
        assert dossier.open_steps == (["rework"] if returned else ["last"])
        assert dossier.state == ("returned" if returned else "running")
        unfinished = Task.objects.filter(process__dossierprocess__dossier=dossier, finished__isnull=True)
        assert unfinished.count() == 1
        assert (dossier.processes.get().data.get("votes", {}) == {}) is returned
    assert verify() is None


def test_decision_against_withdrawal(office, before_signature):
    task = task_of(before_signature, "sign")
    results = race(
        lambda: decide(task.pk, by=office.chair, outcome="approve"),
        lambda: withdraw(before_signature.pk, by=office.ann, reason="Đổi ý"),
    )
    fine, refused = outcomes_of(results)
    assert (len(fine), len(refused)) == (1, 1)
    before_signature.refresh_from_db()
    assert before_signature.state in (Dossier.State.APPROVED, Dossier.State.WITHDRAWN)
    assert before_signature.open_steps == []
    assert not Task.objects.filter(
        process__dossierprocess__dossier=before_signature, finished__isnull=True
    ).exists()


def test_a_dossier_that_stays_busy_is_said_to_be_busy(office, before_signature):
    task = task_of(before_signature, "sign")
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Process.objects.select_for_update().get(pk=task.process_id)
            held.set()
            done.wait(timeout=30)
        connection.close()

    def hurry():
        with connection.cursor() as cursor:
            postgresql = connection.vendor == "postgresql"
            cursor.execute("SET lock_timeout = '200ms'" if postgresql else "PRAGMA busy_timeout = 200")
        return decide(task.pk, by=office.chair, outcome="approve")

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(timeout=30)
    [result] = race(hurry)
    done.set()
    holder.join()
    assert isinstance(result, BusyError)
