"""The due date of a whole dossier: who is told before and after it, each time once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from home.audit.api import entries_for, verify
from home.notifications.api import Notification
from home.people.api import ADMIN_GROUP, Delegation
from tests.factories.flows import (
    act,
    approve,
    definition,
    make_office,
    open_for,
    opinions,
    task_of,
)
from tests.threads import race
from workflows.definitions.api import Definition, lint
from workflows.dossiers.api import Dossier
from workflows.engine.api import fire_timers, hold, migrate, recall, resume, withdraw
from workflows.engine.models import Timer

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CHAIR = {"position": "chair", "department": "LD"}
SOON, LATE = "dossier.due", "dossier.overdue"


def at(day: int, hour: int) -> datetime:
    """Return a moment of October 2026: the 5th is a Monday, and no day is a holiday."""
    return datetime(2026, 10, day, hour, tzinfo=ZONE)


@pytest.fixture
def root(office):
    administrators, _created = Group.objects.get_or_create(name=ADMIN_GROUP)
    administrators.user_set.add(office.vp1)
    return office.vp1


def opened(office, *steps, days=3, **changes):
    """Open a dossier on Monday at nine that is due on Thursday."""
    found = steps or (approve("first", {"user": "tc1"}, recall=30), approve("last", CHAIR))
    with time_machine.travel(at(5, 9), tick=False):
        return open_for(office, office.publish(definition(*found, days=days, **changes)))


def fire(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return fire_timers()


def told(kind: str) -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def verbs(dossier: Dossier) -> list[str]:
    return [entry.verb for entry in entries_for(dossier.target)]


def test_a_type_without_alerts_has_no_timers(office):
    opened(office)
    assert not Timer.objects.exists()


def test_those_who_have_it_are_reminded_once_before_the_due_date(office):
    dossier = opened(office, remind=[{"days": 1}])
    assert fire(at(6, 9)) == 0
    assert fire(at(7, 9)) == 1
    assert fire(at(7, 9)) == 0
    assert told(SOON) == {"tc1"}
    assert verbs(dossier) == ["dossier.opened", "dossier.due"]
    notice = Notification.objects.get(kind=SOON)
    assert dossier.number in notice.words.subject
    assert notice.url.endswith(f"/dossiers/{dossier.pk}/")
    assert verify() is None


def test_of_a_late_dossier_the_heads_and_the_dispatchers_are_told_too(office, root):
    dossier = opened(office, late=[{"days": 0}])
    assert fire(at(9, 8)) == 1
    assert told(LATE) == {"tc1", "head_tc", "vp1"}
    for person in (office.head_tc, root):
        assert Dossier.objects.visible_to(type(person).objects.get(pk=person.pk)).get() == dossier


def test_the_definition_says_who_is_told(office, root):
    opened(office, remind=[{"days": 1, "tell": ["head"]}], late=[{"hours": 2, "tell": ["dispatchers"]}])
    fire(at(7, 9))
    assert told(SOON) == {"head_tc"}
    fire(at(9, 17))
    assert told(LATE) == {"vp1"}


def test_everybody_who_has_a_task_is_told_and_who_stands_in(office):
    today = at(5, 0).date()
    Delegation.objects.create(
        principal=office.chair,
        delegate=office.kt2,
        since=timezone.localdate(),
        until=today.replace(year=2027),
    )
    block = opinions(
        branches=[{"steps": [approve("a", CHAIR)]}, {"steps": [approve("b", {"user": "kt1"})]}], rule="all"
    )
    opened(office, block, remind=[{"days": 1}])
    Delegation.objects.update(since=today)
    fire(at(7, 9))
    assert told(SOON) == {"chair", "kt2", "kt1"}


def test_while_nobody_is_asked_the_head_of_the_department_is_told(office):
    wait = {"id": "rest", "kind": "wait", "title": "Chờ", "days": 10}
    opened(office, wait, approve("last", CHAIR), remind=[{"days": 1}])
    fire(at(7, 9))
    assert told(SOON) == {"head_dt"}


def test_a_reminder_of_the_dossier_does_not_make_a_decision_final(office):
    dossier = opened(office, remind=[{"days": 1}])
    with time_machine.travel(at(7, 9), tick=False):
        act(dossier, "first", office.tc1)
        Timer.objects.update(fire_at=timezone.now())
        assert fire_timers() == 1
        recall(task_of(dossier, "first").pk, by=office.tc1)
    dossier.refresh_from_db()
    assert dossier.open_steps == ["first"]


def test_after_a_long_stop_nobody_is_told_the_same_twice(office, root):
    opened(office, remind=[{"days": 2}, {"days": 1}], late=[{"days": 0, "tell": ["head"]}, {"days": 1}])
    assert fire(at(20, 9)) == 1
    assert told(SOON) == set()
    assert told(LATE) == {"tc1", "head_tc", "vp1"}
    assert not Timer.objects.filter(fired_at__isnull=True).exists()


def test_a_closed_dossier_is_left_alone(office):
    dossier = opened(office, remind=[{"days": 1}], late=[{"days": 0}])
    withdraw(dossier.pk, by=office.ann, reason="Đổi ý")
    assert fire(at(20, 9)) == 0
    assert not Timer.objects.exists()
    assert told(SOON) | told(LATE) == set()


def test_the_moments_move_with_a_hold(office):
    dossier = opened(office, remind=[{"days": 1}], late=[{"days": 0}])
    before = {timer.code: timer.fire_at for timer in Timer.objects.all()}
    with time_machine.travel(at(5, 10), tick=False):
        hold(dossier.pk, by=office.head_dt, reason="Chờ ý kiến")
    assert fire(at(9, 9)) == 0
    with time_machine.travel(at(12, 10), tick=False):
        resume(dossier.pk, by=office.head_dt)
    moved = {timer.code: timer.fire_at - before[timer.code] for timer in Timer.objects.all()}
    assert moved == {"remind:0": timedelta(days=7), "late:0": timedelta(days=7)}


def test_the_moments_follow_the_dossier_to_another_version(office, root):
    dossier = opened(office, remind=[{"days": 2}, {"days": 1}])
    raw = definition(approve("first", {"user": "tc1"}), approve("last", CHAIR), days=5, remind=[{"days": 1}])
    with time_machine.travel(at(5, 10), tick=False):
        [move] = migrate(dossier.version, office.publish(raw), by=root, new_clocks=True)
    assert move.moves
    timer = Timer.objects.get()
    assert (timer.code, timer.fire_at.astimezone(ZONE).date()) == ("remind:0", at(9, 0).date())


def test_one_that_fails_is_kept_and_given_up(office, root, monkeypatch):
    opened(office, remind=[{"days": 1}])
    monkeypatch.setattr("workflows.engine.firing.ATTEMPTS", 1)

    def break_down(*_entries):
        raise RuntimeError("no power")

    monkeypatch.setattr("workflows.engine.turns.record", break_down)
    assert fire(at(7, 9)) == 0
    assert Timer.objects.get().error == "RuntimeError: no power"
    assert told("timer.failed") == {"vp1"}


def test_a_timer_belongs_to_a_task_or_to_a_dossier(office):
    dossier = opened(office, remind=[{"days": 1}])
    task = task_of(dossier, "first")
    for place in ({}, {"task": task, "dossier": dossier}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Timer.objects.create(code="remind:9", fire_at=timezone.now(), **place)


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_tell_everybody_once():
    office = make_office()
    dossiers = [opened(office, late=[{"days": 0, "tell": ["holders"]}]) for _number in range(4)]
    Timer.objects.update(fire_at=timezone.now() - timedelta(minutes=1))
    assert sum(race(fire_timers, fire_timers, fire_timers)) == len(dossiers)
    assert Notification.objects.filter(kind=LATE).count() == len(dossiers)
    assert verify() is None


def findings(**changes):
    raw = definition(approve("sign", CHAIR), **changes)
    return {(finding.code, finding.place) for finding in lint(Definition.parse(raw))}


@pytest.mark.parametrize(
    ("found", "changes"),
    [
        (("flows.W142", "remind"), {"remind": [{"days": 1}]}),
        (("flows.W142", "late"), {"late": [{"days": 1}]}),
        (("flows.E147", "remind[0]"), {"days": 5, "remind": [{}]}),
        (("flows.E147", "late[1]"), {"days": 5, "late": [{"days": 0}, {"days": 1, "hours": 1}]}),
        (("flows.E143", "remind"), {"days": 5, "remind": [{"days": 1}, {"hours": 8}]}),
        (("flows.E143", "late"), {"days": 5, "late": [{"days": 2}, {"days": 1}]}),
        (("flows.W149", "remind"), {"days": 5, "remind": [{"days": 5}]}),
    ],
)
def test_alerts_that_cannot_work_are_found(office, found, changes):
    assert findings(**changes) == {found}


def test_alerts_that_work_are_not_found(office):
    assert findings(days=5, remind=[{"days": 2}, {"days": 1, "tell": ["head"]}], late=[{"days": 0}]) == set()
