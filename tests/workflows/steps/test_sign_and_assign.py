"""Signing under an authority, and a leader's note that routes the work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from home.audit.api import entries_for
from home.people.api import SigningAuthority
from home.worktime.api import is_working_day
from tests.factories.flows import act, approve, definition, open_for, task_of
from workflows.definitions.api import Definition, check
from workflows.dossiers.api import Instruction
from workflows.engine.api import InvalidActError
from workflows.steps.api import Situation, Turn, steps

CHIEF = {"head_of": "VP"}


def sign(**options):
    return {
        "id": "sign",
        "kind": "sign",
        "title": "Ký",
        "who": {"head_of": "TC"},
        "fallback": CHIEF,
    } | options


def authority(office, **changes):
    today = timezone.localdate()
    values = {
        "holder": office.head_tc,
        "on_behalf_of": office.chair,
        "capacity": "TUQ",
        "matters": ["trinh-ky"],
        "since": today - timedelta(days=5),
        "until": today + timedelta(days=5),
        "document": "Số 12/GUQ",
    }
    return SigningAuthority.objects.create(**(values | changes))


def later(row, **changes):
    """Change a stored authority as time would, past its own checks."""
    SigningAuthority.objects.filter(pk=row.pk).update(**changes)


def asked(dossier, by, step="sign"):
    task = task_of(dossier, step)
    at = Situation(Turn(dossier, by, timezone.now()), task.process, "start")
    return steps.get(task.flow_task.spec.kind).ask(task.flow_task.spec, at, by)


def test_without_an_authority_one_signs_in_ones_own_name(office):
    dossier = open_for(office, office.publish(definition(sign())))
    assert asked(dossier, office.head_tc) is None
    assert act(dossier, "sign", office.head_tc, "sign").state == "approved"
    assert task_of(dossier, "sign").data["signed"] == {"capacity": "self"}


def test_signing_for_another_keeps_both_names_and_the_document(office):
    row = authority(office)
    dossier = open_for(office, office.publish(definition(sign())))
    form = asked(dossier, office.head_tc)
    assert [choice.value for choice in form.field("capacity").choices] == ["self", str(row.pk)]
    act(dossier, "sign", office.head_tc, "sign", extra={"capacity": str(row.pk)})
    signed = task_of(dossier, "sign").data["signed"]
    assert (signed["capacity"], signed["words"], signed["document"]) == ("TUQ", "TUQ. CHAIR", "Số 12/GUQ")
    decided = next(entry for entry in entries_for(dossier.target) if entry.verb == "task.decided")
    assert (decided.by, decided.on_behalf_of) == (office.head_tc, office.chair)


@pytest.mark.parametrize(
    "changes",
    [
        {"until": date(2020, 1, 2), "since": date(2020, 1, 1)},
        {"since": date(2099, 1, 1), "until": date(2099, 2, 1)},
        {"revoked_at": timezone.now()},
        {"matters": ["khac"]},
    ],
)
def test_an_authority_that_does_not_hold_is_not_offered_and_refused(office, changes):
    row = authority(office)
    later(row, **changes)
    dossier = open_for(office, office.publish(definition(sign())))
    assert asked(dossier, office.head_tc) is None
    with pytest.raises(InvalidActError) as refusal:
        act(dossier, "sign", office.head_tc, "sign", extra={"capacity": str(row.pk)})
    assert refusal.value.field == "capacity"
    dossier.refresh_from_db()
    assert dossier.open_steps == ["sign"]


def test_what_was_passed_on_is_refused(office):
    row = authority(office, on_behalf_of=office.chief)
    later(authority(office, holder=office.tc1, on_behalf_of=office.chair), holder=office.chief)
    dossier = open_for(office, office.publish(definition(sign())))
    assert asked(dossier, office.head_tc) is None
    with pytest.raises(InvalidActError):
        act(dossier, "sign", office.head_tc, "sign", extra={"capacity": str(row.pk)})


def test_the_authority_of_another_person_and_a_capacity_that_is_not_allowed_are_refused(office):
    other = authority(office, holder=office.tc1)
    own = authority(office)
    dossier = open_for(office, office.publish(definition(sign(capacities=["self", "KT"]))))
    for key in (other.pk, own.pk, "x", "self "):
        with pytest.raises(InvalidActError):
            act(dossier, "sign", office.head_tc, "sign", extra={"capacity": str(key)})


def test_nobody_signs_in_the_name_of_the_submitter(office):
    row = authority(office)
    dossier = open_for(office, office.publish(definition(sign())), by=office.chair)
    with pytest.raises(InvalidActError):
        act(dossier, "sign", office.head_tc, "sign", extra={"capacity": str(row.pk)})


def test_a_step_that_asks_for_an_authority_refuses_ones_own_name(office):
    dossier = open_for(office, office.publish(definition(sign(capacities=["KT"]))))
    for extra in (None, {"capacity": "self"}):
        with pytest.raises(InvalidActError):
            act(dossier, "sign", office.head_tc, "sign", extra=extra)
    assert act(dossier, "sign", office.head_tc, "return", "Sửa").open_steps == ["rework"]


def test_a_capacity_named_twice_and_no_signing_are_found(office):
    raw = definition(sign(capacities=["KT", "KT"], outcomes=["return"]))
    assert {"flows.E109", "flows.E020"} <= {found.code for found in check(Definition.parse(raw))}


# --- assign ------------------------------------------------------------------------------------------------


def note_flow(**options):
    note = {"id": "note", "kind": "assign", "title": "Bút phê", "who": {"head_of": "LD"}, "fallback": CHIEF}
    units = {
        "id": "units",
        "kind": "each",
        "title": "Các đơn vị",
        "of": {"instruction": {"step": "note", "role": "support"}},
        "branches": [
            {
                "steps": [
                    {
                        "id": "op",
                        "kind": "review",
                        "title": "Ý kiến",
                        "who": {"item": "head"},
                        "fallback": CHIEF,
                        "days": 60,
                    }
                ]
            }
        ],
    }
    return definition(note | options, units)


def item(office, code):
    return f"dept:{office.departments[code].pk}"


def workday(weeks=1):
    """Return a Wednesday some weeks ahead, in a week without holidays."""
    day = date(2027, 3, 3) + timedelta(weeks=weeks)
    assert day.weekday() == 2
    return day


def test_an_instruction_routes_the_work_with_its_due_date(office):
    dossier = open_for(office, office.publish(note_flow()))
    day = timezone.localdate() + timedelta(days=7)
    while day.weekday() > 4:
        day += timedelta(days=1)
    extra = {
        "lead": item(office, "TC"),
        "support": [item(office, "KT"), item(office, "DT")],
        "informed": [item(office, "VP")],
        "due": day.isoformat(),
        "text": "Phối hợp thực hiện",
    }
    dossier = act(dossier, "note", office.chair, "assign", extra=extra)
    assert dossier.open_steps == ["op", "op"]
    instruction = Instruction.objects.get()
    assert [(row.role, row.item) for row in instruction.parties.all()] == [
        ("lead", extra["lead"]),
        ("support", extra["support"][0]),
        ("support", extra["support"][1]),
        ("informed", extra["informed"][0]),
    ]
    due = timezone.localtime(instruction.due_at)
    assert (due.date(), due.hour) == (day, 17)
    assert task_of(dossier, "op").scheduled == instruction.due_at
    assert set(dossier.access.values_list("principal", flat=True)) >= {extra["lead"], extra["informed"][0]}
    from home.notifications.models import Notification

    told = Notification.objects.filter(kind="dossier.told").values_list("recipient__username", flat=True)
    assert set(told) >= {"chief", "vp1", "vp2"}


def test_who_leads_by_an_instruction_has_its_due_date_when_that_is_earlier(office):
    """The rule `{instruction: …}` brings the term along, as the list does; an earlier one of the step's own stays."""
    note, _units = note_flow()["flow"]["steps"]
    lead = {"instruction": {"step": "note"}}
    found = {}
    for days in (60, 1):
        raw = definition(note, approve("do", lead, days=days))
        dossier = open_for(office, office.publish(raw))
        day = timezone.localdate() + timedelta(days=14)
        while not is_working_day(day):
            day += timedelta(days=1)
        extra = {"lead": item(office, "TC"), "due": day.isoformat()}
        act(dossier, "note", office.chair, "assign", extra=extra)
        task = task_of(dossier, "do")
        assert task.owner == office.head_tc
        found[days] = task.scheduled
    due = Instruction.objects.values_list("due_at", flat=True).first()
    assert found[60] == due
    assert found[1] < due


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lead": ""}, "lead"),
        ({"lead": "dept:999999"}, "lead"),
        ({"lead": "user:1"}, "lead"),
        ({"support": ["=lead"]}, "support"),
        ({"support": "x"}, "support"),
        ({"due": "2020-01-01"}, "due"),
        ({"due": "2027-03-07"}, "due"),
        ({"due": "never"}, "due"),
        ({"due": ""}, "due"),
        ({"text": "x" * 2_001}, "text"),
    ],
)
def test_an_instruction_is_checked(office, changes, field):
    dossier = open_for(office, office.publish(note_flow(due="required")))
    extra = {"lead": item(office, "TC"), "support": [], "due": workday().isoformat()} | changes
    if extra["support"] == ["=lead"]:
        extra["support"] = [extra["lead"]]
    with pytest.raises(InvalidActError) as refusal:
        act(dossier, "note", office.chair, "assign", extra=extra)
    assert refusal.value.field == field
    assert not Instruction.objects.exists()


def test_a_closed_unit_is_neither_offered_nor_accepted(office):
    unit = office.departments["KT"]
    dossier = open_for(office, office.publish(note_flow()))
    values = {choice.value for choice in asked(dossier, office.chair, "note").field("lead").choices}
    assert f"dept:{unit.pk}" in values
    unit.is_active = False
    unit.save()
    with pytest.raises(InvalidActError):
        act(dossier, "note", office.chair, "assign", extra={"lead": f"dept:{unit.pk}"})


def test_people_can_be_named_where_the_step_allows_it(office):
    dossier = open_for(office, office.publish(note_flow(people=True)))
    act(dossier, "note", office.chair, "assign", extra={"lead": f"user:{office.tc1.pk}"})
    assert Instruction.objects.get().parties.get().user == office.tc1


def test_an_instruction_that_nobody_follows_is_doubted(office):
    raw = note_flow()
    assert "flows.W110" not in {found.code for found in check(Definition.parse(raw))}
    raw["flow"]["steps"].pop()
    assert "flows.W110" in {found.code for found in check(Definition.parse(raw))}
