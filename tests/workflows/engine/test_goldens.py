"""Node names are stored with every open task: a change that renames one strands dossiers, so they are pinned here."""

from __future__ import annotations

from tests.factories.flows import approve, definition, opinions, review, signature_flow
from workflows.definitions.api import Definition
from workflows.engine.compiler import compile_definition

CHAIR = {"position": "chair", "department": "LD"}
ALWAYS = {"n_start_", "n_done_", "n_rejected_", "n_rework_", "n_supplement_"}


def nodes_of(raw):
    """Return the names of all nodes and where each leads, as text."""
    flow = compile_definition(Definition.parse(raw), "Golden")
    return {node.name: sorted({edge.dst.name for edge in node._outgoing()}) for node in flow.instance.nodes()}


def test_the_signature_flow():
    assert nodes_of(signature_flow()) == {
        "n_start_": ["n_opinions_"],
        "n_opinions_": ["n_op_dt_", "n_op_kt_", "n_op_tc_"],
        "n_op_tc_": ["n_opinions__join_"],
        "n_op_kt_": ["n_opinions__join_"],
        "n_op_dt_": ["n_opinions__join_"],
        "n_opinions__join_": ["n_opinions__route_"],
        "n_opinions__route_": ["n_big_", "n_rework_"],
        "n_big_": ["n_finance_", "n_sign_"],
        "n_finance_": ["n_rejected_", "n_rework_", "n_sign_"],
        "n_sign_": ["n_rejected_", "n_rework_", "n_tell_"],
        "n_tell_": ["n_done_"],
        "n_rework_": ["n_opinions_"],
        "n_supplement_": [],
        "n_done_": [],
        "n_rejected_": [],
    }


def test_blocks_in_blocks_and_own_outcomes():
    inner = opinions(id="inner", if_lost="continue", branches=[{"steps": [review(n, "TC")]} for n in "ab"])
    each = {
        "id": "units",
        "kind": "each",
        "title": "Đơn vị",
        "of": {"departments": ["TC", "KT"]},
        "if_lost": "reject",
        "branches": [{"steps": [inner]}],
    }
    later = {"code": "later", "label": "Để lại", "steps": [review("talk", "KT")]}
    raw = definition(each, approve("sign", CHAIR, branches=[later]))
    assert set(nodes_of(raw)) == ALWAYS | {
        "n_units_",
        "n_units__join_",
        "n_units__route_",
        "n_inner_",
        "n_inner__join_",
        "n_a_",
        "n_b_",
        "n_sign_",
        "n_talk_",
    }
    assert nodes_of(raw)["n_sign_"] == ["n_done_", "n_rejected_", "n_rework_", "n_talk_"]
