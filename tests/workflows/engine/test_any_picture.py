"""Whatever can be defined is drawn without overlaps: Hypothesis draws the definitions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workflows.engine.pictures import is_tidy
from tests.workflows.engine.test_any_flow import Maker
from workflows.definitions.api import Definition
from workflows.engine.api import draw_definition
from workflows.steps.api import steps, walk

pytestmark = pytest.mark.django_db

TITLES = (
    "Ký",
    "Thẩm định hồ sơ đề nghị tặng thưởng Bằng khen của Chủ tịch Ủy ban nhân dân Thành phố",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "Phê duyệt\n{{ 7|add:7 }} <b>&amp;",
    "Nghiêng ngả nghiêng ngả",
    "漢字かな交じり文",
)


def titled(raw: Any, chance: Any) -> Any:
    """Give steps and branches titles of all lengths."""
    if isinstance(raw, list):
        return [titled(value, chance) for value in raw]
    if not isinstance(raw, dict):
        return raw
    found = {key: titled(value, chance) for key, value in raw.items()}
    if ("kind" in found and "id" in found) or ("steps" in found and chance.random() < 0.5):
        found["title"] = chance.choice(TITLES)
    return found


@settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
@given(chance=st.randoms(use_true_random=False))
def test_nothing_overlaps_in_any_picture(chance):
    maker = Maker(chance)
    raw = maker.definition()
    raw["flow"]["steps"] = titled(raw["flow"]["steps"], chance)
    definition = Definition.parse(raw)
    drawing = draw_definition(definition)
    is_tidy(drawing.layout)
    cells = [box for box in drawing.layout.of("cell") if box.key.endswith("]")]
    specs = list(walk(definition.flow.steps))
    assert {box.key for box in cells} == {place for _spec, place, _depth in specs}
    # Everything is said: each step has a line of its own, and so has each branch.
    branches = sum(len(steps.get(spec.kind).branches(spec)) for spec, _place, _depth in specs)
    assert len(drawing.lines) == len(specs) + branches
