"""What a dossier waits for, and what is still to be done for it, moves right with it; or the dry run says why not."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.db import models
from django.utils import timezone
from viewflow.workflow.models import Task

from home.audit.api import verify
from tests.factories.flows import act, approve, definition, open_for, opinions, task_of
from workflows.dossiers.api import Dossier, Errand, RegisterEntry, SubDossier
from workflows.engine.api import (
    decide,
    fire_timers,
    hold,
    migrate,
    participants_of,
    plan_migration,
    resume,
    run_errands,
    wake_waiting,
)
from workflows.engine.carrying import STEP_ROWS
from workflows.engine.models import Timer

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CHAIR = {"position": "chair", "department": "LD"}
LAST = approve("last", CHAIR)


def at(day: int, hour: int) -> datetime:
    """Return a moment of October 2026: the 5th is a Monday, and no day is a holiday."""
    return datetime(2026, 10, day, hour, tzinfo=ZONE)


@pytest.fixture
def admin(office):
    office.chief.is_superuser = True
    office.chief.save()
    return office.chief


def wait(step="rest", **options):
    return {"id": step, "kind": "wait", "title": "Chờ"} | (options or {"days": 5})


def moved(office, admin, dossier, raw, **options):
    """Move the dossier to a new version and return what became of it."""
    before = dossier.version
    target = office.publish(raw)
    renamed = options.pop("renamed", {})
    planned = list(plan_migration(before, target, renamed))
    moves = list(migrate(before, target, renamed, by=admin, **options))
    assert planned == moves
    dossier.refresh_from_db()
    return next(move for move in moves if move.dossier_id == dossier.pk)


# Waits


def test_a_wait_keeps_its_clock_unless_asked(office, admin):
    with time_machine.travel(at(5, 9), tick=False):
        dossier = open_for(office, office.publish(definition(wait(), LAST)))
        end = task_of(dossier, "rest").scheduled
        assert moved(office, admin, dossier, definition(wait(days=1), LAST)).moves
        assert task_of(dossier, "rest").scheduled == end
        assert moved(office, admin, dossier, definition(wait(days=2), LAST), new_clocks=True).moves
        found = task_of(dossier, "rest").scheduled.astimezone(ZONE)
    assert found.date() == at(7, 0).date()
    with time_machine.travel(at(8, 9), tick=False):
        assert wake_waiting() == 1
    dossier.refresh_from_db()
    assert dossier.open_steps == ["last"]
    assert verify() is None


def test_a_wait_for_something_else_is_asked_at_once(office, admin):
    dossier = open_for(office, office.publish(definition(wait(), LAST)))
    assert moved(office, admin, dossier, definition(wait(when="amount > 5", at_most=9), LAST)).moves
    assert dossier.open_steps == ["last"]
    assert not Task.objects.filter(flow_task_type="WAIT", finished=None).exists()
    assert verify() is None


def test_a_wait_whose_condition_does_not_hold_yet_waits_on_for_that(office, admin):
    with time_machine.travel(at(5, 9), tick=False):
        dossier = open_for(office, office.publish(definition(wait(days=1), LAST)))
        assert moved(office, admin, dossier, definition(wait(when="amount > 5000000000"), LAST)).moves
    with time_machine.travel(at(20, 9), tick=False):
        assert wake_waiting() == 0
    dossier.refresh_from_db()
    assert dossier.open_steps == ["rest"]


def test_a_wait_that_stands_still_is_not_woken_by_a_move(office, admin):
    dossier = open_for(office, office.publish(definition(wait(), LAST)))
    hold(dossier.pk, by=office.head_dt, reason="Chờ ý kiến")
    assert moved(office, admin, dossier, definition(wait(when="amount > 5", at_most=9), LAST)).moves
    assert (dossier.state, dossier.open_steps) == (Dossier.State.HELD, ["rest"])
    resume(dossier.pk, by=office.head_dt)
    dossier.refresh_from_db()
    assert dossier.open_steps == ["last"]


def test_new_clocks_leave_out_the_time_of_pauses(office, admin):
    first = approve("first", {"user": "tc1"}, days=5)
    with time_machine.travel(at(5, 9), tick=False):
        dossier = open_for(
            office,
            office.publish(
                definition(
                    opinions(
                        branches=[
                            {"steps": [first]},
                            {"steps": [wait(days=5), approve("second", {"user": "kt1"})]},
                        ],
                        rule="all",
                    ),
                    LAST,
                    days=10,
                )
            ),
        )
        hold(dossier.pk, by=office.head_dt, reason="Chờ ý kiến")
    with time_machine.travel(at(12, 9), tick=False):
        resume(dossier.pk, by=office.head_dt)
        block = opinions(
            branches=[
                {"steps": [first | {"days": 3}]},
                {"steps": [wait(days=3), approve("second", {"user": "kt1"})]},
            ],
            rule="all",
        )
        assert moved(office, admin, dossier, definition(block, LAST, days=4), new_clocks=True).moves
    # Thursday the 8th, and one week of working days on hold; the dossier is due a day later.
    assert task_of(dossier, "first").scheduled.astimezone(ZONE).date() == at(15, 0).date()
    assert task_of(dossier, "rest").scheduled.astimezone(ZONE).date() == at(15, 0).date()
    assert dossier.due_at.astimezone(ZONE).date() == at(16, 0).date()


# Linked dossiers and other work


CHILD = definition(approve("plan", CHAIR), code="ke-hoach")


def plans(**options):
    return {
        "id": "plans",
        "kind": "sub_dossier",
        "title": "Kế hoạch",
        "type": "ke-hoach",
        "of": {"departments": ["TC", "KT"]},
        "answers": {"subject": "subject", "amount": "amount"},
    } | options


def test_fewer_linked_dossiers_to_wait_for_let_it_go_on(office, admin):
    office.publish(CHILD)
    dossier = open_for(office, office.publish(definition(plans(), LAST)))
    run_errands()
    first, _other = (row.child for row in SubDossier.objects.filter(parent=dossier).order_by("pk"))
    act(first, "plan", office.chair)
    dossier.refresh_from_db()
    assert dossier.open_steps == ["plans"]
    raw = definition(plans(id="all_plans", wait_for="any"), LAST)
    assert moved(office, admin, dossier, raw, renamed={"plans": "all_plans"}).moves
    assert dossier.open_steps == ["last"]
    assert dossier.answers["all_plans_closed"] == 1
    assert set(SubDossier.objects.values_list("step", flat=True)) == {"all_plans"}


def test_linked_dossiers_of_another_type_keep_it_where_it_is(office, admin):
    office.publish(CHILD)
    office.publish(definition(approve("plan", CHAIR), code="khac"))
    dossier = open_for(office, office.publish(definition(plans(), LAST)))
    move = moved(office, admin, dossier, definition(plans(type="khac"), LAST))
    assert not move.moves
    assert "Kế hoạch" in move.reason


def test_what_is_to_be_done_for_a_renamed_step_is_done(office, admin, settings):
    settings.WEBHOOKS = {"erp": {"url": "http://127.0.0.1:9/", "secret": "x", "timeout": 1}}
    tell = {"id": "tell_erp", "kind": "webhook", "title": "Báo", "target": "erp"}
    office.publish(CHILD)
    dossier = open_for(office, office.publish(definition(tell, plans(), LAST)))
    raw = definition(tell | {"id": "tell"}, plans(id="more"), LAST)
    assert moved(office, admin, dossier, raw, renamed={"tell_erp": "tell", "plans": "more"}).moves
    assert set(Errand.objects.values_list("step", flat=True)) == {"tell", "more"}
    assert run_errands() == 2
    assert set(SubDossier.objects.values_list("step", flat=True)) == {"more"}
    assert Errand.objects.get(kind="webhook").error


def test_a_number_that_was_taken_stays_the_number_of_the_renamed_step(office, admin):
    issue = {
        "id": "issue",
        "kind": "number",
        "title": "Cấp số",
        "register": "QD",
        "key": "symbol",
        "label": "Số",
    }
    issue["pattern"] = "{number:02d}/{year}-QĐ"
    dossier = open_for(office, office.publish(definition(issue, LAST)))
    symbol = dossier.answers["symbol"]
    raw = definition(issue | {"id": "give_number"}, LAST)
    assert moved(office, admin, dossier, raw, renamed={"issue": "give_number"}).moves
    act(dossier, "last", office.chair, "return", "Sửa lại")
    act(dossier, "rework", office.ann, "resubmit", answers={"subject": "Mới", "amount": 5})
    dossier.refresh_from_db()
    assert dossier.answers["symbol"] == symbol
    assert RegisterEntry.objects.filter(register="QD").count() == 1


def test_every_row_that_names_a_step_is_renamed():
    """A new table that names a step of a dossier has to be carried over, too."""
    known = {model for model, _owner in STEP_ROWS}
    for model in apps.get_models():
        fields = {field.name: field for field in model._meta.get_fields()}
        of_dossier = any(
            isinstance(field, models.ForeignKey) and field.related_model is Dossier
            for field in fields.values()
        )
        # A pause keeps where the dossier stood, in the words of that time.
        if of_dossier and "step" in fields and model.__name__ != "Pause":
            assert model in known, model


# Timers


def sign(**options):
    return definition(approve("sign", {"head_of": "TC"}, **options), LAST)


def test_what_was_sent_is_not_taken_for_another_reminder(office, admin):
    with time_machine.travel(at(5, 9), tick=False):
        dossier = open_for(office, office.publish(sign(days=5, remind=[{"days": 4}])))
    with time_machine.travel(at(6, 9), tick=False):
        assert fire_timers() == 1
        assert moved(office, admin, dossier, sign(days=5, remind=[{"days": 1}, {"days": 4}])).moves
    found = {timer.code: timer.fired_at is not None for timer in Timer.objects.all()}
    assert found == {"remind:0": False, "remind:1": True}
    with time_machine.travel(at(9, 9), tick=False):
        assert fire_timers() == 1


def test_timers_stay_as_they_are_when_their_options_do(office, admin):
    dossier = open_for(
        office, office.publish(sign(days=5, remind=[{"days": 4}], late=[{"days": 0, "do": "head"}]))
    )
    before = list(Timer.objects.order_by("code").values())
    raw = sign(days=5, remind=[{"days": 4}], late=[{"days": 0, "do": "head"}]) | {"summary": "mới"}
    assert moved(office, admin, dossier, raw).moves
    assert list(Timer.objects.order_by("code").values()) == before


def test_alerts_of_the_dossier_follow_too(office, admin):
    with time_machine.travel(at(5, 9), tick=False):
        dossier = open_for(office, office.publish(sign() | {"days": 5, "remind": [{"days": 4}]}))
    with time_machine.travel(at(6, 9), tick=False):
        assert fire_timers() == 1
        raw = sign() | {"days": 5, "remind": [{"days": 2}], "late": [{"days": 0}]}
        assert moved(office, admin, dossier, raw).moves
    assert {timer.code: timer.fired_at for timer in Timer.objects.all()} == {"remind:0": None, "late:0": None}


# Rounds


def units(**options):
    each = {
        "id": "units",
        "kind": "each",
        "title": "Các đơn vị",
        "of": {"departments": ["TC", "KT", "DT"]},
        "branches": [{"steps": [approve("unit", {"item": "head"})]}],
    }
    return definition(each | options, LAST)


def test_a_block_whose_new_rule_is_met_goes_on(office, admin):
    dossier = open_for(office, office.publish(units()))
    task = Task.objects.get(owner=office.head_tc, finished=None, flow_task_type="HUMAN")
    decide(task.pk, by=office.head_tc, outcome="approve")
    assert moved(office, admin, dossier, units(rule="any")).moves
    assert dossier.open_steps == ["last"]
    closed = Task.objects.filter(owner=office.head_kt, flow_task_type="HUMAN").get()
    assert (closed.status, closed.data["closed"]) == ("CANCELED", "decided")
    assert verify() is None


def test_a_block_asks_whom_it_asked_when_the_list_changes(office, admin):
    dossier = open_for(office, office.publish(units()))
    assert moved(office, admin, dossier, units(of={"departments": ["VP"]})).moves
    assert len(participants_of(dossier, "units")) == 3
    assert dossier.open_steps == ["unit"] * 3


# Holders


def test_the_submitter_is_not_left_with_a_judgement(office, admin):
    entry = {
        "id": "data",
        "kind": "data_entry",
        "title": "Nhập",
        "who": {"submitter": True},
        "fallback": CHAIR,
        "fields": [{"key": "more", "kind": "text", "label": "Thêm"}],
    }
    dossier = open_for(office, office.publish(definition(entry, LAST)))
    move = moved(office, admin, dossier, definition(approve("data", CHAIR), LAST))
    assert not move.moves
    assert "Duyệt data" in move.reason
    assert timezone.now() > dossier.opened_at
