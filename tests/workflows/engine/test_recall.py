"""A decision is taken back while nothing later has happened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from viewflow.workflow.models import Task

from home.audit.api import entries_for, verify
from home.notifications.api import Notification
from tests.factories.flows import act, approve, definition, make_office, open_for, opinions, review, task_of
from tests.threads import race
from workflows.dossiers.api import Dossier, Errand
from workflows.engine.api import (
    ConflictError,
    InvalidActError,
    NotVisibleError,
    claim,
    decide,
    fire_timers,
    hold,
    may_recall,
    recall,
)
from workflows.engine.models import Timer

CHAIR = {"position": "chair", "department": "LD"}
FIRST = {"user": "tc1"}


def two_steps(**options):
    return definition(approve("first", FIRST, recall=30, **options), approve("last", CHAIR))


def asked(*codes, **options):
    """Opinions that can be taken back."""
    branches = [{"steps": [review(f"op_{code.lower()}", code) | {"recall": 30}]} for code in codes]
    return opinions(branches=branches, **options)


@pytest.fixture
def dossier(office):
    return open_for(office, office.publish(two_steps()))


def open_steps(dossier):
    dossier.refresh_from_db()
    tasks = Task.objects.filter(
        process__dossierprocess__dossier=dossier, finished=None, flow_task_type="HUMAN"
    )
    found = sorted(task.flow_task.spec.id for task in tasks)
    assert found == sorted(dossier.open_steps)
    return found


def test_a_decision_is_taken_back_and_made_again(office, dossier):
    act(dossier, "first", office.tc1)
    decided, opened = task_of(dossier, "first"), task_of(dossier, "last")
    assert may_recall(decided, office.tc1)
    revision = Dossier.objects.get(pk=dossier.pk).revision
    recall(decided.pk, by=office.tc1, reason="Nhầm")
    assert open_steps(dossier) == ["first"]
    assert (dossier.state, dossier.revision) == ("running", revision + 1)
    again = task_of(dossier, "first")
    assert (again.owner, again.status, again.scheduled) == (office.tc1, "ASSIGNED", decided.scheduled)
    assert set(again.previous.all()) == set(decided.previous.all())
    opened.refresh_from_db()
    assert (opened.status, opened.data["closed"]) == ("CANCELED", "recalled")
    told = Notification.objects.get(recipient=office.chair, kind="task.closed")
    assert told.params["reason"] == "recalled"
    verbs = [entry.verb for entry in entries_for(dossier.target)]
    assert verbs == ["dossier.opened", "task.decided", "task.recalled"]
    with pytest.raises(ConflictError):
        recall(decided.pk, by=office.tc1)
    act(dossier, "first", office.tc1)
    assert act(dossier, "last", office.chair).state == Dossier.State.APPROVED
    assert verify() is None


def test_a_return_is_taken_back(office, dossier):
    act(dossier, "first", office.tc1, "return", note="Sửa")
    recall(task_of(dossier, "first").pk, by=office.tc1)
    assert open_steps(dossier) == ["first"]
    assert dossier.state == Dossier.State.RUNNING


def test_a_vote_is_taken_back_from_a_block_that_waits(office):
    dossier = open_for(office, office.publish(definition(asked("TC", "KT", "DT"), approve("last", CHAIR))))
    act(dossier, "op_tc", office.tc1, "disagree", note="Không")
    recall(task_of(dossier, "op_tc").pk, by=office.tc1)
    assert open_steps(dossier) == ["op_dt", "op_kt", "op_tc"]
    act(dossier, "op_kt", office.kt1, "disagree", note="Không")
    assert dossier.refresh_from_db() is None
    assert dossier.is_open
    act(dossier, "op_tc", office.tc1, "agree")
    act(dossier, "op_dt", office.dt1, "agree")
    assert open_steps(dossier) == ["last"]


def test_the_last_vote_is_taken_back_and_the_block_waits_again(office):
    raw = definition(asked("TC", "KT", rule="all", if_lost="reject"), approve("last", CHAIR))
    dossier = open_for(office, office.publish(raw))
    act(dossier, "op_tc", office.tc1, "agree")
    act(dossier, "op_kt", office.kt1, "agree")
    recall(task_of(dossier, "op_kt").pk, by=office.kt1)
    assert open_steps(dossier) == ["op_kt"]
    [join] = Task.objects.filter(process__dossierprocess__dossier=dossier, flow_task_type="JOIN")
    assert (join.status, join.finished, join.previous.count()) == ("STARTED", None, 1)
    act(dossier, "op_kt", office.kt1, "disagree", note="Nghĩ lại")
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.REJECTED
    assert not Task.objects.filter(finished=None).exists()
    assert verify() is None


def test_the_next_of_a_sequence_is_no_longer_asked(office):
    block = {
        "id": "units",
        "kind": "each",
        "title": "Lần lượt",
        "of": {"departments": ["TC", "KT"]},
        "order": "sequence",
        "branches": [{"steps": [review("op", "VP") | {"who": {"item": "head"}, "recall": 5}]}],
    }
    dossier = open_for(office, office.publish(definition(block)))
    act(dossier, "op", office.head_tc, "agree")
    assert task_of(dossier, "op").owner == office.head_kt
    first = Task.objects.get(process__dossierprocess__dossier=dossier, owner=office.head_tc)
    recall(first.pk, by=office.head_tc)
    assert open_steps(dossier) == ["op"]
    assert task_of(dossier, "op").owner == office.head_tc
    act(dossier, "op", office.head_tc, "agree")
    act(dossier, "op", office.head_kt, "agree")
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.APPROVED


def refused(task, by):
    task.refresh_from_db()
    assert not may_recall(task, by)
    with pytest.raises((InvalidActError, ConflictError)):
        recall(task.pk, by=by)


def test_what_cannot_be_taken_back(office, dossier):
    task = task_of(dossier, "first")
    refused(task, office.tc1)
    act(dossier, "first", office.tc1)
    task.refresh_from_db()
    refused(task, office.ann)
    with pytest.raises(NotVisibleError):
        recall(task.pk, by=office.outsider)
    later = task_of(dossier, "last")
    Task.objects.filter(pk=task.pk).update(finished=task.finished - timedelta(minutes=31))
    refused(task, office.tc1)
    Task.objects.filter(pk=task.pk).update(finished=task.finished)
    hold(dossier.pk, by=office.chair, reason="Chờ")
    task.process.dossierprocess.dossier.refresh_from_db()
    refused(task_of(dossier, "first"), office.tc1)
    later.refresh_from_db()
    assert later.status == "ASSIGNED"


def test_an_errand_makes_a_decision_final(office, dossier):
    act(dossier, "first", office.tc1)
    Errand.objects.create(kind="webhook", dossier=dossier)
    refused(task_of(dossier, "first"), office.tc1)


def test_a_claim_of_the_next_step_makes_a_decision_final(office):
    raw = definition(approve("first", FIRST, recall=30), review("op", "KT"))
    dossier = open_for(office, office.publish(raw))
    act(dossier, "first", office.tc1)
    claim(task_of(dossier, "op").pk, by=office.kt1)
    refused(task_of(dossier, "first"), office.tc1)


def test_a_decision_that_closed_the_tasks_of_others_is_final(office):
    dossier = open_for(office, office.publish(definition(asked("TC", "KT", rule="any"), approve("l", CHAIR))))
    act(dossier, "op_tc", office.tc1, "agree")
    refused(task_of(dossier, "op_tc"), office.tc1)


def test_a_step_without_the_option_and_a_closed_dossier_stay_as_they_are(office, dossier):
    act(dossier, "first", office.tc1)
    act(dossier, "last", office.chair)
    refused(task_of(dossier, "last"), office.chair)


@pytest.mark.django_db(transaction=True)
def test_a_recall_against_the_next_decision():
    office = make_office()
    dossier = open_for(office, office.publish(two_steps()))
    act(dossier, "first", office.tc1)
    first, last = task_of(dossier, "first"), task_of(dossier, "last")
    results = race(
        lambda: recall(first.pk, by=office.tc1),
        lambda: decide(last.pk, by=office.chair, outcome="approve"),
    )
    assert [isinstance(result, ConflictError) for result in results].count(True) == 1, results
    dossier.refresh_from_db()
    assert dossier.state == ("approved" if isinstance(results[0], Exception) else "running")
    assert Task.objects.filter(finished=None).exists() == dossier.is_open
    assert verify() is None


# A reminder is no act


@pytest.mark.parametrize("option", [{"remind": [{"hours": 1}]}, {"late": [{"days": 0, "do": "head"}]}])
def test_a_reminder_in_between_does_not_make_a_decision_final(office, option):
    raw = definition(approve("first", FIRST, recall=30), approve("last", {"head_of": "TC"}, days=2, **option))
    dossier = open_for(office, office.publish(raw))
    act(dossier, "first", office.tc1)
    dossier.refresh_from_db()
    before = dossier.revision
    Timer.objects.update(fire_at=timezone.now() - timedelta(minutes=1))
    assert fire_timers() == 1
    dossier.refresh_from_db()
    assert dossier.revision == before
    assert may_recall(task_of(dossier, "first"), office.tc1)
    recall(task_of(dossier, "first").pk, by=office.tc1)
    assert open_steps(dossier) == ["first"]
    assert not Timer.objects.filter(fired_at__isnull=True).exists()
    assert verify() is None


def test_what_has_happened_by_the_clock_does_not_happen_again_after_a_recall(office):
    raw = two_steps(
        days=1, remind=[{"hours": 2}], late=[{"days": 0, "do": "head"}, {"days": 2, "do": "head"}]
    )
    dossier = open_for(office, office.publish(raw))
    passed = Timer.objects.filter(code__in=["remind:0", "late:0"])
    passed.update(fire_at=timezone.now() - timedelta(minutes=1))
    assert fire_timers() == 2
    act(dossier, "first", office.tc1)
    recall(task_of(dossier, "first").pk, by=office.tc1)
    assert fire_timers() == 0
    assert Notification.objects.filter(recipient=office.head_tc, kind="task.escalated").count() == 1
    waiting = Timer.objects.filter(task=task_of(dossier, "first"), fired_at__isnull=True)
    assert list(waiting.values_list("code", flat=True)) == ["late:1"]


def test_what_takes_the_next_task_away_is_an_act(office):
    late = [{"days": 0, "do": "reassign"}]
    raw = definition(
        approve("first", FIRST, recall=30), approve("last", {"head_of": "TC"}, days=2, late=late)
    )
    dossier = open_for(office, office.publish(raw))
    act(dossier, "first", office.tc1)
    Timer.objects.update(fire_at=timezone.now() - timedelta(minutes=1))
    assert fire_timers() == 1
    with pytest.raises(InvalidActError):
        recall(task_of(dossier, "first").pk, by=office.tc1)
