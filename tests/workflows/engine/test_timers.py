"""Reminders before the due date and escalations after it: each once, whatever happens at the same moment."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from viewflow.workflow import fields
from viewflow.workflow.models import Task

from home.audit.api import entries_for, verify
from home.notifications.api import Notification
from home.people.api import ADMIN_GROUP, Membership
from home.worktime.models import WorkingHours
from tests.factories.flows import CHIEF, act, approve, definition, make_office, open_for, review, task_of
from tests.threads import race
from workflows.definitions import stored
from workflows.definitions.api import Definition, lint
from workflows.dossiers.api import Dossier, FlowVersion
from workflows.engine import compiled, firing
from workflows.engine.api import (
    ConflictError,
    claim,
    decide,
    fire_timers,
    hold,
    migrate,
    my_tasks,
    resume,
    shift_timers,
    withdraw,
)
from workflows.engine.models import Timer

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CHAIR = {"position": "chair", "department": "LD"}
HEAD_TC = {"head_of": "TC"}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of October 2026: the 5th is a Monday, and no day is a holiday."""
    return datetime(2026, 10, day, hour, minute, tzinfo=ZONE)


MONDAY = at(5, 9)


@pytest.fixture
def opened(office):
    """Open a dossier on Monday at nine whose only step is a decision with these options."""

    def begin(who=HEAD_TC, step=approve, **options):
        with time_machine.travel(MONDAY, tick=False):
            raw = definition(step("sign", who, **options), approve("last", CHAIR))
            return open_for(office, office.publish(raw))

    return begin


def fire(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return fire_timers()


def verbs(dossier: Dossier) -> list[str]:
    return [entry.verb for entry in entries_for(dossier.target)]


def told(person, kind: str) -> int:
    return Notification.objects.filter(recipient=person, kind=kind).count()


def due(dossier: Dossier) -> datetime:
    return task_of(dossier, "sign").scheduled.astimezone(ZONE)


# When a step is due


def test_a_term_in_hours_counts_working_time(opened):
    # Nobody works at noon: four hours from nine take longer than four hours.
    found = due(opened(hours=4))
    assert found.date() == MONDAY.date()
    assert found > MONDAY + timedelta(hours=4)


def test_half_days_end_at_noon(opened):
    assert due(opened(days=1)).date() == at(6, 0).date()
    half = due(opened(days=1.5))
    assert half.date() == at(7, 0).date()
    assert half.hour < 13


def test_without_a_term_the_step_is_due_with_the_dossier(opened):
    dossier = opened()
    assert task_of(dossier, "sign").scheduled == dossier.due_at


def test_the_hours_of_the_holders_department_count(office, opened):
    for weekday in range(5):
        WorkingHours.objects.create(
            department=office.departments["TC"],
            weekday=weekday,
            morning_start=time(6),
            morning_end=time(10),
        )
    assert due(opened(days=1)) == at(6, 10)
    assert due(opened({"pool": {"department": "TC"}}, days=1)) == at(6, 10)
    assert due(opened(CHAIR, days=1)).hour > 12


# What the checks say


def findings(**options):
    raw = definition(approve("sign", {"position": "chair", "department": "LD"}, **options), days=5)
    return {finding.code for finding in lint(Definition.parse(raw))}


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("flows.E140", {"days": 1, "hours": 2}),
        ("flows.W141", {"days": 6}),
        ("flows.W141", {"hours": 41}),
        ("flows.E143", {"remind": [{"days": 1}, {"hours": 8}]}),
        ("flows.E143", {"late": [{"days": 2, "do": "head"}, {"days": 1, "do": "reassign"}]}),
        (
            "flows.E143",
            {"late": [{"days": 0, "do": "outcome", "outcome": "approve"}, {"days": 1, "do": "head"}]},
        ),
        ("flows.E144", {"late": [{"days": 0, "do": "outcome"}]}),
        ("flows.E144", {"late": [{"days": 0, "do": "outcome", "outcome": "agree"}]}),
        ("flows.E145", {"late": [{"days": 0, "do": "outcome", "outcome": "reject"}]}),
        ("flows.E147", {"remind": [{}]}),
        ("flows.E147", {"late": [{"days": 1, "hours": 1, "do": "head"}]}),
        ("flows.E148", {"late": [{"days": 1, "do": "head", "outcome": "approve"}]}),
        ("flows.W149", {"days": 1, "remind": [{"days": 1}]}),
        ("flows.E010", {"late": [{"days": 1, "do": "reassign", "to": {"user": "nobody"}}]}),
    ],
)
def test_terms_that_cannot_work_are_found(office, code, options):
    assert code in findings(**options)


def test_terms_that_work_are_not_found(office):
    late = [
        {"days": 0, "do": "remind"},
        {"days": 1, "do": "reassign", "to": CHIEF},
        {"days": 2, "do": "outcome", "outcome": "reject", "note": "Quá hạn"},
    ]
    assert findings(days=2, remind=[{"days": 1}, {"hours": 2}], late=late) == set()


def test_timers_without_any_term_are_doubtful(office):
    raw = definition(approve("sign", CHAIR, remind=[{"days": 1}]))
    assert [finding.code for finding in lint(Definition.parse(raw))] == ["flows.W142"]


def test_a_step_that_asks_a_person_cannot_end_by_itself(office):
    entry = {
        "id": "data",
        "kind": "data_entry",
        "title": "Nhập",
        "who": CHAIR,
        "fallback": CHIEF,
        "days": 1,
        "fields": [{"key": "votes", "kind": "number", "label": "Số phiếu", "required": True}],
        "late": [{"days": 0, "do": "outcome", "outcome": "complete"}],
    }
    assert [finding.code for finding in lint(Definition.parse(definition(entry)))] == ["flows.E146"]


@pytest.mark.parametrize(("key", "found"), [("amount", ["flows.E146"]), ("reason", [])])
def test_a_step_that_asks_a_question_of_the_form_again_cannot_end_by_itself(office, key, found):
    again = {
        "id": "data",
        "kind": "data_entry",
        "title": "Nhập",
        "who": CHAIR,
        "fallback": CHIEF,
        "days": 1,
        "ask_again": [key],
        "late": [{"days": 0, "do": "outcome", "outcome": "complete"}],
    }
    assert [finding.code for finding in lint(Definition.parse(definition(again)))] == found


def test_whom_a_late_task_goes_to_is_checked_as_any_rule(office):
    late = [{"days": 1, "do": "reassign", "to": {"done_by": "nothing"}}]
    assert findings(late=late) == {"flows.E070"}


# Rows


def test_only_steps_with_timers_have_rows(opened):
    opened(days=2)
    assert not Timer.objects.exists()
    dossier = opened(days=2, remind=[{"days": 1}, {"days": 5}], late=[{"days": 0, "do": "head"}])
    # Five days before a term of two has passed when the step begins.
    assert set(Timer.objects.values_list("task", "code")) == {
        (task_of(dossier, "sign").pk, "remind:0"),
        (task_of(dossier, "sign").pk, "late:0"),
    }


def test_without_timers_a_decision_asks_nothing_of_them(office, opened):
    dossier = opened(days=2)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        act(dossier, "sign", office.head_tc)
    assert not [query for query in queries if "engine_timer" in query["sql"]]


def test_a_decided_step_has_nothing_left_to_fire(office, opened):
    dossier = opened(days=2, remind=[{"days": 1}], late=[{"days": 0, "do": "head"}])
    act(dossier, "sign", office.head_tc)
    assert not Timer.objects.exists()
    assert fire(at(20, 9)) == 0


def test_a_withdrawn_dossier_has_nothing_left_to_fire(office, opened):
    dossier = opened(days=2, late=[{"days": 0, "do": "outcome", "outcome": "approve"}])
    withdraw(dossier.pk, by=office.ann, reason="Đổi ý")
    assert fire(at(20, 9)) == 0
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.WITHDRAWN


def test_a_timer_of_a_task_that_was_closed_behind_its_back_does_nothing(office, opened):
    dossier = opened(days=2, late=[{"days": 0, "do": "head"}])
    Task.objects.filter(pk=task_of(dossier, "sign").pk).update(finished=timezone.now())
    assert fire(at(20, 9)) == 0
    assert not Timer.objects.exists()


# Reminders


def test_a_reminder_is_sent_once_and_not_before_its_time(office, opened):
    dossier = opened(days=2, remind=[{"days": 1}])
    assert fire(at(5, 17)) == 0
    assert fire(at(6, 8)) == 1
    assert fire(at(6, 8)) == 0
    assert told(office.head_tc, "task.reminded") == 1
    assert verbs(dossier) == ["dossier.opened", "task.reminded"]
    dossier.refresh_from_db()
    assert (dossier.state, dossier.open_steps) == (Dossier.State.RUNNING, ["sign"])
    assert verify() is None


def test_everybody_in_a_pool_is_reminded_until_somebody_claims(office, opened):
    dossier = opened({"pool": {"department": "TC"}}, days=3, remind=[{"days": 2}, {"days": 1}])
    assert fire(at(6, 9)) == 1
    assert {told(person, "task.reminded") for person in (office.tc1, office.tc2, office.head_tc)} == {1}
    claim(task_of(dossier, "sign").pk, by=office.tc1)
    assert fire(at(7, 9)) == 1
    assert (told(office.tc1, "task.reminded"), told(office.tc2, "task.reminded")) == (2, 1)


def test_after_a_long_stop_only_the_newest_reminder_is_sent(office, opened):
    dossier = opened(
        days=3,
        remind=[{"days": 2}, {"days": 1}],
        late=[{"days": 0, "do": "remind"}, {"days": 1, "do": "head"}],
    )
    assert fire(at(20, 9)) == 2
    assert told(office.head_tc, "task.reminded") == 1
    assert told(office.chair, "task.escalated") == 1
    assert not Timer.objects.filter(fired_at__isnull=True).exists()
    assert verbs(dossier) == ["dossier.opened", "task.reminded", "task.escalated"]
    assert fire(at(21, 9)) == 0


# Escalation


def test_the_head_is_told_and_may_see_the_dossier(office, opened):
    dossier = opened({"user": "tc1"}, days=2, late=[{"days": 1, "do": "head"}])
    assert not Dossier.objects.visible_to(office.head_tc).exists()
    assert fire(at(8, 7)) == 0
    assert fire(at(9, 9)) == 1
    assert told(office.head_tc, "task.escalated") == 1
    assert Dossier.objects.visible_to(office.head_tc).get() == dossier
    assert task_of(dossier, "sign").owner == office.tc1
    last = entries_for(dossier.target).last()
    assert (last.verb, last.by, last.data["to"]) == ("task.escalated", None, "head_tc")


def test_the_head_of_a_pool_is_the_head_of_its_department(office, opened):
    opened({"pool": {"department": "TC"}}, days=2, late=[{"days": 0, "do": "head"}])
    assert fire(at(8, 9)) == 1
    assert told(office.head_tc, "task.escalated") == 1


def test_where_there_is_no_head_the_dispatchers_are_told(office, opened):
    administrators, _created = Group.objects.get_or_create(name=ADMIN_GROUP)
    administrators.user_set.add(office.vp1)
    opened(CHAIR, days=2, late=[{"days": 0, "do": "head"}])
    assert fire(at(8, 9)) == 1
    assert told(office.vp1, "task.escalated") == 1


def test_a_late_task_is_given_to_the_head(office, opened, client):
    dossier = opened({"user": "tc1"}, days=2, late=[{"days": 0, "do": "reassign"}])
    assert fire(at(8, 9)) == 1
    task = task_of(dossier, "sign")
    assert (task.owner, task.data["why"]) == (office.head_tc, "late")
    assert [row.dossier for row in my_tasks(office.head_tc)] == [dossier]
    assert my_tasks(office.tc1) == []
    assert (told(office.head_tc, "task.assigned"), told(office.tc1, "task.passed_on")) == (1, 1)
    last = entries_for(dossier.target).last()
    assert (last.verb, last.data["before"], last.data["now"]) == ("task.reassigned", "tc1", "head_tc")
    client.force_login(office.head_tc)
    page = client.get(f"/dossiers/{dossier.pk}/", headers={"accept-language": "en"}).content.decode()
    assert "quá hạn" in page or "since it was late" in page
    assert act(dossier, "sign", office.head_tc).open_steps == ["last"]


def test_a_late_task_is_given_to_whom_the_rule_finds(office, opened):
    late = [{"days": 0, "do": "reassign", "to": {"pool": {"department": "KT"}}}]
    dossier = opened({"user": "tc1"}, days=2, late=late)
    assert fire(at(8, 9)) == 1
    task = task_of(dossier, "sign")
    assert (task.owner, task.status) == (None, "NEW")
    assert told(office.kt1, "task.claimable") == 1
    act(dossier, "sign", office.kt1)


def test_a_late_decision_never_goes_to_the_submitter(office, opened):
    Membership.objects.filter(user=office.head_dt).delete()
    Membership.objects.filter(user=office.ann).update(role="head")
    dossier = opened({"user": "dt1"}, days=2, late=[{"days": 0, "do": "reassign"}])
    assert fire(at(8, 9)) == 1
    assert task_of(dossier, "sign").owner == office.chief


def test_a_late_step_ends_with_the_outcome_that_it_names(office, opened):
    late = [{"days": 0, "do": "outcome", "outcome": "approve"}]
    dossier = opened(days=2, late=late)
    assert fire(at(8, 9)) == 1
    dossier.refresh_from_db()
    task = task_of(dossier, "sign")
    assert (task.status, task.owner, task.data["outcome"]) == ("DONE", None, "approve")
    assert dossier.open_steps == ["last"]
    assert (told(office.head_tc, "task.expired"), told(office.chair, "task.assigned")) == (1, 1)
    last = entries_for(dossier.target).last()
    assert (last.verb, last.by, last.data["outcome"], last.data["before"]) == (
        "task.decided",
        None,
        "approve",
        "head_tc",
    )
    assert last.data["note"]
    with pytest.raises(ConflictError) as refused:
        decide(task.pk, by=office.head_tc, outcome="approve")
    assert (refused.value.reason, refused.value.by) == ("decided", None)
    assert verify() is None


def test_an_automatic_rejection_ends_the_dossier_with_its_own_words(office, opened):
    late = [{"hours": 2, "do": "outcome", "outcome": "reject", "note": {"vi": "Quá hạn", "en": "Too late"}}]
    dossier = opened(days=2, late=late)
    assert fire(at(8, 12)) == 1
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.REJECTED
    assert told(office.ann, "dossier.closed") == 1
    assert entries_for(dossier.target).last().data["note"] == "Quá hạn"


def test_a_late_vote_counts(office):
    branches = [
        {
            "steps": [
                review("op_tc", "TC")
                | {"days": 1, "late": [{"days": 0, "do": "outcome", "outcome": "agree"}]}
            ]
        },
        {"steps": [review("op_kt", "KT")]},
    ]
    block = {"id": "all", "kind": "parallel", "title": "Hỏi", "rule": "all", "branches": branches}
    with time_machine.travel(MONDAY, tick=False):
        dossier = open_for(office, office.publish(definition(block, approve("last", CHAIR))))
        act(dossier, "op_kt", office.kt1, "agree")
    assert fire(at(8, 9)) == 1
    dossier.refresh_from_db()
    assert dossier.open_steps == ["last"]


def test_nobody_is_blamed_for_a_dossier_that_was_overdue_before(office):
    raw = definition(
        approve("sign", HEAD_TC),
        approve("last", CHAIR, late=[{"days": 1, "do": "outcome", "outcome": "approve"}]),
        days=1,
    )
    with time_machine.travel(MONDAY, tick=False):
        dossier = open_for(office, office.publish(raw))
    with time_machine.travel(at(12, 9), tick=False):
        act(dossier, "sign", office.head_tc)
        assert fire_timers() == 0
    assert fire(at(13, 9)) == 0
    assert fire(at(14, 9)) == 1


# The clock stands still


def test_a_paused_dossier_fires_nothing_and_its_timers_move(office, opened):
    dossier = opened(days=2, remind=[{"days": 1}], late=[{"days": 0, "do": "head"}])
    Dossier.objects.filter(pk=dossier.pk).update(state=Dossier.State.HELD)
    assert fire(at(20, 9)) == 0
    Dossier.objects.filter(pk=dossier.pk).update(state=Dossier.State.RUNNING)
    Task.objects.filter(pk=task_of(dossier, "sign").pk).update(scheduled=at(22, 17))
    with time_machine.travel(at(20, 9), tick=False):
        shift_timers(dossier)
    assert fire(at(20, 17)) == 0
    assert fire(at(21, 9)) == 1
    # What has been sent is not sent again when the due date moves once more.
    Task.objects.filter(pk=task_of(dossier, "sign").pk).update(scheduled=at(29, 17))
    with time_machine.travel(at(21, 10), tick=False):
        shift_timers(dossier)
    assert fire(at(28, 9)) == 0
    assert fire(at(30, 9)) == 1


def test_timers_move_with_a_hold(office, opened):
    dossier = opened(days=2, remind=[{"days": 1}], late=[{"days": 0, "do": "remind"}])
    before = {timer.code: timer.fire_at for timer in Timer.objects.all()}
    with time_machine.travel(at(5, 10), tick=False):
        hold(dossier.pk, by=office.head_dt, reason="Chờ ý kiến")
    assert fire(at(9, 9)) == 0
    with time_machine.travel(at(12, 10), tick=False):
        resume(dossier.pk, by=office.head_dt)
    assert {timer.code: timer.fire_at - before[timer.code] for timer in Timer.objects.all()} == {
        "remind:0": timedelta(days=7),
        "late:0": timedelta(days=7),
    }
    assert fire(at(12, 11)) == 0
    assert fire(at(13, 9)) == 1


def test_timers_follow_a_dossier_to_another_version(office, opened):
    dossier = opened(days=2, remind=[{"days": 1}], late=[{"days": 0, "do": "head"}])
    raw = definition(approve("sign", HEAD_TC, days=4, remind=[{"days": 2}]), approve("last", CHAIR))
    administrators, _created = Group.objects.get_or_create(name=ADMIN_GROUP)
    administrators.user_set.add(office.vp1)
    with time_machine.travel(at(5, 10), tick=False):
        [move] = migrate(dossier.version, office.publish(raw), by=office.vp1, new_clocks=True)
    assert move.reason == ""
    timer = Timer.objects.get()
    assert (timer.code, timer.fire_at.astimezone(ZONE).date()) == ("remind:0", at(7, 0).date())
    assert fire(at(7, 9)) == 1


def test_a_reminder_that_was_too_late_comes_when_the_due_date_moves_away(office, opened):
    dossier = opened(days=2, remind=[{"days": 5}])
    assert not Timer.objects.exists()
    Task.objects.filter(pk=task_of(dossier, "sign").pk).update(scheduled=at(22, 17))
    with time_machine.travel(at(6, 9), tick=False):
        shift_timers(dossier)
    assert Timer.objects.get().fire_at.astimezone(ZONE).date() == at(15, 0).date()


# Failures


def damage(version: FlowVersion) -> None:
    FlowVersion.objects.filter(pk=version.pk).update(definition={"broken": True})
    # What this process has read before.
    stored._parsed.pop(version.class_name, None)
    vars(compiled).pop(version.class_name, None)
    fields.import_task_by_ref.cache_clear()
    fields.import_flow_by_ref.cache_clear()


def test_one_failing_dossier_does_not_stop_the_sweep(office, opened, caplog):
    administrators, _created = Group.objects.get_or_create(name=ADMIN_GROUP)
    administrators.user_set.add(office.vp1)
    broken = opened(days=2, remind=[{"days": 1}])
    fine = opened(days=2, remind=[{"days": 1}], title="Khác")
    damage(broken.version)
    moment = at(6, 9)
    assert fire(moment) == 1
    assert verbs(fine)[-1] == "task.reminded"
    timer = Timer.objects.get(fired_at__isnull=True)
    assert (timer.attempts, bool(timer.error)) == (1, True)
    assert fire(moment + timedelta(seconds=30)) == 0
    assert Timer.objects.get(pk=timer.pk).attempts == 1
    for _number in range(firing.ATTEMPTS):
        moment += timedelta(hours=1)
        assert fire(moment) == 0
    timer.refresh_from_db()
    assert (timer.attempts, timer.fired_at) == (firing.ATTEMPTS, None)
    assert told(office.vp1, "timer.failed") == 1
    assert "is given up" in caplog.text


def test_what_was_given_up_is_tried_again_when_due_dates_move(office, opened):
    dossier = opened(days=2, remind=[{"days": 1}])
    Timer.objects.update(attempts=firing.ATTEMPTS, error="broken")
    assert fire(at(6, 9)) == 0
    shift_timers(dossier)
    assert fire(at(6, 9)) == 1


def test_a_fault_of_the_flow_changes_nothing_and_is_kept(office, opened, monkeypatch):
    dossier = opened(days=2, late=[{"days": 0, "do": "outcome", "outcome": "approve"}])
    before = Notification.objects.count()

    def break_down(*_entries):
        raise RuntimeError("no power")

    monkeypatch.setattr("workflows.engine.turns.record", break_down)
    assert fire(at(8, 9)) == 0
    assert task_of(dossier, "sign").status == "ASSIGNED"
    assert Notification.objects.count() == before
    assert Timer.objects.get().error == "RuntimeError: no power"
    monkeypatch.undo()
    assert fire(at(8, 10)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_the_commit_loses_no_reminder(monkeypatch):
    office = make_office()
    with time_machine.travel(MONDAY, tick=False):
        raw = definition(approve("sign", HEAD_TC, days=2, remind=[{"days": 1}]))
        open_for(office, office.publish(raw))

    def killed(*_args, **_options):
        raise SystemExit

    # The hook that runs after the commit is where the worker dies.
    monkeypatch.setattr("home.notifications.sending._wake", killed)
    with time_machine.travel(at(6, 9), tick=False), pytest.raises(SystemExit):
        fire_timers()
    assert told(office.head_tc, "task.reminded") == 1
    assert fire(at(6, 10)) == 0
    assert told(office.head_tc, "task.reminded") == 1


# At the same moment


def late_dossiers(office, count, **options):
    raw = definition(approve("sign", {"user": "tc1"}, days=1, **options), approve("last", CHAIR))
    version = office.publish(raw)
    dossiers = [open_for(office, version) for _number in range(count)]
    Timer.objects.update(fire_at=timezone.now() - timedelta(minutes=1))
    return dossiers


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_fire_each_timer_once():
    office = make_office()
    dossiers = late_dossiers(office, 5, late=[{"days": 0, "do": "head"}])
    results = race(fire_timers, fire_timers, fire_timers)
    assert sum(results) == len(dossiers)
    assert told(office.head_tc, "task.escalated") == len(dossiers)
    for dossier in dossiers:
        assert verbs(dossier) == ["dossier.opened", "task.escalated"]
    assert not Timer.objects.filter(fired_at__isnull=True).exists()
    assert verify() is None


@pytest.mark.django_db(transaction=True)
def test_a_decision_against_a_timer_has_one_winner():
    office = make_office()
    late = [{"days": 0, "do": "outcome", "outcome": "reject", "note": "Quá hạn"}]
    winners = set()
    for dossier in late_dossiers(office, 6, late=late):
        task = task_of(dossier, "sign")
        decided, _fired = race(
            lambda pk=task.pk: decide(pk, by=office.tc1, outcome="approve"),
            lambda pk=task.pk: firing.fire(Timer.objects.get(task=pk)),
        )
        task.refresh_from_db()
        dossier.refresh_from_db()
        by_hand = not isinstance(decided, Exception)
        assert by_hand or (isinstance(decided, ConflictError) and decided.reason == "decided")
        assert task.data["outcome"] == ("approve" if by_hand else "reject")
        assert dossier.state == ("running" if by_hand else "rejected")
        assert verbs(dossier).count("task.decided") == 1
        assert not Timer.objects.filter(task=task, fired_at__isnull=True).exists()
        winners.add(by_hand)
    assert winners
    assert verify() is None
