"""Checks of the ways through a flow, of who is there today, and of what may not have happened yet."""

from __future__ import annotations

import pytest

from tests.counting import statements
from tests.factories.flows import CHIEF, approve, definition, opinions, review, signature_flow
from workflows.definitions.api import Definition, PublishError, check, lint, publish

CHAIR = {"position": "chair", "department": "LD"}
TC = {"pool": {"department": "TC"}}


def found(raw, code):
    """Return the findings with a code."""
    return [finding for finding in lint(Definition.parse(raw)) if finding.code == code]


def choice(*whens, steps=(), **options):
    """Return a condition whose first branch has steps."""
    branches = [{"when": when, "steps": list(steps) if n == 0 else []} for n, when in enumerate(whens)]
    return {
        "id": "c",
        "kind": "choice",
        "title": "?",
        "branches": [*branches, {"otherwise": True}],
    } | options


def entry(step_id="council", key="votes", **options):
    """Return a step that asks for a number."""
    return {
        "id": step_id,
        "kind": "data_entry",
        "title": "Kết quả họp",
        "who": CHAIR,
        "fallback": CHIEF,
        "fields": [{"key": key, "kind": "number", "label": "Số phiếu", "required": True, "places": 0}],
    } | options


def each(rule, of):
    """Return a block for a list."""
    step = review("op", "TC") | {"who": {"item": "head"}, "fallback": {"item": "anyone"}}
    return {
        "id": "units",
        "kind": "each",
        "title": "x",
        "of": of,
        "rule": rule,
        "branches": [{"steps": [step]}],
    }


def late_return(to):
    """Return a decision that goes back by itself to a step when it is late."""
    return approve(
        "sign",
        CHAIR,
        days=1,
        return_to=[to],
        late=[{"days": 1, "do": "outcome", "outcome": "return", "note": "Quá hạn"}],
    )


def wait(when="amount > 5", **options):
    return {"id": "w", "kind": "wait", "title": "Chờ", "when": when} | options


def nested(depth):
    """Return conditions inside each other."""
    inner = [approve("a", CHAIR)]
    for number in range(depth):
        inner = [choice("amount > 5", steps=inner, id=f"c{number}")]
    return inner


FAULTY = {
    "flows.E150": (definition(approve("no", CHAIR, outcomes=["reject"]), approve("sign", CHAIR)), "sign"),
    "flows.W150": (definition(choice("amount > 5", "amount > 7"), approve("sign", CHAIR)), "c"),
    "flows.E151": (definition(approve("sign", CHAIR, outcomes=["return", "reject"])), "sign"),
    "flows.W151": (definition(wait(), approve("sign", CHAIR)), "w"),
    "flows.E152": (definition(choice("votes > 3"), entry(), approve("sign", CHAIR)), "c"),
    "flows.W153": (definition(approve("sign", {"deputy_of": "TC"})), "sign"),
    "flows.W154": (definition(approve("sign", CHAIR, fallback={"submitter": True})), "sign"),
    "flows.E155": (definition(each({"quorum": 3}, {"departments": ["TC", "KT"]})), "units"),
    "flows.W155": (definition(each({"quorum": 2}, {"people": ["tc1", "gone"]})), "units"),
    "flows.W156": (
        definition(
            choice("amount > 5", steps=[approve("big", CHAIR)]), approve("sign", CHAIR, return_to=["big"])
        ),
        "sign",
    ),
    "flows.W157": (
        definition(
            choice("amount > 5", steps=[approve("big", CHAIR)]),
            approve("sign", {"done_by": "big"}),
        ),
        "sign",
    ),
    "flows.E158": (
        definition(choice("amount > 5", steps=[approve("big", CHAIR)]), late_return("big")),
        "sign",
    ),
    "flows.W159": (definition(approve("a", CHAIR, days=3), approve("b", CHAIR, days=3), days=5), ""),
    "flows.W160": (definition(*nested(8)), "c0"),
}

SOUND = {
    "flows.E150": definition(approve("a", CHAIR), approve("sign", CHAIR)),
    "flows.W150": definition(choice("amount > 7", "amount > 5"), approve("sign", CHAIR)),
    "flows.E151": definition(
        approve(
            "sign", CHAIR, outcomes=["reject"], branches=[{"code": "on", "label": "Đi tiếp", "steps": []}]
        )
    ),
    "flows.W151": definition(wait(at_most=5), approve("sign", CHAIR)),
    "flows.E152": definition(entry(), choice("votes > 3"), approve("sign", CHAIR)),
    "flows.W153": definition(approve("sign", TC, fallback={"head_of": "submitter"})),
    "flows.W154": definition(approve("sign", CHAIR, fallback={"submitter": True}, own_dossier=True)),
    "flows.E155": definition(each({"quorum": 2}, {"departments": ["TC", "KT"]})),
    "flows.W155": definition(each({"quorum": 2}, {"answers": ["units"]})),
    "flows.W156": definition(approve("big", CHAIR), approve("sign", CHAIR, return_to=["big"])),
    "flows.W157": definition(approve("big", CHAIR), approve("sign", {"done_by": "big"})),
    "flows.E158": definition(approve("big", CHAIR), late_return("big")),
    "flows.W159": definition(approve("a", CHAIR, days=3), approve("b", CHAIR, days=2), days=5),
    "flows.W160": definition(*nested(6)),
}


@pytest.fixture
def gone(office):
    office.people["gone"] = office.tc2
    office.tc2.username, office.tc2.is_active = "gone", False
    office.tc2.save()


@pytest.mark.parametrize("code", FAULTY)
def test_each_fault_has_its_code_and_names_its_step(office, gone, code):
    raw, step = FAULTY[code]
    findings = found(raw, code)
    assert [finding.step for finding in findings] == [step]
    assert findings[0].level == ("error" if code[6] == "E" else "warning")
    assert findings[0].place


@pytest.mark.parametrize("code", SOUND)
def test_what_is_sound_is_not_blamed(office, gone, code):
    assert found(SOUND[code], code) == []


def test_errors_refuse_publication(office):
    with pytest.raises(PublishError):
        publish(Definition.parse(FAULTY["flows.E152"][0]))


def test_the_question_of_a_branch_may_not_have_been_asked(office):
    inside = definition(
        choice("amount > 5", steps=[entry()], id="first"), choice("votes > 3"), approve("sign", CHAIR)
    )
    assert [finding.step for finding in found(inside, "flows.E152")] == ["c"]
    calculated = definition(
        {"id": "s", "kind": "set_value", "title": "x", "values": [{"key": "amount", "to": "votes * 2"}]},
        entry(),
    )
    assert [finding.step for finding in found(calculated, "flows.E152")] == ["s"]


@pytest.mark.parametrize(
    ("rule", "if_lost", "sound"),
    [("all", "return", True), ("any", "return", False), ("all", "continue", False)],
)
def test_a_block_that_hears_everybody_has_asked(office, rule, if_lost, sound):
    block = opinions(
        rule=rule,
        if_lost=if_lost,
        branches=[{"steps": [entry(), review("a", "TC")]}, {"steps": [review("b", "KT")]}],
    )
    raw = definition(block, choice("votes > 3"), approve("sign", CHAIR))
    assert (found(raw, "flows.E152") == []) is sound


def test_steps_behind_a_block_that_cannot_be_won_are_out_of_reach(office):
    stuck = opinions(
        rule="all",
        branches=[
            {"steps": [approve("no", CHAIR, outcomes=["reject"])]},
            {"steps": [review("b", "KT")]},
        ],
    )
    assert [f.step for f in found(definition(stuck, approve("sign", CHAIR)), "flows.E150")] == ["sign"]


def test_branches_beyond_the_bounds_of_a_question_are_doubted(office):
    raw = definition(choice("amount > 50"), approve("sign", CHAIR))
    raw["form"]["sections"][0]["fields"][1]["max"] = 40
    assert [f.place for f in found(raw, "flows.W150")] == ["flow.steps[0].branches[0]"]
    raw = definition(choice('kind == "b"', 'kind == "c"', 'kind == "a"'), approve("sign", CHAIR))
    raw["form"]["sections"][0]["fields"].append(
        {
            "key": "kind",
            "kind": "choice",
            "label": "Loại",
            "required": True,
            "choices": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}],
        }
    )
    places = [f.place for f in found(raw, "flows.W150")]
    assert places == ["flow.steps[0].branches[1]", "flow.steps[0].branches[3]"]


def test_what_would_take_too_long_to_find_out_is_not_doubted(office):
    keys = [f"n{number}" for number in range(6)]
    raw = definition(choice(" && ".join(f"{key} == 7" for key in keys)), approve("sign", CHAIR))
    raw["form"]["sections"][0]["fields"] += [
        {"key": key, "kind": "number", "label": key, "required": True} for key in keys
    ]
    assert found(raw, "flows.W150") == []


def test_days_around_those_of_a_condition_are_tried(office):
    raw = definition(
        choice('from_on > timestamp("2027-01-01T00:00:00Z")', 'from_on < timestamp("2020-01-01T00:00:00Z")'),
        approve("sign", CHAIR),
    )
    raw["form"]["sections"][0]["fields"].append(
        {"key": "from_on", "kind": "date", "label": "Ngày", "required": True}
    )
    assert found(raw, "flows.W150") == []


def test_a_wait_that_a_sibling_ends_is_sound(office):
    block = opinions(
        branches=[{"steps": [wait("votes > 3", id="w")]}, {"steps": [entry(), review("b", "KT")]}]
    )
    assert found(definition(block), "flows.W151") == []


GONE = {
    "subject": (definition(approve("sign", CHAIR), subject="gone"), "flows.E051"),
    "condition": (definition(choice("gone > 5"), approve("sign", CHAIR)), "flows.E031"),
    "table": (
        definition(
            {
                "id": "t",
                "kind": "choice",
                "title": "?",
                "branches": [{"title": "A"}, {"title": "B"}],
                "table": {"inputs": ["gone"], "rows": [{"when": ["x"], "go": "A"}], "otherwise": "B"},
            },
            approve("sign", CHAIR),
        ),
        "flows.E031",
    ),
    "who": (definition(approve("sign", {"answer": "gone"})), "flows.E071"),
    "fallback": (definition(approve("sign", CHAIR, fallback={"head_of_answer": "gone"})), "flows.E071"),
    "list": (definition(each("all", {"answers": ["gone"]})), "flows.E010"),
    "notify": (
        definition(
            approve("sign", CHAIR), {"id": "n", "kind": "notify", "title": "x", "to": [{"answer": "gone"}]}
        ),
        "flows.E071",
    ),
    "set": (
        definition(
            approve("sign", CHAIR),
            {"id": "s", "kind": "set_value", "title": "x", "values": [{"key": "gone", "to": "1"}]},
        ),
        "flows.E106",
    ),
    "calculation": (
        definition(
            approve("sign", CHAIR),
            {"id": "s", "kind": "set_value", "title": "x", "values": [{"key": "amount", "to": "gone"}]},
        ),
        "flows.E107",
    ),
    "again": (definition(entry(ask_again=["gone"])), "flows.E100"),
    "until": (
        definition(approve("sign", CHAIR), {"id": "w", "kind": "wait", "title": "x", "until": "gone"}),
        "flows.E081",
    ),
    "when": (definition(approve("sign", CHAIR), wait("gone")), "flows.E082"),
    "webhook": (
        definition(
            approve("sign", CHAIR),
            {"id": "h", "kind": "webhook", "title": "x", "target": "erp", "answers": ["gone"]},
        ),
        "flows.E131",
    ),
}


@pytest.mark.parametrize("use", GONE)
def test_a_removed_question_is_found_wherever_it_is_used(office, use):
    raw, code = GONE[use]
    assert len(found(raw, code)) == 1


def test_a_sound_flow_still_has_nothing_to_say(office):
    assert check(Definition.parse(signature_flow())) == []


def test_a_rule_that_occurs_often_is_asked_once(office):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from workflows.definitions.people_checks import Posts
    from workflows.steps.api import LintScope

    raw = definition(*(approve(f"s{n}", CHAIR) for n in range(20)))
    made = Definition.parse(raw)
    scope = LintScope(made.questions, "flow", steps=made.steps_by_id)
    posts = Posts()
    first, *others = made.human_steps()
    list(posts.vacancies(first, scope))
    with CaptureQueriesContext(connection) as capture:
        for spec in others:
            list(posts.vacancies(spec, scope))
    places = [sql for sql in statements(capture) if "people_membership" in sql]
    assert places == []
