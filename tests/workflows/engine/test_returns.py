"""Back to the submitter or to an earlier step, from wherever a dossier stands; and how blocks count votes."""

from __future__ import annotations

from itertools import product

import pytest
from viewflow.workflow.models import Task

from home.audit.api import verify
from tests.factories.flows import ANSWERS, act, approve, definition, open_for, review, task_of
from workflows.definitions.api import Definition, check, errors
from workflows.dossiers.api import Dossier
from workflows.engine.api import InvalidActError, decide

CHAIR = {"position": "chair", "department": "LD"}


def by(name, step, **options):
    return approve(step, {"user": name}, return_to="any") | options


def entry(step, name):
    return {
        "id": step,
        "kind": "data_entry",
        "title": step,
        "who": {"user": name},
        "fallback": {"position": "chief", "department": "VP"},
        "fields": [{"key": f"{step}_note", "kind": "text", "label": "Ghi chú"}],
    }


def block(step, *branches, **options):
    raw = {"id": step, "kind": "parallel", "title": step, "branches": [{"steps": list(b)} for b in branches]}
    return raw | {"if_lost": "continue"} | options


def each(step, codes, *inside, **options):
    raw = {"id": step, "kind": "each", "title": step, "of": {"departments": codes}, "if_lost": "continue"}
    return raw | {"branches": [{"steps": list(inside)}]} | options


def of_item(step, **options):
    return review(step, "VP") | {"who": {"item": "head"}} | options


def begin(office, *steps):
    raw = definition(*steps)
    assert errors(check(Definition.parse(raw))) == []
    return open_for(office, office.publish(raw))


def tasks(dossier):
    found = Task.objects.filter(
        process__dossierprocess__dossier=dossier, finished=None, flow_task_type="HUMAN"
    )
    return list(found.order_by("pk"))


def at(dossier):
    """Return where a dossier stands; what it says of itself must be the same."""
    dossier.refresh_from_db()
    found = sorted(task.flow_task.spec.id for task in tasks(dossier))
    assert found == sorted(dossier.open_steps)
    assert (
        dossier.is_open
        or not Task.objects.filter(process__dossierprocess__dossier=dossier, finished=None).exists()
    )
    return found


def vote(dossier, person, outcome="agree", step=None, **more):
    [task] = [
        task
        for task in tasks(dossier)
        if task.owner_id == person.pk and step in (None, task.flow_task.spec.id)
    ]
    return decide(task.pk, by=person, outcome=outcome, note="vì thế", **more)


def back(dossier, step, person, to):
    vote(dossier, person, "return", step, to=to)


def test_to_the_submitter_and_to_an_earlier_step_what_lies_between_runs_again(office):
    dossier = begin(office, by("tc1", "a"), by("kt1", "b"), by("dt1", "c"))
    act(dossier, "a", office.tc1)
    act(dossier, "b", office.kt1)
    back(dossier, "c", office.dt1, "a")
    assert (at(dossier), dossier.state) == (["a"], "running")
    act(dossier, "a", office.tc1)
    assert at(dossier) == ["b"]
    act(dossier, "b", office.kt1)
    back(dossier, "c", office.dt1, "rework")
    assert (at(dossier), dossier.state) == (["rework"], "returned")
    act(dossier, "rework", office.ann, "resubmit", answers=ANSWERS)
    assert at(dossier) == ["a"]


def test_what_lies_between_is_skipped_when_the_definition_says_so(office):
    dossier = begin(office, by("tc1", "a"), by("kt1", "b"), by("dt1", "c", after_return="back"))
    act(dossier, "a", office.tc1)
    act(dossier, "b", office.kt1)
    back(dossier, "c", office.dt1, "a")
    act(dossier, "a", office.tc1)
    assert at(dossier) == ["c"]
    back(dossier, "c", office.dt1, "rework")
    act(dossier, "rework", office.ann, "resubmit", answers=ANSWERS)
    assert at(dossier) == ["c"]
    assert act(dossier, "c", office.dt1).state == Dossier.State.APPROVED
    assert verify() is None


def test_a_step_that_has_not_run_or_does_not_exist_is_no_goal(office):
    dossier = begin(office, by("tc1", "a"), by("kt1", "b"))
    for goal in ("b", "a", "nowhere"):
        with pytest.raises(InvalidActError):
            back(dossier, "a", office.tc1, goal)
    assert at(dossier) == ["a"]


def test_inside_a_branch_the_others_go_on(office):
    dossier = begin(office, block("all", [by("tc1", "a"), by("tc2", "b")], [by("kt1", "c")]))
    act(dossier, "a", office.tc1)
    back(dossier, "b", office.tc2, "a")
    assert at(dossier) == ["a", "c"]
    act(dossier, "c", office.kt1)
    act(dossier, "a", office.tc1)
    assert act(dossier, "b", office.tc2).state == Dossier.State.APPROVED


def test_a_vote_before_a_return_inside_a_branch_counts_no_more(office):
    raw = block("all", [review("r", "TC"), by("tc2", "b")], [by("kt1", "c")], if_lost="reject")
    dossier = begin(office, raw)
    act(dossier, "r", office.tc1, "disagree", note="Không")
    back(dossier, "b", office.tc2, "r")
    assert dossier.processes.get().data["votes"] == {}
    act(dossier, "r", office.tc1, "agree")
    act(dossier, "b", office.tc2)
    assert act(dossier, "c", office.kt1).state == Dossier.State.APPROVED


@pytest.mark.parametrize("arrived", [True, False])
def test_out_of_a_block_the_other_branches_are_closed_and_it_begins_anew(office, arrived):
    dossier = begin(office, by("vp1", "starta"), block("all", [by("tc1", "a")], [by("kt1", "c")]))
    act(dossier, "starta", office.vp1)
    other = task_of(dossier, "c")
    if arrived:
        act(dossier, "c", office.kt1)
    back(dossier, "a", office.tc1, "starta")
    assert at(dossier) == ["starta"]
    other.refresh_from_db()
    assert other.data.get("closed") == (None if arrived else "returned")
    act(dossier, "starta", office.vp1)
    assert at(dossier) == ["a", "c"]
    act(dossier, "a", office.tc1)
    assert act(dossier, "c", office.kt1).state == Dossier.State.APPROVED


def test_into_a_finished_block_restarts_it(office):
    dossier = begin(office, block("all", [by("tc1", "a"), by("tc2", "b")], [by("kt1", "c")]), by("dt1", "z"))
    for _round in range(2):
        act(dossier, "a", office.tc1)
        act(dossier, "b", office.tc2)
        act(dossier, "c", office.kt1)
        assert at(dossier) == ["z"]
        back(dossier, "z", office.dt1, "b")
        assert at(dossier) == ["a", "c"]


def test_into_a_branch_of_a_choice(office):
    choice = {
        "id": "big",
        "kind": "choice",
        "title": "Lớn?",
        "branches": [
            {"when": "amount > 5", "steps": [by("tc1", "a")]},
            {"otherwise": True, "steps": [by("tc2", "b")]},
        ],
    }
    dossier = begin(office, choice, by("dt1", "z"))
    act(dossier, "a", office.tc1)
    back(dossier, "z", office.dt1, "a")
    assert at(dossier) == ["a"]
    act(dossier, "a", office.tc1)
    with pytest.raises(InvalidActError):
        back(dossier, "z", office.dt1, "b")
    assert act(dossier, "z", office.dt1).state == Dossier.State.APPROVED


def test_out_of_an_outcome_of_the_offices_own(office):
    own = {"code": "ask", "label": "Hỏi thêm", "steps": [by("kt1", "more")]}
    dossier = begin(office, by("tc1", "a", branches=[own]), by("dt1", "z"))
    vote(dossier, office.tc1, "ask")
    assert at(dossier) == ["more"]
    back(dossier, "more", office.kt1, "a")
    assert at(dossier) == ["a"]
    act(dossier, "a", office.tc1, "ask", note="x")
    act(dossier, "more", office.kt1)
    assert at(dossier) == ["z"]


def test_the_way_straight_back_belongs_to_one_unit_alone(office):
    """Two units run the same steps: the return of one must not make the other skip what lies between."""
    inside = [
        of_item("a"),
        of_item("m"),
        approve("z", {"item": "head"}, return_to=["a"], after_return="back"),
    ]
    dossier = begin(office, each("units", ["TC", "KT"], *inside))
    vote(dossier, office.head_tc, step="a")
    vote(dossier, office.head_tc, step="m")
    vote(dossier, office.head_tc, "return", "z", to="a")
    vote(dossier, office.head_kt, step="a")
    assert at(dossier) == ["a", "m"]
    vote(dossier, office.head_tc, step="a")
    assert at(dossier) == ["m", "z"]
    vote(dossier, office.head_tc, "approve", "z")
    vote(dossier, office.head_kt, step="m")
    assert vote(dossier, office.head_kt, "approve", "z").state == Dossier.State.APPROVED


def test_out_of_a_block_in_a_block(office):
    inner = block("inner", [by("tc1", "a"), by("tc2", "b")], [by("kt1", "c")])
    dossier = begin(office, block("outer", [by("dt1", "d"), inner], [by("kt2", "e")]))
    act(dossier, "d", office.dt1)
    act(dossier, "a", office.tc1)
    back(dossier, "b", office.tc2, "d")
    assert at(dossier) == ["d", "e"]
    act(dossier, "d", office.dt1)
    for step, person in (("a", office.tc1), ("c", office.kt1), ("b", office.tc2)):
        act(dossier, step, person)
    assert at(dossier) == ["e"]
    assert act(dossier, "e", office.kt2).state == Dossier.State.APPROVED


RULES = [
    ("all", False, lambda yes: yes == 3),
    ("any", False, lambda yes: yes >= 1),
    ({"quorum": 2}, False, lambda yes: yes >= 2),
    ({"share": 50}, False, lambda yes: yes >= 2),
    ({"quorum": 2}, True, lambda yes: yes == 3),
    ({"weight": 2}, False, lambda yes: yes >= 2),
]


@pytest.mark.parametrize(("rule", "veto", "won"), RULES)
@pytest.mark.parametrize("order", ["parallel", "sequence"])
def test_each_rule_counts_alike_at_once_and_one_after_another(office, rule, veto, won, order):
    raw = each("u", ["TC", "KT", "DT"], of_item("o"), rule=rule, veto=veto, order=order, if_lost="reject")
    version = office.publish(definition(raw))
    for votes in product([True, False], repeat=3):
        dossier = open_for(office, version)
        while at(dossier):
            waiting = tasks(dossier)
            assert order == "parallel" or len(waiting) == 1
            person = waiting[0].owner
            number = ["head_tc", "head_kt", "head_dt"].index(person.username)
            vote(dossier, person, "agree" if votes[number] else "disagree")
        assert dossier.state == ("approved" if won(sum(votes)) else "rejected"), votes


@pytest.mark.parametrize("veto", [True, False])
def test_weights(office, veto):
    branches = [
        {"weight": weight, "steps": [by(name, f"s{weight}")]}
        for weight, name in ((3, "tc1"), (2, "kt1"), (1, "dt1"))
    ]
    raw = {
        "id": "w",
        "kind": "parallel",
        "title": "w",
        "rule": {"weight": 4},
        "if_lost": "reject",
        "veto": veto,
    }
    version = office.publish(definition(raw | {"branches": branches}))
    for votes in product([True, False], repeat=3):
        dossier = open_for(office, version)
        for (weight, person), agrees in zip(
            ((3, office.tc1), (2, office.kt1), (1, office.dt1)), votes, strict=True
        ):
            if f"s{weight}" in at(dossier):
                vote(dossier, person, "approve" if agrees else "reject")
        total = sum(weight for weight, agrees in zip((3, 2, 1), votes, strict=True) if agrees)
        expected = total == 6 if veto else total >= 4
        assert at(dossier) == []
        assert dossier.state == ("approved" if expected else "rejected"), votes


@pytest.mark.parametrize("order", ["parallel", "sequence"])
@pytest.mark.parametrize("nested", [True, False])
def test_nobody_to_ask_goes_straight_on(office, order, nested):
    raw = each("u", ["TC"], of_item("o"), order=order)
    office.departments["TC"].is_active = False
    office.departments["TC"].save()
    steps = [block("b", [raw], [by("kt1", "c")])] if nested else [raw]
    version = office.publish(definition(*steps, by("dt1", "z")))
    dossier = open_for(office, version)
    if nested:
        assert at(dossier) == ["c"]
        act(dossier, "c", office.kt1)
    assert at(dossier) == ["z"]


@pytest.mark.parametrize("order", ["parallel", "sequence"])
def test_parallel_in_each_in_parallel(office, order):
    pair = block("pair", [of_item("x")], [review("y", "VP")])
    middle = each("units", ["TC", "KT"], pair, order=order)
    version = office.publish(definition(block("outer", [middle], [by("dt1", "d")]), by("chair", "z")))
    dossier = open_for(office, version)
    while at(dossier) != ["z"]:
        task = next(t for t in tasks(dossier))
        spec = task.flow_task.spec
        person = task.owner or office.vp1
        decide(task.pk, by=person, outcome="approve" if spec.kind == "approve" else "agree")
    done = Task.objects.filter(
        process__dossierprocess__dossier=dossier, status="DONE", flow_task_type="HUMAN"
    )
    assert sorted(task.flow_task.spec.id for task in done) == ["d", "x", "x", "y", "y"]
    back(dossier, "z", office.chair, "x")
    assert "d" in at(dossier)
    assert at(dossier).count("x") == (2 if order == "parallel" else 1)
    assert verify() is None


def test_a_branch_that_needs_nobody_decides_a_block_at_once(office):
    """What the same act opens and closes is never shown as open, and nobody is told of it."""
    told = {"id": "t", "kind": "notify", "title": "Báo", "to": [CHAIR]}
    dossier = begin(office, block("any", [told], [by("tc1", "a")], rule="any"), by("dt1", "z"))
    assert at(dossier) == ["z"]
    assert task_of(dossier, "a").data["closed"] == "decided"
