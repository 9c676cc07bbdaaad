"""Acknowledging, asking again, decision tables, calculated values and register numbers, played as dossiers."""

from __future__ import annotations

import pytest
from viewflow.workflow.models import Task

from home.audit.api import entries_for
from home.forms.api import FormSchema, calculate, check_calculation
from tests.factories.flows import act, approve, definition, open_for
from workflows.definitions.api import Definition, check
from workflows.dossiers.api import RegisterEntry
from workflows.engine.api import FaultError, decide, view_task
from workflows.steps.api import steps

HEAD = {"head_of": "TC"}
CHIEF = {"head_of": "VP"}


def human(kind, step="s", **options):
    return {"id": step, "kind": kind, "title": "Bước", "who": HEAD, "fallback": CHIEF} | options


def number(**options):
    return {
        "id": "issue",
        "kind": "number",
        "title": "Cấp số",
        "register": "QD",
        "pattern": "{number:02d}/{year}-QĐ",
        "key": "symbol",
        "label": "Số",
    } | options


def codes(*parts, **changes):
    return [found.code for found in check(Definition.parse(definition(*parts, **changes)))]


def test_an_acknowledgement_goes_on_without_a_vote(office):
    dossier = open_for(office, office.publish(definition(human("acknowledge"))))
    [outcome] = steps.get("acknowledge").outcomes(None)
    assert outcome.vote is None
    assert act(dossier, "s", office.head_tc, "acknowledge").state == "approved"


def test_data_entry_asks_existing_questions_again_with_their_answers(office):
    raw = definition(human("data_entry", ask_again=["amount"]))
    dossier = open_for(office, office.publish(raw))
    view = view_task(_task(dossier).pk, office.head_tc)
    assert view.form.keys() == ["amount"]
    done = act(dossier, "s", office.head_tc, "complete", answers={"amount": 7})
    assert done.answers == {"subject": "Tờ trình mua máy", "amount": 7}


def _task(dossier):
    from tests.factories.flows import task_of

    return task_of(dossier, "s")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"ask_again": ["nothing"]}, "flows.E100"),
        ({"ask_again": ["amount", "amount"]}, "flows.E101"),
    ],
)
def test_asking_again_is_checked(office, options, code):
    assert code in codes(human("data_entry", **options))


def table(**changes):
    return {
        "id": "way",
        "kind": "choice",
        "title": "Ai duyệt?",
        "table": {
            "inputs": ["amount", "subject"],
            "rows": [
                {"when": ["> 50000000", "-"], "go": 2},
                {"when": ["-", ["Gấp", "Khẩn"]], "go": "Trưởng phòng"},
            ],
            "otherwise": 3,
        }
        | changes,
        "branches": [
            {"title": {"vi": "Trưởng phòng", "en": "Head"}, "steps": [approve("head", HEAD)]},
            {"steps": [approve("chair", {"head_of": "LD"})]},
            {"title": "Thẳng", "steps": []},
        ],
    }


@pytest.mark.parametrize(
    ("amount", "subject", "stands"),
    [
        (50_000_001, "Gấp", ["chair"]),
        (50_000_000, "Khẩn", ["head"]),
        (50_000_000, "Thường", ["last"]),
    ],
)
def test_the_first_row_that_holds_leads_the_way(office, amount, subject, stands):
    version = office.publish(definition(table(), approve("last", HEAD)))
    assert open_for(office, version, amount=amount, subject=subject).open_steps == stands


def test_a_table_says_its_rows(office):
    raw = definition(table(), approve("last", HEAD))
    spec = Definition.parse(raw).flow.steps[0]
    assert steps.get("choice").branch_words(spec, 1) == "amount > 50000000"
    assert Definition.parse(Definition.parse(raw).canonical()).digest() == Definition.parse(raw).digest()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"otherwise": 9}, "flows.E102"),
        ({"rows": [{"when": ["> 5"], "go": 1}]}, "flows.E103"),
        ({"rows": [{"when": ["-", "-"], "go": 1}]}, "flows.W104"),
        ({"inputs": ["amount", "nothing"]}, "flows.E031"),
        ({"rows": [{"when": ["> x", "-"], "go": 1}]}, "flows.E031"),
    ],
)
def test_tables_are_checked(office, changes, code):
    assert code in codes(table(**changes), approve("last", HEAD))


def test_a_table_and_conditions_exclude_each_other(office):
    raw = table()
    raw["branches"][0]["when"] = "amount > 1"
    with pytest.raises(ValueError, match="branches"):
        Definition.parse(definition(raw))


def set_value(*values):
    return {"id": "fee", "kind": "set_value", "title": "Tính", "values": list(values)}


def test_values_are_calculated_one_after_the_other(office):
    raw = definition(
        set_value(
            {"field": {"key": "fee", "kind": "money", "label": "Phí"}, "to": "amount / 3"},
            {"key": "reason", "to": "subject + ': ' + string(fee)"},
        ),
        approve("last", HEAD),
    )
    dossier = open_for(office, office.publish(raw), amount=100)
    assert dossier.answers["fee"] == 33
    assert dossier.answers["reason"] == "Tờ trình mua máy: 33"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"key": "nothing", "to": "1"}, "flows.E106"),
        ({"key": "amount", "to": "subject"}, "flows.E107"),
        ({"key": "amount", "to": "other + 1"}, "flows.E107"),
        ({"key": "amount", "to": "1 +"}, "flows.E107"),
    ],
)
def test_calculations_are_checked(office, value, code):
    assert code in codes(set_value(value), approve("last", HEAD))


def test_a_result_out_of_bounds_stops_the_decision(office):
    raw = definition(approve("first", HEAD), set_value({"key": "amount", "to": "amount - 20"}))
    dossier = open_for(office, office.publish(raw), amount=10)
    with pytest.raises(FaultError):
        act(dossier, "first", office.head_tc)
    dossier.refresh_from_db()
    assert (dossier.open_steps, dossier.answers["amount"]) == (["first"], 10)


@pytest.mark.parametrize(
    ("target", "expression", "raw"),
    [
        ({"kind": "number", "places": 2}, "1.005 * 2.0", 2.01),
        ({"kind": "number", "places": 0}, "2.5", 3),
        ({"kind": "yes_no"}, "day > timestamp('2026-01-01T00:00:00Z')", True),
        ({"kind": "date"}, "day + duration('24h')", "2026-03-01"),
        ({"kind": "choice", "choices": [{"value": "a", "label": "A"}]}, "'a'", "a"),
    ],
)
def test_results_take_the_type_of_their_question(target, expression, raw):
    fields = [
        {"key": "x", "label": "X", **target},
        {"key": "day", "kind": "date", "label": "Ngày", "required": True},
    ]
    schema = FormSchema.parse({"sections": [{"fields": fields}]})
    field = schema.field("x")
    assert check_calculation(expression, field, schema) == []
    assert calculate(expression, field, schema, {"day": "2026-02-28"}) == raw


def test_a_number_is_taken_once_and_kept_when_the_step_runs_again(office):
    raw = definition(number(), approve("last", HEAD))
    dossier = open_for(office, office.publish(raw))
    symbol = dossier.answers["symbol"]
    assert symbol.startswith("01/")
    act(dossier, "last", office.head_tc, "return", "Sửa lại")
    dossier = act(dossier, "rework", office.ann, "resubmit", answers={"subject": "Mới", "amount": 5})
    assert dossier.answers["symbol"] == symbol
    assert RegisterEntry.objects.filter(register="QD").count() == 1


def test_a_second_run_with_again_voids_the_first_number_with_the_reason(office):
    raw = definition(number(again=True), approve("last", HEAD))
    dossier = open_for(office, office.publish(raw))
    act(dossier, "last", office.head_tc, "return", "Sửa lại")
    dossier = act(dossier, "rework", office.ann, "resubmit", "Đã sửa", answers={"subject": "M", "amount": 5})
    first, second = RegisterEntry.objects.filter(register="QD").order_by("number")
    assert (first.void_reason, second.voided_at) == ("Đã sửa", None)
    assert dossier.answers["symbol"] == second.symbol


def each_of(*steps_, of=None, **options):
    block = {"id": "units", "kind": "each", "title": "Các đơn vị", "of": of or {"departments": ["TC", "KT"]}}
    return block | {"branches": [{"steps": list(steps_)}]} | options


def test_inside_a_block_every_unit_has_a_number_of_its_own(office):
    step = approve("unit", {"item": "head"})
    raw = definition(each_of(step, number()), approve("last", HEAD))
    dossier = open_for(office, office.publish(raw))
    for person in (office.head_kt, office.head_tc):
        task = Task.objects.get(owner=person, finished=None, flow_task_type="HUMAN")
        decide(task.pk, by=person, outcome="approve")
    dossier.refresh_from_db()
    first, second = RegisterEntry.objects.filter(register="QD").order_by("number")
    assert dossier.answers["symbol"] == f"Phòng KT: {first.symbol}; Phòng TC: {second.symbol}"
    unit = office.departments["KT"]
    assert first.holder == f"{dossier.target}:{number()['id']}:dept:{unit.pk}"
    taken = [entry for entry in entries_for(dossier.target) if entry.verb == "number.taken"]
    assert taken[0].data["item"] == f"dept:{unit.pk}"


@pytest.mark.parametrize("again", [False, True])
def test_a_block_that_runs_again_keeps_or_renews_the_number_of_each_unit(office, again):
    raw = definition(each_of(number(again=again)), approve("last", HEAD))
    dossier = open_for(office, office.publish(raw))
    before = dossier.answers["symbol"]
    act(dossier, "last", office.head_tc, "return", "Sửa lại")
    dossier = act(dossier, "rework", office.ann, "resubmit", answers={"subject": "Mới", "amount": 5})
    entries = RegisterEntry.objects.filter(register="QD")
    assert entries.filter(voided_at__isnull=True).count() == 2
    assert entries.count() == (4 if again else 2)
    assert (dossier.answers["symbol"] == before) is not again
    assert dossier.answers["symbol"].count("Phòng") == 2


def test_inside_two_blocks_the_number_names_both(office):
    inner = each_of(number(), of={"people": ["vp1"]}, id="people", if_lost="continue")
    dossier = open_for(office, office.publish(definition(each_of(inner), approve("last", HEAD))))
    # Branches that begin at once take their numbers in no order that viewflow promises.
    names, numbers = zip(*(one.split(": ") for one in dossier.answers["symbol"].split("; ")), strict=True)
    assert set(names) == {f"Phòng {code} – {office.vp1}" for code in ("TC", "KT")}
    assert sorted(number[:3] for number in numbers) == ["01/", "02/"]


def test_a_number_pattern_is_checked(office):
    assert "flows.E108" in codes(number(pattern="{other}"), approve("last", HEAD))
