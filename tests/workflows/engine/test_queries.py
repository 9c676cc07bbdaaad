"""What people see of flows."""

from __future__ import annotations

import pytest

from tests.factories.flows import act, approve, definition, open_for, task_of
from workflows.engine.api import (
    NotVisibleError,
    claim,
    claimable_tasks,
    count_tabs,
    decide,
    my_tasks,
    view_task,
    way_of,
)


def test_a_pool_task_moves_from_claimable_to_mine(office, version):
    dossier = open_for(office, version)
    assert [row.step_id for row in claimable_tasks(office.tc1)] == ["op_tc"]
    assert claimable_tasks(office.tc1)[0].title == "Ý kiến TC"
    claim(task_of(dossier, "op_tc").pk, by=office.tc1)
    assert [row.dossier for row in my_tasks(office.tc1)] == [dossier]
    assert claimable_tasks(office.tc2) == []
    assert count_tabs(office.tc1)[:2] == (1, 0)


def test_inbox_costs_the_same_for_one_task_and_for_thirty(office, version, django_assert_num_queries):
    def read():
        person = type(office.tc1).objects.get(pk=office.tc1.pk)
        return [row.title for row in my_tasks(person) + claimable_tasks(person)]

    open_for(office, version)
    read()
    with django_assert_num_queries(6):
        assert len(read()) == 1
    for _ in range(29):
        open_for(office, version)
    with django_assert_num_queries(6):
        assert len(read()) == 30


def test_a_task_is_unknown_to_outsiders_and_not_actionable_for_onlookers(office, version):
    dossier = open_for(office, version)
    task = task_of(dossier, "op_tc")
    with pytest.raises(NotVisibleError):
        view_task(task.pk, office.outsider)
    assert not view_task(task.pk, office.ann).can_act
    assert view_task(task.pk, office.tc1).can_act


def test_the_way_shows_the_newest_round(office, version):
    dossier = open_for(office, version)
    assert way_of(dossier).states["op_tc"].state == "open"
    assert way_of(dossier).states["opinions"].state == "open"
    act(dossier, "op_tc", office.tc1, "agree")
    act(dossier, "op_kt", office.kt1, "agree")
    states = way_of(dossier).states
    assert (states["op_tc"].state, states["op_tc"].outcome) == ("done", "agree")
    assert (states["op_dt"].state, states["sign"].state) == ("cancelled", "open")
    assert states["opinions"].state == "done"
    act(dossier, "sign", office.chair, "return", note="Bổ sung")
    act(dossier, "rework", office.ann, "resubmit", answers=dossier.answers)
    assert way_of(dossier).states["op_tc"].state == "open"
    assert set(way_of(dossier).states) >= {"rework", "opinions", "op_tc"}
    assert "sign" not in way_of(dossier).states


def return_to(dossier, step, person, to):
    return decide(task_of(dossier, step).pk, by=person, outcome="return", note="Xem lại", to=to)


def shown(dossier):
    states = way_of(dossier).states
    return {step: state.state for step, state in states.items() if step != "start"}


def three(office, **options):
    steps = [approve(step, {"user": name}) for step, name in (("a", "tc1"), ("b", "kt1"))]
    last = approve("c", {"user": "dt1"}, return_to="any", **options)
    dossier = open_for(office, office.publish(definition(*steps, last)))
    act(dossier, "a", office.tc1)
    act(dossier, "b", office.kt1)
    return dossier


def test_after_a_return_the_steps_from_its_target_on_are_not_reached(office):
    dossier = three(office)
    return_to(dossier, "c", office.dt1, "b")
    assert shown(dossier) == {"a": "done", "b": "open"}
    act(dossier, "b", office.kt1)
    assert shown(dossier) == {"a": "done", "b": "done", "c": "open"}
    return_to(dossier, "c", office.dt1, "a")
    assert shown(dossier) == {"a": "open"}


def test_a_return_that_comes_straight_back_leaves_what_lies_between(office):
    dossier = three(office, after_return="back")
    return_to(dossier, "c", office.dt1, "a")
    assert shown(dossier) == {"a": "open", "b": "done", "c": "done"}
    act(dossier, "a", office.tc1)
    assert shown(dossier) == {"a": "done", "b": "done", "c": "open"}
    return_to(dossier, "c", office.dt1, "rework")
    act(dossier, "rework", office.ann, "resubmit", answers=dossier.answers)
    assert shown(dossier) == {"a": "done", "b": "done", "rework": "done", "c": "open"}


def test_a_return_inside_a_branch_leaves_the_other_branches(office):
    inside = [approve("a", {"user": "tc1"}), approve("b", {"user": "tc2"}, return_to="any")]
    block = {"id": "p", "kind": "parallel", "title": "p", "if_lost": "continue"}
    block["branches"] = [{"steps": inside}, {"steps": [approve("x", {"user": "kt1"})]}]
    dossier = open_for(office, office.publish(definition(block)))
    act(dossier, "a", office.tc1)
    act(dossier, "x", office.kt1)
    return_to(dossier, "b", office.tc2, "a")
    assert shown(dossier) == {"p": "open", "a": "open", "x": "done"}


def test_a_return_into_a_block_shows_the_whole_block_anew(office):
    block = {"id": "p", "kind": "parallel", "title": "p", "if_lost": "continue"}
    block["branches"] = [
        {"steps": [approve(step, {"user": name})]} for step, name in (("a", "tc1"), ("b", "kt1"))
    ]
    last = approve("z", {"user": "dt1"}, return_to="any")
    dossier = open_for(office, office.publish(definition(block, last)))
    act(dossier, "a", office.tc1)
    act(dossier, "b", office.kt1)
    return_to(dossier, "z", office.dt1, "b")
    assert shown(dossier) == {"p": "open", "a": "open", "b": "open"}
