"""What a decision would lead to is what it does lead to, and asking changes nothing."""

from __future__ import annotations

import pytest
from viewflow.workflow.models import Task

from tests.factories.flows import (
    act,
    approve,
    definition,
    open_for,
    opinions,
    review,
    signature_flow,
    task_of,
)
from workflows.engine.api import ahead_of, open_tasks, view_task


def ahead(dossier, step, by, outcome):
    view = view_task(task_of(dossier, step).pk, by)
    (chosen,) = [one for one in view.outcomes if one.code == outcome]
    return ahead_of(view.task, view.dossier, chosen, by)


def reached(found):
    return {(step.spec.id, getattr(step.assignment, "user", None)) for step in found.steps}


def now_at(dossier):
    return {(task.node.rsplit(".n_", 1)[1].rstrip("_"), task.owner) for task in open_tasks(dossier)}


STRAIGHT = [
    approve("first", {"head_of": "submitter"}),
    approve("second", {"position": "chair", "department": "LD"}),
]


@pytest.mark.parametrize(("outcome", "note"), [("approve", ""), ("return", "Sửa"), ("reject", "Không")])
def test_it_foresees_what_a_plain_decision_does(office, outcome, note):
    dossier = open_for(office, office.publish(definition(*STRAIGHT)))
    found = ahead(dossier, "first", office.head_dt, outcome)
    dossier = act(dossier, "first", office.head_dt, outcome, note)
    if outcome == "reject":
        assert (found.kind, found.state) == ("end", dossier.state)
        return
    assert found.kind == "step" and found.back == (outcome == "return")
    assert reached(found) == now_at(dossier)
    if outcome == "approve":
        (task,) = open_tasks(dossier)
        assert found.steps[0].due_at == task.scheduled


def test_the_last_approval_ends_the_dossier(office):
    dossier = open_for(office, office.publish(definition(*STRAIGHT)))
    act(dossier, "first", office.head_dt)
    found = ahead(dossier, "second", office.chair, "approve")
    assert (found.kind, found.state) == ("end", act(dossier, "second", office.chair).state)


def test_a_vote_waits_for_the_others_until_it_decides(office, version):
    dossier = open_for(office, version)
    found = ahead(dossier, "op_tc", office.tc1, "agree")
    assert (found.kind, found.needed, found.tally.agreed, found.tally.total) == ("votes", 2, 1, 3)
    act(dossier, "op_tc", office.tc1, "agree")
    found = ahead(dossier, "op_kt", office.kt1, "agree")
    assert found.kind == "step"
    assert reached(found) == now_at(act(dossier, "op_kt", office.kt1, "agree"))


def test_a_vote_that_loses_the_block_leads_back(office, version):
    dossier = open_for(office, version)
    act(dossier, "op_tc", office.tc1, "disagree", "Thiếu")
    found = ahead(dossier, "op_kt", office.kt1, "disagree")
    assert (found.kind, found.back) == ("step", True)
    assert reached(found) == now_at(act(dossier, "op_kt", office.kt1, "disagree", "Thiếu"))


def test_a_lost_block_that_rejects_ends_the_dossier(office):
    dossier = open_for(office, office.publish(definition(opinions(if_lost="reject", veto=True))))
    found = ahead(dossier, "op_tc", office.tc1, "disagree")
    assert (found.kind, found.state) == ("end", "rejected")


@pytest.mark.parametrize("amount", [10_000_000, 90_000_000])
def test_a_condition_is_decided_by_the_answers(office, version, amount):
    dossier = open_for(office, version, amount=amount)
    act(dossier, "op_tc", office.tc1, "agree")
    found = ahead(dossier, "op_kt", office.kt1, "agree")
    assert reached(found) == now_at(act(dossier, "op_kt", office.kt1, "agree"))


CHOICE = {
    "id": "big",
    "kind": "choice",
    "title": "Lớn?",
    "branches": [
        {"when": "amount > 50000000", "steps": [review("finance", "TC")]},
        {"otherwise": True, "steps": []},
    ],
}


def test_what_is_typed_now_leaves_both_ways_open(office):
    entry = {
        "id": "entry",
        "kind": "data_entry",
        "title": "Bổ sung số tiền",
        "who": {"pool": {"department": "KT"}},
        "fallback": {"position": "chief", "department": "VP"},
        "fields": [{"key": "amount", "kind": "money", "label": "Số tiền", "required": True}],
    }
    steps = [entry, CHOICE, approve("sign", {"position": "chair", "department": "LD"})]
    raw = definition(*steps)
    raw["form"]["sections"][0]["fields"] = raw["form"]["sections"][0]["fields"][:1]
    dossier = open_for(office, office.publish(raw))
    (outcome,) = view_task(task_of(dossier, "entry").pk, office.kt1).outcomes
    found = ahead(dossier, "entry", office.kt1, outcome.code)
    assert found.kind == "depends"
    assert [step.spec.id for step in found.steps] == ["finance", "sign"]


def test_several_at_once_are_named(office):
    first = approve("first", {"head_of": "submitter"})
    dossier = open_for(office, office.publish(definition(first, opinions())))
    found = ahead(dossier, "first", office.head_dt, "approve")
    assert (found.kind, [step.spec.id for step in found.steps]) == ("many", ["op_tc", "op_kt", "op_dt"])


def test_whose_turn_it_is_is_not_asked(office):
    turns = approve("second", {"round_robin": {"department": "TC"}})
    dossier = open_for(office, office.publish(definition(STRAIGHT[0], turns)))
    found = ahead(dossier, "first", office.head_dt, "approve")
    (step,) = found.steps
    assert step.assignment is None and step.rule.code == "round_robin"


def test_who_does_this_step_is_known_to_later_ones(office):
    again = approve("second", {"done_by": "first"})
    dossier = open_for(office, office.publish(definition(STRAIGHT[0], again)))
    found = ahead(dossier, "first", office.head_dt, "approve")
    assert reached(found) == now_at(act(dossier, "first", office.head_dt)) == {("second", office.head_dt)}


def test_asking_writes_nothing_and_costs_little(office, version, counted):
    dossier = open_for(office, version)
    act(dossier, "op_tc", office.tc1, "agree")
    view = view_task(task_of(dossier, "op_kt").pk, office.kt1)
    before = list(Task.objects.order_by("pk").values_list("pk", "status", "data"))
    for outcome in view.outcomes:
        _found, queries = counted(
            lambda outcome=outcome: ahead_of(view.task, view.dossier, outcome, office.kt1)
        )
        assert len(queries) <= 10, "\n".join(queries)
        assert not [sql for sql in queries if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert list(Task.objects.order_by("pk").values_list("pk", "status", "data")) == before


def test_every_open_task_of_the_signature_flow_can_be_foreseen(office, as_user):
    dossier = open_for(office, office.publish(signature_flow()))
    for step, person in (("op_tc", office.tc1), ("op_kt", office.kt1), ("sign", office.chair)):
        page = as_user(person).get(f"/tasks/{task_of(dossier, step).pk}/").content.decode()
        assert 'class="decide-then"' in page
        act(dossier, step, person, "agree" if step != "sign" else "approve")
