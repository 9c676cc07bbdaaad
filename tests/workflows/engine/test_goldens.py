"""Node names are stored with every open task: a change that renames one strands dossiers, so they are pinned here."""

from __future__ import annotations

from tests.factories.flows import approve, definition, opinions, review, signature_flow
from workflows.definitions.api import Definition
from workflows.engine.compiler import compile_definition
from workflows.steps.api import offered

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


def human(kind, step_id, **options):
    return {"id": step_id, "kind": kind, "title": step_id, "who": CHAIR, "fallback": CHAIR} | options


def every_kind():
    """Return a definition with each kind that is offered, in the order of the words below."""
    wait = {"id": "contract", "kind": "wait", "title": "c", "when": "amount > 1", "at_most": 5}
    tell = {"kind": "notify", "title": "t", "to": [CHAIR], "message": "m"}
    field = {"key": "fee", "kind": "money", "label": "f"}
    branches = [{"when": "amount > 5", "steps": [human("review", "opinion")]}, {"otherwise": True}]
    both = [{"steps": [human("review", "one")]}, {"steps": [human("review", "two")]}]
    return definition(
        human("data_entry", "entry", fields=[{"key": "seat", "kind": "text", "label": "s"}]),
        human("acknowledge", "seen"),
        human("assign", "note"),
        human(
            "sign",
            "signature",
            branches=[{"code": "later", "label": "l", "steps": [human("review", "talk")]}],
        ),
        human("approve", "last"),
        {"id": "big", "kind": "choice", "title": "b", "branches": branches},
        {"id": "both", "kind": "parallel", "title": "b", "branches": both, "if_lost": "reject"},
        {
            "id": "units",
            "kind": "each",
            "title": "u",
            "of": {"departments": ["TC"]},
            "if_lost": "continue",
            "branches": [{"steps": [human("approve", "head")]}],
        },
        {"id": "fee", "kind": "set_value", "title": "f", "values": [{"field": field, "to": "amount / 10"}]},
        {
            "id": "issue",
            "kind": "number",
            "title": "i",
            "register": "QD",
            "pattern": "{number}",
            "key": "s",
            "label": "s",
        },
        {"id": "draft", "kind": "paper", "title": "d", "template": "to-trinh", "wait": True, "at_most": 2},
        {
            "id": "plans",
            "kind": "sub_dossier",
            "title": "p",
            "type": "ke-hoach",
            "of": {"departments": ["TC"]},
        },
        {"id": "call", "kind": "webhook", "title": "c", "target": "erp"},
        wait | {"branches": [{"steps": [tell | {"id": "late"}]}]},
        tell | {"id": "tell"},
    )


def test_every_kind_of_step():
    raw = every_kind()
    kinds = {spec.kind for spec in Definition.parse(raw).steps_by_id.values()}
    assert {kind.code for kind in offered()} <= kinds, "a new kind belongs into this golden"
    assert nodes_of(raw) == {
        "n_big_": ["n_both_", "n_opinion_"],
        "n_both_": ["n_one_", "n_two_"],
        "n_both__join_": ["n_both__route_"],
        "n_both__route_": ["n_rejected_", "n_units_"],
        "n_call_": ["n_contract_"],
        "n_contract_": ["n_late_", "n_tell_"],
        "n_done_": [],
        "n_draft_": ["n_plans_"],
        "n_entry_": ["n_seen_"],
        "n_fee_": ["n_issue_"],
        "n_head_": ["n_units__join_"],
        "n_issue_": ["n_draft_"],
        "n_last_": ["n_big_", "n_rejected_", "n_rework_"],
        "n_late_": ["n_tell_"],
        "n_note_": ["n_signature_"],
        "n_one_": ["n_both__join_"],
        "n_opinion_": ["n_both_"],
        "n_plans_": ["n_call_"],
        "n_rejected_": [],
        "n_rework_": ["n_entry_"],
        "n_seen_": ["n_note_"],
        "n_signature_": ["n_last_", "n_rejected_", "n_rework_", "n_talk_"],
        "n_start_": ["n_entry_"],
        "n_supplement_": [],
        "n_talk_": ["n_last_"],
        "n_tell_": ["n_done_"],
        "n_two_": ["n_both__join_"],
        "n_units_": ["n_head_"],
        "n_units__join_": ["n_fee_"],
    }
