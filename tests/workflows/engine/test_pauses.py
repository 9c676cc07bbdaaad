"""The clock of a dossier stands still and goes on again; due dates move by exactly the working time between."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from viewflow.workflow.models import Task

from home.audit.api import entries_for, verify
from home.notifications.api import Notification
from home.worktime.api import shift_due
from tests.factories.flows import ANSWERS, act, approve, definition, make_office, open_for, task_of
from tests.threads import race
from workflows.dossiers.api import Dossier, Pause
from workflows.engine import turns
from workflows.engine.api import (
    ConflictError,
    InvalidActError,
    NotVisibleError,
    claim,
    decide,
    hold,
    may_hold,
    may_resume,
    request_supplement,
    resume,
    withdraw,
)

CHAIR = {"position": "chair", "department": "LD"}


@pytest.fixture
def signing(office):
    raw = definition(approve("sign", CHAIR, days=2), approve("last", CHAIR), days=5)
    return open_for(office, office.publish(raw))


def clock(monkeypatch, moment: datetime) -> None:
    """Let the turns of a test run at `moment`."""
    monkeypatch.setattr(turns.timezone, "now", lambda: moment)


def monday_at(hour: int) -> datetime:
    now = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    return now + timedelta(days=7 - now.weekday())


def last(dossier: Dossier):
    return entries_for(dossier.target).last()


def test_a_supplement_stands_beside_the_step_that_asked_and_moves_the_due_dates(office, signing, monkeypatch):
    task, due = task_of(signing, "sign"), signing.due_at
    begun, ended = monday_at(8), monday_at(8) + timedelta(hours=30)
    clock(monkeypatch, begun)
    request_supplement(task.pk, by=office.chair, reason="Thiếu dự toán", step_note="Hỏi phòng TC")
    signing.refresh_from_db()
    assert (signing.state, signing.open_steps) == ("supplement", ["sign", "supplement"])
    asked = task_of(signing, "supplement")
    assert (asked.owner, task_of(signing, "sign").status) == (office.ann, "ASSIGNED")
    assert Notification.objects.filter(recipient=office.ann, kind="dossier.supplement").count() == 1
    clock(monkeypatch, ended)
    act(signing, "supplement", office.ann, "complete", answers=ANSWERS | {"amount": 7})
    signing.refresh_from_db()
    pauses = [(begun, ended)]
    assert (signing.state, signing.open_steps, signing.answers["amount"]) == ("running", ["sign"], 7)
    assert signing.due_at == shift_due(due, pauses, department=signing.department) > due
    moved = shift_due(task.scheduled, pauses, department=signing.department)
    assert task_of(signing, "sign").scheduled == moved > task.scheduled
    [pause] = signing.pauses.all()
    assert (pause.kind, pause.step, pause.reason, pause.by) == (
        "supplement",
        "sign",
        "Thiếu dự toán",
        office.chair,
    )
    assert (pause.started_at, pause.ended_at, pause.ended_by) == (begun, ended, office.ann)
    assert Notification.objects.filter(recipient=office.chair, kind="dossier.resumed").count() == 1
    verbs = [entry.verb for entry in entries_for(signing.target)]
    assert verbs == ["dossier.opened", "dossier.supplement", "task.decided"]
    act(signing, "sign", office.chair)
    assert act(signing, "last", office.chair).state == Dossier.State.APPROVED
    assert verify() is None


def test_a_pause_outside_working_time_moves_nothing(office, signing, monkeypatch):
    due, night = signing.due_at, monday_at(19)
    clock(monkeypatch, night)
    hold(signing.pk, by=office.chair, reason="Chờ họp")
    clock(monkeypatch, night + timedelta(hours=3))
    resume(signing.pk, by=office.chair)
    signing.refresh_from_db()
    assert signing.due_at == due


def test_every_interval_is_kept(office, signing):
    for number in range(3):
        hold(signing.pk, by=office.chair, reason=f"Lần {number}")
        resume(signing.pk, by=office.chair, reason="Tiếp")
    assert [pause.reason for pause in signing.pauses.all()] == ["Lần 0", "Lần 1", "Lần 2"]
    assert not signing.pauses.filter(ended_at=None).exists()


@pytest.mark.parametrize("pause", ["hold", "supplement"])
def test_while_paused_nobody_decides_but_one_may_claim_and_withdraw(office, version, pause):
    dossier = open_for(office, version)
    task, other = task_of(dossier, "op_tc"), task_of(dossier, "op_kt")
    if pause == "hold":
        hold(dossier.pk, by=office.head_dt, reason="Chờ")
    else:
        request_supplement(task.pk, by=office.tc1, reason="Thiếu")
    with pytest.raises(InvalidActError):
        decide(other.pk, by=office.kt1, outcome="agree")
    claim(other.pk, by=office.kt1)
    with pytest.raises(InvalidActError):
        hold(dossier.pk, by=office.head_dt, reason="Chờ")
    with pytest.raises(InvalidActError):
        request_supplement(task.pk, by=office.tc1, reason="Thiếu")
    dossier.refresh_from_db()
    assert dossier.is_paused
    withdraw(dossier.pk, by=office.ann, reason="Đổi ý")
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.WITHDRAWN
    assert not Pause.objects.filter(ended_at=None).exists()
    assert not Task.objects.filter(finished=None).exists()


def test_a_supplement_inside_a_branch_does_not_disturb_the_block(office, version):
    dossier = open_for(office, version)
    request_supplement(task_of(dossier, "op_tc").pk, by=office.tc1, reason="Thiếu")
    act(dossier, "supplement", office.ann, "complete", answers=ANSWERS)
    act(dossier, "op_tc", office.tc2, "agree")
    assert act(dossier, "op_kt", office.kt1, "agree").open_steps == ["sign"]


def test_the_office_may_go_on_without_the_supplement(office, signing):
    request_supplement(task_of(signing, "sign").pk, by=office.chair, reason="Thiếu")
    with pytest.raises(ConflictError):
        resume(signing.pk, by=office.ann)
    resume(signing.pk, by=office.head_dt, reason="Đủ rồi")
    signing.refresh_from_db()
    asked = task_of(signing, "supplement")
    assert (signing.state, signing.open_steps) == ("running", ["sign"])
    assert (asked.status, asked.data["closed"]) == ("CANCELED", "waived")
    assert last(signing).verb == "dossier.waived"
    note = Notification.objects.get(recipient=office.ann, kind="task.closed")
    assert note.params["reason"] == "waived"


def test_a_returned_dossier_on_hold_is_returned_again_afterwards(office, signing):
    act(signing, "sign", office.chair, "return", note="Sửa")
    hold(signing.pk, by=office.head_dt, reason="Chờ")
    with pytest.raises(InvalidActError):
        act(signing, "rework", office.ann, "resubmit", answers=ANSWERS)
    resume(signing.pk, by=office.head_dt)
    signing.refresh_from_db()
    assert signing.state == Dossier.State.RETURNED


def test_who_may_hold_and_resume(office, signing):
    may = [name for name, person in office.people.items() if may_hold(signing, person)]
    assert sorted(may) == ["chair", "head_dt"]
    with pytest.raises(NotVisibleError):
        hold(signing.pk, by=office.outsider, reason="Chờ")
    with pytest.raises(ConflictError):
        hold(signing.pk, by=office.ann, reason="Chờ")
    with pytest.raises(InvalidActError):
        hold(signing.pk, by=office.chair, reason="  ")
    hold(signing.pk, by=office.chair, reason="Chờ")
    signing.refresh_from_db()
    assert sorted(n for n, p in office.people.items() if may_resume(signing, p)) == ["chair", "head_dt"]
    assert not may_hold(signing, office.chair)


def test_a_supplement_needs_a_reason_and_an_actor_of_the_step(office, signing):
    task = task_of(signing, "sign")
    with pytest.raises(InvalidActError):
        request_supplement(task.pk, by=office.chair, reason=" ")
    with pytest.raises(NotVisibleError):
        request_supplement(task.pk, by=office.outsider, reason="Thiếu")
    with pytest.raises(ConflictError):
        request_supplement(task.pk, by=office.ann, reason="Thiếu")
    act(signing, "sign", office.chair, "return", note="Sửa")
    with pytest.raises(InvalidActError):
        request_supplement(task_of(signing, "rework").pk, by=office.ann, reason="Thiếu")
    assert not Pause.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pause", ["hold", "supplement"])
def test_a_decision_against_a_pause_leaves_one_of_two_whole_results(pause):
    office = make_office()
    dossier = open_for(office, office.publish(definition(approve("sign", CHAIR))))
    task = task_of(dossier, "sign")

    def stop():
        if pause == "hold":
            return hold(dossier.pk, by=office.head_dt, reason="Chờ")
        return request_supplement(task.pk, by=office.chair, reason="Thiếu")

    results = race(lambda: decide(task.pk, by=office.chair, outcome="approve"), stop)
    assert [isinstance(result, Exception) for result in results].count(True) == 1, results
    dossier.refresh_from_db()
    won = "approved" if not isinstance(results[0], Exception) else {"hold": "held"}.get(pause, pause)
    assert dossier.state == won
    assert isinstance(next(r for r in results if isinstance(r, Exception)), (ConflictError, InvalidActError))
    assert Pause.objects.filter(ended_at=None).count() == (won != "approved")
    assert verify() is None
