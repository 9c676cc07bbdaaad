"""A definition that is wrong names the place, what is wrong and what would be right."""

from __future__ import annotations

import pytest

from home.forms.api import SchemaError
from tests.factories.flows import approve, definition, opinions, review, signature_flow
from workflows.definitions.api import Definition

CHAIR = {"position": "chair", "department": "LD"}


def problems(raw):
    with pytest.raises(SchemaError) as caught:
        Definition.parse(raw)
    return {problem.place: problem for problem in caught.value.problems}


def test_the_signature_flow_is_read_and_written_the_same():
    first = Definition.parse(signature_flow())
    again = Definition.parse(first.canonical())
    assert again.canonical() == first.canonical()
    assert again.digest() == first.digest()


def test_the_digest_changes_with_any_step():
    changed = signature_flow()
    changed["flow"]["steps"][0]["branches"][1]["steps"][0]["title"] = "Khác"
    assert Definition.parse(changed).digest() != Definition.parse(signature_flow()).digest()


def test_an_unknown_key_names_place_and_known_keys():
    found = problems(definition(approve("sign", CHAIR)) | {"registre": {}})
    assert "register" in found["registre"].known


def test_an_unknown_key_deep_in_a_branch_is_found():
    raw = definition(opinions())
    raw["flow"]["steps"][0]["branches"][2]["steps"][0]["fallbak"] = {}
    found = problems(raw)
    problem = found["flow.steps[0].branches[2].steps[0].fallbak"]
    assert {"who", "fallback", "title"} <= set(problem.known)


def test_an_unknown_kind_names_the_kinds():
    found = problems(definition({"id": "x", "kind": "aprove", "title": "x"}))
    assert "approve" in found["flow.steps[0].kind"].known
    assert "rework" not in found["flow.steps[0].kind"].known


def test_a_fallback_is_mandatory():
    step = approve("sign", CHAIR)
    del step["fallback"]
    assert "flow.steps[0].fallback" in problems(definition(step))


@pytest.mark.parametrize(
    "who",
    [{}, {"head": "VP"}, {"submitter": True, "user": "a"}, {"submitter": False}, {"pool": {}}, "chair", None],
)
def test_a_rule_must_be_one_of_the_known(who):
    assert any(place.startswith("flow.steps[0].who") for place in problems(definition(approve("sign", who))))


@pytest.mark.parametrize("step_id", ["Sign", "1st", "a__b", "sign_", "_sign", "a-b", "", "a" * 41, "đề_án"])
def test_ids_are_safe_names(step_id):
    assert "flow.steps[0].id" in problems(definition(approve(step_id, CHAIR)))


def test_a_branch_needs_a_condition_or_otherwise():
    step = {
        "id": "big",
        "kind": "choice",
        "title": "?",
        "branches": [{"steps": []}, {"otherwise": True, "when": "true", "steps": []}],
    }
    found = problems(definition(step, approve("sign", CHAIR)))
    assert {"flow.steps[0].branches[0].when", "flow.steps[0].branches[1].when"} <= set(found)


@pytest.mark.parametrize(
    "raw", [None, [], "x", 5, {}, {"flow": {"steps": "x"}}, {"flow": {"steps": [None, 5, "x"]}}]
)
def test_what_is_no_definition_at_all_is_refused_without_a_crash(raw):
    assert problems(raw)


def test_every_problem_is_reported_at_once():
    raw = definition(approve("Bad", {}), review("op", "TC"))
    raw["form"]["sections"][0]["fields"][0]["kind"] = "txt"
    del raw["register"]["code"]
    assert len(problems(raw)) >= 4
