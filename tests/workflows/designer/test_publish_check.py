"""The publish check: each fault that the office fears has a code, names its step, and leads to it in the editor."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.template.loader import render_to_string

from home.forms.api import SchemaError
from tests.factories.flows import approve, definition, opinions
from tests.workflows.definitions.test_ways import CHAIR, FAULTY, choice, nested
from workflows.definitions.api import Definition
from workflows.designer.marks import marks_of
from workflows.designer.models import FlowDraft
from workflows.designer.publishing import findings_of
from workflows.designer.reading import data_of, draft_from

pytestmark = pytest.mark.django_db


def optional_amount(raw: dict[str, Any]) -> dict[str, Any]:
    changed = deepcopy(raw)
    changed["form"]["sections"][0]["fields"][1]["required"] = False
    return changed


def without_amount(raw: dict[str, Any]) -> dict[str, Any]:
    changed = deepcopy(raw)
    del changed["form"]["sections"][0]["fields"][1]
    return changed


def ask(*steps: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return definition(*steps, approve("sign", CHAIR), **changes)


#: What is wrong: (the definition, the code, the step that it is told at).
FEARED: dict[str, tuple[dict[str, Any], str, str]] = {
    "unreachable step": (*FAULTY["flows.E150"][:1], "flows.E150", "sign"),
    "dead end": (*FAULTY["flows.E151"][:1], "flows.E151", "sign"),
    "condition that can fail on an empty answer": (
        optional_amount(ask(choice("amount > 5"))),
        "flows.E031",
        "c",
    ),
    "vacant post": (*FAULTY["flows.W153"][:1], "flows.W153", "sign"),
    "return to a step that may not have run": (*FAULTY["flows.W156"][:1], "flows.W156", "sign"),
    "return to a step that comes later": (
        definition(approve("a", CHAIR, return_to=["sign"]), approve("sign", CHAIR)),
        "flows.E022",
        "a",
    ),
    "quorum larger than its branches": (ask(opinions(rule={"quorum": 9})), "flows.E040", "opinions"),
    "quorum larger than its list": (*FAULTY["flows.E155"][:1], "flows.E155", "units"),
    "deadline longer than the dossier's": (
        definition(approve("sign", CHAIR, days=9), days=5),
        "flows.W141",
        "sign",
    ),
    "removed field still used": (without_amount(ask(choice("amount > 5"))), "flows.E031", "c"),
}


def draft_of(raw: dict[str, Any]) -> FlowDraft:
    draft = draft_from(Definition.parse(raw))
    draft.save()
    return draft


@pytest.mark.parametrize("fault", FEARED)
def test_each_fault_leads_to_its_step(office, fault):
    raw, code, step = FEARED[fault]
    draft = draft_of(raw)
    block, title = next((one.id, one.value["title"]) for one in draft.flow if one.value["id"] == step)
    marks = [mark for mark in marks_of(draft, findings_of(draft)) if mark.finding.code == code]
    assert [(mark.finding.step, mark.at, mark.title) for mark in marks] == [(step, block, title)]
    assert marks[0].is_error is (code[6] == "E")
    page = render_to_string("designer/admin/findings.html", {"marks": marks})
    assert f'href="#block-{block}-section"' in page
    assert code in page and title in page


def test_a_missing_fallback_is_an_error_at_its_step(office):
    draft = draft_of(definition(approve("a", CHAIR), approve("sign", CHAIR)))
    raw = draft.flow.get_prep_value()
    raw[1]["value"]["fallback"] = []
    draft.flow = raw
    [mark] = marks_of(draft, findings_of(draft))
    assert (mark.finding.code, mark.at, mark.title) == ("flows.E001", raw[1]["id"], "Duyệt sign")


def test_what_is_nested_deeper_than_the_editor_shows_is_refused_and_never_cut_off(office):
    fits = Definition.parse(definition(*nested(4)))
    assert Definition.parse(data_of(draft_from(fits))) == fits
    with pytest.raises(SchemaError) as refused:
        draft_from(Definition.parse(definition(*nested(5))))
    [problem] = refused.value.problems
    assert problem.place.count("branches") == 4
    assert "sâu" in problem.message
