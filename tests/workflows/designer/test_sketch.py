"""A draft is drawn as far as it goes, whatever is missing or wrong in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.flows import approve, definition, make_office, signature_flow
from tests.workflows.engine.pictures import is_tidy
from tests.workflows.engine.test_any_flow import Maker
from workflows.definitions.api import Definition
from workflows.designer.preview import page
from workflows.designer.reading import draft_from
from workflows.designer.sketch import sketch
from workflows.engine.api import draw_parts

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_office()


def parts_of(found: Any) -> list[Any]:
    parts = list(found)
    for part in parts:
        parts += [inner for way in part.ways for inner in way.parts]
    return parts


def test_a_sound_draft_is_drawn_as_it_will_run(office):
    found = sketch(signature_flow())
    assert found.problems == ()
    assert found.definition == Definition.parse(signature_flow())
    assert not any(part.faulty for part in parts_of(found.parts))


def test_a_step_that_lacks_something_stands_in_its_place(office):
    raw = signature_flow()
    del raw["flow"]["steps"][1]["branches"][0]["steps"][0]["who"]
    found = sketch(raw)
    assert found.definition is None
    assert [part.id for part in parts_of(found.parts) if part.faulty] == ["finance"]
    # The condition around it is read all the same, and the rest keeps its words.
    [choice] = [part for part in found.parts if part.id == "big"]
    assert choice.shape == "choice"
    assert choice.ways[0].label == "Số tiền > 50.000.000"
    assert [problem.place for problem in found.problems] == ["flow.steps[1].branches[0].steps[0].who"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"flow": None},
        {"flow": {"steps": []}},
        {"flow": {"steps": [None, 5, "x", {}, {"kind": "nonsense"}, {"kind": "parallel"}]}},
        {"flow": {"steps": [{"kind": "approve", "branches": [None, {"steps": [{}]}]}]}},
        {"flow": {"steps": [{"kind": "choice", "branches": "x", "title": {"vi": "Nếu"}}]}},
    ],
)
def test_next_to_nothing_is_drawn_too(office, data):
    found = sketch(data)
    assert found.definition is None
    assert found.problems
    is_tidy(draw_parts(found.parts, "x").layout)


def spoiled(data: Any, chance: Any) -> Any:
    """Return data in which keys are missing and values are of a wrong kind."""
    if isinstance(data, list):
        return [spoiled(one, chance) for one in data if chance.random() > 0.05]
    if not isinstance(data, dict):
        return data
    found = {}
    for key, value in data.items():
        luck = chance.random()
        if luck < 0.06:
            continue
        found[key] = (
            chance.choice([None, "", 7, [], {}, "lạ", ["x"]]) if luck < 0.1 else spoiled(value, chance)
        )
    return found


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
@given(chance=st.randoms(use_true_random=False))
def test_no_draft_is_too_broken_to_be_drawn(chance):
    raw = Maker(chance).definition()
    raw = raw | {"flow": spoiled(raw["flow"], chance), "form": spoiled(raw["form"], chance)}
    found = sketch(raw)
    is_tidy(draw_parts(found.parts, "x").layout)
    flow = raw["flow"].get("steps")
    assert len(found.parts) == (len(flow) if isinstance(flow, list) else 0)
    assert (found.definition is None) == bool(found.problems)


def shown(draft: Any) -> str:
    return page(draft, RequestFactory().get("/")).render().content.decode()


def test_the_page_names_findings_and_leads_to_their_blocks(office):
    raw = definition(approve("sign", {"head_of": "XX"}), approve("last", {"head_of": "TC"}))
    draft = draft_from(Definition.parse(raw))
    block = draft.flow[0].id
    html = shown(draft)
    assert "flows.E010" in html
    assert f'data-block="{block}"' in html
    assert "⚠ 1" in html
    assert "Duyệt sign" in html


def test_the_page_of_a_sound_draft_says_so(office):
    html = shown(draft_from(Definition.parse(signature_flow())))
    assert "Có thể ban hành" in html
    assert "remark" not in html.split("<main>")[1].split("preview-diagram")[0].replace("remarks", "")


def test_a_new_empty_draft_has_a_page(office):
    from workflows.designer.models import FlowDraft

    html = shown(FlowDraft())
    assert "flow-diagram" in html
    assert "flows.E001" in html


def test_the_page_may_stand_in_the_frame_of_the_editor_only(office):
    response = page(draft_from(Definition.parse(signature_flow())), RequestFactory().get("/"))
    assert response._csp_config["frame-ancestors"] == ["'self'"]
    assert response._csp_config["default-src"] == ["'self'"]


@pytest.mark.parametrize("number", [1, 30])
def test_drawing_costs_two_queries_for_one_step_and_for_many(office, django_assert_num_queries, number):
    raw = definition(*(approve(f"s{n}", {"head_of": "TC"}) for n in range(number)))
    with django_assert_num_queries(2):  # names of departments and positions
        draw_parts(sketch(raw).parts, "x")
