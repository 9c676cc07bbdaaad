"""A dossier waits without anybody being asked, and goes on exactly once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from viewflow.workflow.models import Task

from home.audit.api import entries_for, verify
from home.notifications.api import Notification
from tests.factories.flows import CHIEF, act, approve, definition, make_office, open_for, task_of
from tests.factories.people import UserFactory
from tests.threads import race
from workflows.definitions.api import Definition, check
from workflows.dossiers.api import Dossier
from workflows.engine.api import draw, may_see, open_tasks, wake_waiting, way_of, withdraw
from workflows.engine.lock import exclusive, lock_process
from workflows.engine.turns import turn_of
from workflows.engine.waking import shift_waits

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 12, 7, 9, 0, tzinfo=HANOI)


@pytest.fixture
def office(db):
    return make_office()


def wait(**options):
    return {"id": "rest", "kind": "wait", "title": "Chờ"} | options


def with_date(*steps):
    raw = definition(*steps)
    raw["form"]["sections"][0]["fields"].append(
        {"key": "from_on", "kind": "date", "label": "Ngày", "required": True}
    )
    return raw


def entry(step_id="fill", key="ready"):
    fields = [{"key": key, "kind": "yes_no", "label": "Xong?"}]
    who = {"position": "chair", "department": "LD"}
    return {
        "id": step_id,
        "kind": "data_entry",
        "title": "Nhập",
        "who": who,
        "fallback": CHIEF,
        "fields": fields,
    }


SIGN = approve("sign", {"position": "chair", "department": "LD"})


def at(moment):
    return time_machine.travel(moment, tick=False)


def steps_of(dossier):
    dossier.refresh_from_db()
    return dossier.open_steps


def test_until_the_day_begins(office):
    with at(MONDAY):
        dossier = open_for(
            office, office.publish(with_date(wait(until="from_on"), SIGN)), from_on="2026-12-15"
        )
        assert steps_of(dossier) == ["rest"]
        assert dossier.state == "running"
        assert open_tasks(dossier) == []
        way = way_of(dossier)
        assert way.states["rest"].state == "open"
        assert "is-open" in draw(way).svg
        assert wake_waiting() == 0
    task = task_of(dossier, "rest")
    assert task.scheduled == datetime(2026, 12, 15, tzinfo=HANOI)
    assert task.status == "SCHEDULED"
    with at(datetime(2026, 12, 14, 23, 59, tzinfo=HANOI)):
        assert wake_waiting() == 0
    with at(datetime(2026, 12, 15, tzinfo=HANOI)):
        assert wake_waiting() == 1
        assert wake_waiting() == 0
    assert steps_of(dossier) == ["sign"]
    assert way_of(dossier).states["rest"].state == "done"
    assert list(entries_for(dossier.target))[-1].verb == "wait.over"
    act(dossier, "sign", office.chair)
    assert verify() is None


@pytest.mark.parametrize(("offset", "day"), [(3, 18), (-2, 13)])
def test_days_after_or_before_the_date(office, offset, day):
    with at(MONDAY):
        raw = with_date(wait(until="from_on", offset=offset), SIGN)
        dossier = open_for(office, office.publish(raw), from_on="2026-12-15")
    assert task_of(dossier, "rest").scheduled.astimezone(HANOI).day == day


def test_a_day_that_has_come_is_not_waited_for(office):
    with at(MONDAY):
        dossier = open_for(
            office, office.publish(with_date(wait(until="from_on"), SIGN)), from_on="2026-12-07"
        )
    assert steps_of(dossier) == ["sign"]


def test_working_time(office):
    with at(MONDAY):
        dossier = open_for(office, office.publish(definition(wait(hours=2), SIGN)))
    assert task_of(dossier, "rest").scheduled == MONDAY + timedelta(hours=2)
    with at(MONDAY + timedelta(hours=2)):
        assert wake_waiting() == 1
    assert steps_of(dossier) == ["sign"]


def parallel(*branches):
    return {
        "id": "both",
        "kind": "parallel",
        "title": "Song song",
        "rule": "all",
        "branches": [{"steps": [step]} for step in branches],
    }


def test_a_condition_is_looked_at_whenever_answers_change(office):
    raw = definition(entry("fill"), parallel(entry("other", "more"), wait(when="more")), SIGN)
    dossier = open_for(office, office.publish(raw))
    act(dossier, "fill", office.chair, "complete", answers={"ready": True})
    assert sorted(steps_of(dossier)) == ["other", "rest"]
    assert wake_waiting() == 0
    act(dossier, "other", office.chair, "complete", answers={"more": True})
    assert steps_of(dossier) == ["sign"]


def test_a_condition_that_holds_already_is_not_waited_for(office):
    raw = definition(entry(), wait(when="ready"), SIGN)
    dossier = open_for(office, office.publish(raw))
    act(dossier, "fill", office.chair, "complete", answers={"ready": True})
    assert steps_of(dossier) == ["sign"]


def test_the_sweep_sees_answers_that_changed_elsewhere(office):
    raw = definition(entry(), wait(when="ready"), SIGN)
    dossier = open_for(office, office.publish(raw))
    act(dossier, "fill", office.chair, "complete", answers={"ready": False})
    assert steps_of(dossier) == ["rest"]
    Dossier.objects.filter(pk=dossier.pk).update(answers=dossier.answers | {"ready": True})
    assert wake_waiting() == 1
    assert steps_of(dossier) == ["sign"]


def late():
    return definition(
        entry(),
        wait(when="ready", at_most=2, branches=[{"steps": [approve("ask", {"head_of": "VP"})]}]),
        SIGN,
    )


def test_too_late_takes_the_other_way(office):
    with at(MONDAY):
        dossier = open_for(office, office.publish(late()))
        act(dossier, "fill", office.chair, "complete", answers={"ready": False})
    end = task_of(dossier, "rest").scheduled
    assert end.astimezone(HANOI).date() == datetime(2026, 12, 9).date()
    with at(end - timedelta(seconds=1)):
        assert wake_waiting() == 0
    with at(end):
        assert wake_waiting() == 1
    assert steps_of(dossier) == ["ask"]
    act(dossier, "ask", office.chief)
    assert steps_of(dossier) == ["sign"]


def test_a_paused_dossier_is_not_woken_and_its_end_moves(office):
    with at(MONDAY):
        dossier = open_for(office, office.publish(definition(wait(days=1), SIGN)))
    before = task_of(dossier, "rest").scheduled
    Dossier.objects.filter(pk=dossier.pk).update(state="held")
    with at(before + timedelta(days=1)):
        assert wake_waiting() == 0
        dossier.refresh_from_db()
        with exclusive():
            lock_process(dossier.processes.order_by("-pk"))
            with turn_of(dossier, by=None) as turn:
                turn.state = "running"
                shift_waits(turn, [(MONDAY, MONDAY + timedelta(days=1))])
    task = task_of(dossier, "rest")
    assert task.scheduled == before + timedelta(days=1)
    with at(task.scheduled):
        assert wake_waiting() == 1


def test_withdrawal_and_rejection_close_the_wait(office):
    dossier = open_for(office, office.publish(definition(wait(days=1), SIGN)))
    withdraw(dossier.pk, by=office.ann, reason="Đổi ý")
    assert task_of(dossier, "rest").status == "CANCELED"
    assert steps_of(dossier) == []
    raw = definition(parallel(SIGN, wait(days=1)) | {"if_lost": "reject"})
    other = open_for(office, office.publish(raw))
    act(other, "sign", office.chair, "reject", note="Không")
    assert steps_of(other) == []
    assert other.state == "rejected"
    assert task_of(other, "rest").status == "CANCELED"
    assert not Task.objects.filter(process__dossierprocess__dossier=other, finished__isnull=True).exists()


def test_going_back_closes_the_wait(office):
    raw = definition(
        approve("first", {"position": "chair", "department": "LD"}),
        parallel(
            approve("again", {"position": "chair", "department": "LD"}, return_to=["first"]), wait(days=1)
        ),
    )
    dossier = open_for(office, office.publish(raw))
    act(dossier, "first", office.chair)
    act(dossier, "again", office.chair, "return", note="Lại", to="first")
    assert steps_of(dossier) == ["first"]
    assert task_of(dossier, "rest").status == "CANCELED"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({}, "flows.E080"),
        ({"days": 1, "hours": 1}, "flows.E080"),
        ({"days": 1, "when": "amount > 1"}, "flows.E080"),
        ({"until": "amount"}, "flows.E081"),
        ({"when": "nothing > 1"}, "flows.E082"),
        ({"days": 1, "branches": [{"steps": []}]}, "flows.E083"),
        ({"when": "amount > 1"}, "flows.W084"),
    ],
)
def test_findings(office, options, code):
    found = check(Definition.parse(definition(wait(**options), SIGN)))
    assert code in {finding.code for finding in found}


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_wake_once():
    office = make_office()
    with at(MONDAY):
        dossiers = [open_for(office, office.publish(definition(wait(hours=1), SIGN)))]
        dossiers += [open_for(office, dossiers[0].version) for _number in range(4)]
    with time_machine.travel(MONDAY + timedelta(hours=2)):
        results = race(wake_waiting, wake_waiting)
    assert sum(results) == 5, results
    for dossier in dossiers:
        assert steps_of(dossier) == ["sign"]
    assert verify() is None


def test_what_cannot_go_on_is_tried_later_and_later_and_told_to_the_dispatchers_once(office):
    """The step behind the wait fails: nobody acted, so that nobody would learn of it."""
    root = UserFactory(is_superuser=True)
    fee = {"key": "fee", "kind": "number", "label": "Phí", "max": 10}
    calculate = {
        "id": "fee",
        "kind": "set_value",
        "title": "Phí",
        "values": [{"field": fee, "to": "amount / 2"}],
    }
    with at(MONDAY):
        stuck = open_for(office, office.publish(definition(wait(days=1), calculate, SIGN)))
        sound = open_for(office, office.publish(definition(wait(days=1), SIGN, code="khac")))
    due = MONDAY + timedelta(days=3)
    with at(due):
        assert (wake_waiting(), wake_waiting()) == (1, 0)
        assert (steps_of(stuck), steps_of(sound)) == (["rest"], ["sign"])
        assert task_of(stuck, "rest").data["failed"]["times"] == 1, "the second run leaves it alone"
    for hour in range(1, 9):
        with at(due + timedelta(hours=hour)):
            wake_waiting()
    assert task_of(stuck, "rest").data["failed"]["times"] == 8
    told = Notification.objects.get(recipient=root, kind="errand.failed")
    assert (told.params["number"], told.params["step"]) == (stuck.number, "Chờ")
    assert may_see(stuck, root)
    Dossier.objects.filter(pk=stuck.pk).update(answers=stuck.answers | {"amount": 10})
    with at(due + timedelta(days=1)):
        assert wake_waiting() == 1
    assert steps_of(stuck) == ["sign"]
    assert verify() is None
