"""A definition is written as BPMN 2.0: valid by the schema of the standard, readable for another tool, drawn tidily."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator

from plugins.api.api import read_yaml
from tests.factories.flows import approve, definition, make_office, opinions, review, signature_flow
from tests.workflows.engine.pictures import is_tidy
from tests.workflows.engine.test_any_flow import Maker
from workflows.definitions.api import Definition
from workflows.designer.bpmn import DI, MODEL, to_bpmn
from workflows.designer.bpmn_nodes import model_of
from workflows.engine.api import lay_out

pytestmark = pytest.mark.django_db

PROFILES = sorted(Path(__file__).parents[3].glob("**/dossier_types/*.yaml"))
NS = {
    "b": MODEL,
    "di": DI,
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "w": "http://www.omg.org/spec/DD/20100524/DI",
}
VALIDATOR = BpmnValidator()


def written(raw: dict[str, Any]) -> Any:
    """Return the tree of a definition, checked against the schema and against itself."""
    tree = etree.parse(BytesIO(to_bpmn(Definition.parse(raw))))
    VALIDATOR.validate(tree)
    is_whole(tree)
    return tree


def is_whole(tree: Any) -> None:
    """Check that every element has a place, and every flow begins and ends where it says, inside one process."""
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    drawn = set(tree.xpath("//@bpmnElement"))
    nodes = {node.get("id"): node for node in tree.xpath("//b:process//*[@id]", namespaces=NS)}
    assert drawn == set(nodes) | {tree.xpath("string(//b:process/@id)", namespaces=NS)}
    for flow in tree.xpath("//b:sequenceFlow", namespaces=NS):
        source, target = nodes[flow.get("sourceRef")], nodes[flow.get("targetRef")]
        assert source.getparent() is flow.getparent() is target.getparent()
        assert flow.get("id") in source.xpath("b:outgoing/text()", namespaces=NS)
        assert flow.get("id") in target.xpath("b:incoming/text()", namespaces=NS)
        points = tree.xpath("//di:BPMNEdge[@bpmnElement=$id]/w:waypoint", id=flow.get("id"), namespaces=NS)
        assert touches(points[0], bounds(tree, flow.get("sourceRef")), bottom=True)
        assert touches(points[-1], bounds(tree, flow.get("targetRef")), bottom=False)


def bounds(tree: Any, element: str) -> list[float]:
    [found] = tree.xpath("//di:BPMNShape[@bpmnElement=$id]/dc:Bounds", id=element, namespaces=NS)
    return [float(found.get(name)) for name in ("x", "y", "width", "height")]


def touches(point: Any, box: list[float], *, bottom: bool) -> bool:
    x, y, width, height = box
    edge = y + height if bottom else y
    return abs(float(point.get("x")) - x - width / 2) < 0.01 and abs(float(point.get("y")) - edge) < 0.01


def count(tree: Any, tag: str) -> int:
    return len(tree.xpath(f"//b:{tag}", namespaces=NS))


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_every_type_of_the_profiles_is_valid(path):
    written(read_yaml(path).data)


@settings(
    max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
@given(chance=st.randoms(use_true_random=False))
def test_every_flow_is_valid_and_tidy(chance):
    raw = Maker(chance).definition()
    written(raw)
    is_tidy(lay_out(model_of(Definition.parse(raw)).pieces))


def test_steps_become_tasks_and_blocks_gateways():
    make_office()
    tree = written(signature_flow())
    assert count(tree, "userTask") == 5
    assert count(tree, "sendTask") == 1
    assert count(tree, "parallelGateway") == 1
    assert count(tree, "complexGateway") == 1  # two of three are enough
    assert count(tree, "exclusiveGateway") == 2
    [condition] = tree.xpath("//b:conditionExpression/text()", namespaces=NS)
    assert condition == "amount > 50000000"
    [gateway] = tree.xpath("//b:exclusiveGateway[@default]", namespaces=NS)
    [default] = tree.xpath("//b:sequenceFlow[@id=$id]", id=gateway.get("default"), namespaces=NS)
    assert default.xpath("b:conditionExpression", namespaces=NS) == []
    owners = tree.xpath("//b:potentialOwner//b:formalExpression/text()", namespaces=NS)
    assert any("Phòng TC" in owner for owner in owners)


def test_all_must_agree_is_a_parallel_join():
    assert count(written(definition(opinions(rule="all"))), "parallelGateway") == 2


def test_each_is_a_sub_process_with_instances():
    each = {
        "id": "u", "kind": "each", "title": "Đơn vị", "order": "sequence", "of": {"departments": ["TC"]},
        "branches": [{"steps": [review("op", "TC"), approve("b", {"item": "head"})]}],
    }  # fmt: skip
    tree = written(definition(each))
    [loop] = tree.xpath("//b:subProcess/b:multiInstanceLoopCharacteristics", namespaces=NS)
    assert loop.get("isSequential") == "true"
    assert len(tree.xpath("//b:subProcess/b:userTask", namespaces=NS)) == 2


def test_waits_are_events_and_other_kinds_have_their_elements():
    raw = definition(
        approve("a", {"head_of": "TC"}, branches=[{"code": "later", "label": "Để lại", "steps": [review("r", "TC")]}]),
        {"id": "w", "kind": "wait", "title": "Chờ", "days": 1.5},
        {
            "id": "v", "kind": "wait", "title": "Chờ nữa", "when": "amount > 5", "at_most": 3,
            "branches": [{"steps": [review("q", "TC")]}],
        },
        {"id": "n", "kind": "number", "title": "Số", "register": "QD", "pattern": "{number}"}
        | {"key": "so", "label": "Số"},
        {"id": "s", "kind": "sub_dossier", "title": "Con", "type": "ke-hoach", "of": {"departments": ["TC"]}},
        {"id": "h", "kind": "webhook", "title": "Gọi", "target": "erp"},
    )  # fmt: skip
    tree = written(raw)
    assert count(tree, "intermediateCatchEvent") == 3
    assert tree.xpath("//b:timeDuration/text()", namespaces=NS) == ["P1.5D", "P3D"]
    assert tree.xpath("//b:condition/text()", namespaces=NS) == ["amount > 5"]
    assert count(tree, "eventBasedGateway") == 1
    assert count(tree, "serviceTask") == 2
    [call] = tree.xpath("//b:callActivity", namespaces=NS)
    assert call.get("calledElement") == "ke-hoach"


def test_what_an_administrator_types_is_text_in_the_file():
    raw = definition(
        approve("a", {"head_of": "TC"}) | {"title": '<x attr="1">&amp;</x>', "help": "]]> --> &"}
    )
    tree = written(raw)
    assert tree.xpath("string(//b:userTask/@name)", namespaces=NS) == '<x attr="1">&amp;</x>'


def test_another_tool_reads_the_process():
    """The parser of an engine for BPMN follows all flows from the start to the end."""
    raw = definition(
        opinions(rule="all"),
        {
            "id": "big", "kind": "choice", "title": "Lớn?",
            "branches": [
                {"when": "amount > 5", "steps": [approve("f", {"head_of": "TC"})]},
                {"otherwise": True, "steps": []},
            ],
        },
        approve("sign", {"head_of": "LD"}),
    )  # fmt: skip
    parser = BpmnParser(validator=VALIDATOR)
    root = etree.fromstring(to_bpmn(Definition.parse(raw)))
    # An engine reads only what is meant for one; ours says that it is a picture.
    root.find(f"{{{MODEL}}}process").set("isExecutable", "true")
    parser.add_bpmn_xml(root)
    spec = parser.get_spec("process_trinh_ky")
    assert {"step_op_tc", "step_op_kt", "step_op_dt", "step_f", "step_sign", "done"} <= set(spec.task_specs)
    assert [after.name for after in spec.task_specs["step_sign"].outputs] == ["done"]
