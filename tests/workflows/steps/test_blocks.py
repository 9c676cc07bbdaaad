"""A kind of step is edited without any code for the editor: its blocks follow from the types of its options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from pydantic import Field

from home.forms.api import Label, Strict, Text
from workflows.steps.api import Graph, Step, StepSpec, Who, steps
from workflows.steps.blocks import flow
from workflows.steps.blocks.inputs import OneOfBlock
from workflows.steps.blocks.parts import JsonPart


class Point(Strict):
    x: int
    y: float = 0.5


class OddSpec(StepSpec):
    """Options of every shape, none of them described."""

    kind: Literal["odd"] = "odd"
    words: Label
    flag: bool = False
    colour: Literal["red", "green"] = "red"
    colours: list[Literal["red", "green"]] = Field(default_factory=list)
    point: Point
    maybe: Point | None = None
    points: list[Point] = Field(default_factory=list)
    names: list[str] = Field(default_factory=list)
    labels: dict[Literal["a", "b"], Text] = Field(default_factory=dict)
    pairs: dict[str, str] = Field(default_factory=dict)
    who: Who | None = None
    either: Literal["all"] | Point = "all"
    strange: tuple[int, str] | None = None


class OddStep(Step[OddSpec]):
    code, title, Spec = "odd", "Odd", OddSpec

    def build(self, spec: OddSpec, graph: Graph, after: str) -> str:
        raise NotImplementedError


@pytest.fixture
def odd() -> Iterator[Any]:
    with steps.override(OddStep()):
        flow.reset()
        yield flow.steps_part()
    flow.reset()


GIVEN = [
    {"id": "s", "kind": "odd", "title": "T", "words": {"vi": "Chữ", "en": "Words"}, "point": {"x": 1}},
    {
        "id": "s",
        "kind": "odd",
        "title": {"en": "Only English"},
        "help": "Nhiều\ndòng",
        "words": "Chữ",
        "flag": True,
        "colour": "green",
        "colours": ["green", "red"],
        "point": {"x": 0, "y": 2.0},
        "maybe": {"x": 3, "y": 1.5},
        "points": [{"x": 1}, {"x": 2}],
        "names": ["b", "a"],
        "labels": {"b": "B"},
        "pairs": {"one": "1", "two": ""},
        "who": {"pool": {"department": "TC"}},
        "either": {"x": 4},
        "strange": [7, "bảy"],
    },
]


@pytest.mark.parametrize("given", GIVEN, ids=["least", "most"])
def test_options_of_every_shape_come_back(odd, given):
    spec = OddSpec.model_validate(given)
    data = spec.model_dump(mode="json", by_alias=True)
    [back] = odd.read(odd.block.to_python(odd.raw([data], {})), {})
    assert OddSpec.model_validate(back) == spec


def test_what_no_part_knows_is_edited_as_json(odd):
    assert isinstance(odd.kinds["odd"].parts["strange"], JsonPart)
    assert isinstance(odd.kinds["odd"].block.child_blocks["who"], OneOfBlock)


def test_blocks_nest_to_a_fixed_depth_and_each_kind_is_packed_once():
    part, levels = flow.steps_part(), 0
    leaves = set()
    while part is not None:
        levels += 1
        leaves.add(id(part.kinds["review"].block))
        branches = part.kinds["parallel"].parts.get("branches")
        part = branches.item.parts["steps"] if branches is not None else None
    assert levels == flow.LEVELS
    assert len(leaves) == 1
