"""Units are added to and taken out of a block while it runs."""

from __future__ import annotations

import pytest
from viewflow.workflow.models import Task

from home.audit.api import entries_for, verify
from home.notifications.api import Notification
from tests.factories.flows import act, approve, definition, make_office, open_for, opinions, review, task_of
from tests.factories.people import UserFactory
from tests.threads import race
from workflows.dossiers.api import Dossier
from workflows.engine.api import (
    ConflictError,
    InvalidActError,
    NotVisibleError,
    add_participant,
    decide,
    hold,
    may_lead,
    open_rounds,
    participants_of,
    remove_participant,
)

CHAIR = {"position": "chair", "department": "LD"}


def each(*codes, **options):
    return {
        "id": "units",
        "kind": "each",
        "title": "Các đơn vị",
        "of": {"departments": list(codes)},
        "branches": [{"steps": [review("op", "VP") | {"who": {"item": "head"}}]}],
    } | options


def flow(*codes, **options):
    return definition(approve("lead", {"user": "vp1"}), each(*codes, **options), approve("last", CHAIR))


def begin(office, *codes, **options):
    dossier = open_for(office, office.publish(flow(*codes, **options)))
    act(dossier, "lead", office.vp1)
    return dossier


def unit(office, code):
    return f"dept:{office.departments[code].pk}"


def vote(dossier, person, outcome="agree"):
    task = Task.objects.get(
        process__dossierprocess__dossier=dossier, owner=person, finished=None, flow_task_type="HUMAN"
    )
    return decide(task.pk, by=person, outcome=outcome, note="vì thế")


def states(dossier):
    return [part.state for part in participants_of(dossier, "units")]


def asked(dossier):
    tasks = Task.objects.filter(
        process__dossierprocess__dossier=dossier, finished=None, flow_task_type="HUMAN"
    )
    return sorted(task.owner.username for task in tasks)


def test_one_more_is_asked_and_waited_for(office):
    dossier = begin(office, "TC", "KT")
    vote(dossier, office.head_tc)
    add_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "DT"), reason="Liên quan")
    assert states(dossier) == ["done", "open", "open"]
    assert asked(dossier) == ["head_dt", "head_kt"]
    assert Notification.objects.filter(recipient=office.head_dt, kind="task.assigned").count() == 1
    vote(dossier, office.head_kt)
    dossier.refresh_from_db()
    assert dossier.open_steps == ["op"]
    assert vote(dossier, office.head_dt).open_steps == ["last"]
    entry = next(entry for entry in entries_for(dossier.target) if entry.verb == "participant.added")
    assert (entry.data["item"], entry.data["step"], entry.data["note"]) == (
        unit(office, "DT"),
        "units",
        "Liên quan",
    )
    assert participants_of(dossier, "units") == []
    assert verify() is None


def test_one_is_taken_out_and_no_longer_waited_for(office):
    dossier = begin(office, "TC", "KT")
    vote(dossier, office.head_tc)
    remove_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "KT"), reason="Không liên quan")
    dossier.refresh_from_db()
    assert dossier.open_steps == ["last"]
    closed = Task.objects.get(owner=office.head_kt, process__dossierprocess__dossier=dossier)
    assert (closed.status, closed.data["closed"]) == ("CANCELED", "removed")
    assert (
        Notification.objects.get(recipient=office.head_kt, kind="task.closed").params["reason"] == "removed"
    )
    assert act(dossier, "last", office.chair).state == Dossier.State.APPROVED
    assert verify() is None


def test_taking_one_out_can_decide_the_block_the_other_way(office):
    dossier = begin(office, "TC", "KT", "DT", rule={"quorum": 2}, if_lost="reject")
    vote(dossier, office.head_tc, "disagree")
    remove_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "KT"), reason="x")
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.REJECTED
    assert not Task.objects.filter(process__dossierprocess__dossier=dossier, finished=None).exists()


def test_who_was_taken_out_can_be_asked_again(office):
    dossier = begin(office, "TC", "KT")
    remove_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "KT"), reason="x")
    assert asked(dossier) == ["head_tc"]
    add_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "KT"))
    assert asked(dossier) == ["head_kt", "head_tc"]
    vote(dossier, office.head_tc)
    assert vote(dossier, office.head_kt).open_steps == ["last"]


def test_a_sequence_grows_at_its_end_and_shrinks_anywhere(office):
    dossier = begin(office, "TC", "KT", order="sequence")
    add_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "DT"))
    add_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "VP"))
    assert states(dossier) == ["open", "waiting", "waiting", "waiting"]
    remove_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "TC"), reason="x")
    assert asked(dossier) == ["head_kt"]
    vote(dossier, office.head_kt)
    assert asked(dossier) == ["head_dt"]
    remove_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "DT"), reason="x")
    assert asked(dossier) == ["chief"]
    assert vote(dossier, office.chief).open_steps == ["last"]


def test_taking_out_who_waits_does_not_ask_the_next_too_early(office):
    dossier = begin(office, "TC", "KT", "DT", order="sequence")
    vote(dossier, office.head_tc)
    add_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "VP"))
    remove_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "DT"), reason="x")
    assert asked(dossier) == ["head_kt"]
    assert states(dossier) == ["done", "open", "waiting"]


def test_the_last_one_stays_and_so_does_who_has_voted(office):
    dossier = begin(office, "TC", "KT")
    vote(dossier, office.head_tc)
    with pytest.raises(InvalidActError):
        remove_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "TC"), reason="x")
    alone = begin(office, "TC")
    with pytest.raises(InvalidActError):
        remove_participant(alone.pk, "units", by=office.vp1, item=unit(office, "TC"), reason="x")


@pytest.mark.parametrize("item", ["dept:999999", "x:1", "dept:", "", "user:²", "dept:1:2"])
def test_nonsense_is_refused(office, item):
    dossier = begin(office, "TC", "KT")
    with pytest.raises(InvalidActError):
        add_participant(dossier.pk, "units", by=office.vp1, item=item)
    with pytest.raises(InvalidActError):
        remove_participant(dossier.pk, "units", by=office.vp1, item=item, reason="x")


def test_whoever_takes_part_is_not_asked_twice(office):
    dossier = begin(office, "TC", "KT", order="sequence")
    for code in ("TC", "KT"):
        with pytest.raises(InvalidActError):
            add_participant(dossier.pk, "units", by=office.vp1, item=unit(office, code))


def test_who_leads_a_block(office):
    item = unit(office, "DT")
    dossier = begin(office, "TC", "KT")
    assert [name for name, p in office.people.items() if may_lead(dossier, "units", p)] == ["vp1"]
    with pytest.raises(NotVisibleError):
        add_participant(dossier.pk, "units", by=office.outsider, item=item)
    with pytest.raises(ConflictError):
        add_participant(dossier.pk, "units", by=office.head_tc, item=item)
    named = begin(office, "TC", "KT", lead=CHAIR)
    assert [name for name, p in office.people.items() if may_lead(named, "units", p)] == ["chair"]
    add_participant(named.pk, "units", by=office.chair, item=item)
    # Nobody leads a block that judges their own dossier, unless the definition says so.
    first = open_for(office, office.publish(definition(each("TC", "KT"), approve("last", CHAIR))))
    assert [name for name, p in office.people.items() if may_lead(first, "units", p)] == ["head_dt"]
    raw = definition(each("TC", "KT", lead={"submitter": True}), approve("last", CHAIR))
    assert may_lead(open_for(office, office.publish(raw)), "units", office.ann)


def test_where_nobody_holds_the_post_that_leads_the_dispatchers_do(office):
    raw = definition(opinions(lead={"deputy_of": "VP"}), approve("sign", CHAIR))
    dossier = open_for(office, office.publish(raw))
    [one] = open_rounds(dossier, "opinions", office.chair)
    assert (one.leads, may_lead(dossier, "opinions", office.chair)) == (False, False)
    with pytest.raises((ConflictError, NotVisibleError)):
        add_participant(dossier.pk, "opinions", by=office.chair, item=unit(office, "VP"))
    root = UserFactory(is_superuser=True)
    assert may_lead(dossier, "opinions", root)
    add_participant(dossier.pk, "opinions", by=root, item=unit(office, "VP"))
    assert len(participants_of(dossier, "opinions")) == 4


def test_only_a_block_that_runs_can_change_and_not_while_the_clock_stands_still(office):
    item = unit(office, "DT")
    dossier = open_for(office, office.publish(flow("TC", "KT")))
    assert participants_of(dossier, "units") == []
    for block in ("units", "nothing", "lead"):
        with pytest.raises(InvalidActError):
            add_participant(dossier.pk, block, by=office.vp1, item=item)
    act(dossier, "lead", office.vp1)
    hold(dossier.pk, by=office.head_dt, reason="Chờ")
    with pytest.raises(InvalidActError):
        add_participant(dossier.pk, "units", by=office.vp1, item=item)


@pytest.mark.django_db(transaction=True)
def test_one_more_against_the_last_vote():
    office = make_office()
    dossier = begin(office, "TC", "KT")
    vote(dossier, office.head_tc)
    results = race(
        lambda: add_participant(dossier.pk, "units", by=office.vp1, item=unit(office, "DT")),
        lambda: vote(dossier, office.head_kt),
    )
    assert not isinstance(results[1], Exception), results
    dossier.refresh_from_db()
    if isinstance(results[0], Exception):
        assert isinstance(results[0], InvalidActError), results
        assert dossier.open_steps == ["last"]
    else:
        assert dossier.open_steps == ["op"]
        assert task_of(dossier, "op").owner == office.head_dt
    assert verify() is None


# Inside another such block


def nested(**options):
    inner = each("VP", of={"people": ["tc1", "kt1"]}, id="people", if_lost="continue", **options)
    inner["branches"] = [{"steps": [review("op", "VP") | {"who": {"item": "anyone"}}]}]
    outer = each("TC", "KT", branches=[{"steps": [approve("plan", {"item": "head"}), inner]}])
    return definition(approve("lead", {"user": "vp1"}), outer, approve("last", CHAIR))


@pytest.fixture
def both(office):
    """A dossier whose inner block runs for both units at once."""
    dossier = open_for(office, office.publish(nested()))
    act(dossier, "lead", office.vp1)
    for person in (office.head_tc, office.head_kt):
        vote(dossier, person, "approve")
    return dossier


def rounds(dossier):
    return {one.around: one for one in open_rounds(dossier, "people")}


def items(one):
    return [person.item for person in one.participants if person.state != "removed"]


def test_each_round_has_participants_of_its_own(office, both):
    before = rounds(both)
    assert set(before) == {(unit(office, "TC"),), (unit(office, "KT"),)}
    one, other = before[unit(office, "TC"),], before[unit(office, "KT"),]
    item = f"user:{office.dt1.pk}"
    add_participant(both.pk, "people", by=office.head_tc, item=item, key=one.key)
    assert items(rounds(both)[unit(office, "TC"),]) == [*items(one), item]
    assert items(rounds(both)[unit(office, "KT"),]) == items(other)
    gone = f"user:{office.tc1.pk}"
    remove_participant(both.pk, "people", by=office.head_kt, item=gone, reason="x", key=other.key)
    assert items(rounds(both)[unit(office, "KT"),]) == [f"user:{office.kt1.pk}"]
    assert gone in items(rounds(both)[unit(office, "TC"),])
    entries = [entry for entry in entries_for(both.target) if entry.verb.startswith("participant.")]
    assert [entry.data["around"] for entry in entries] == [unit(office, "TC"), unit(office, "KT")]


def test_who_leads_one_round_does_not_lead_the_other(office, both):
    found = rounds(both)
    one, other = found[unit(office, "TC"),], found[unit(office, "KT"),]
    assert may_lead(both, "people", office.head_tc, one.key)
    assert not may_lead(both, "people", office.head_tc, other.key)
    with pytest.raises(ConflictError):
        add_participant(both.pk, "people", by=office.head_tc, item=unit(office, "DT"), key=other.key)


def test_where_several_rounds_run_one_has_to_be_named(office, both):
    with pytest.raises(InvalidActError):
        add_participant(both.pk, "people", by=office.head_tc, item=unit(office, "DT"))
    for person in (office.tc1, office.kt1):
        vote_in(both, person, rounds(both)[unit(office, "KT"),])
    assert list(rounds(both)) == [(unit(office, "TC"),)]
    add_participant(both.pk, "people", by=office.head_tc, item=unit(office, "DT"))
    with pytest.raises(InvalidActError):
        add_participant(both.pk, "people", by=office.head_tc, item=unit(office, "VP"), key=1)


def vote_in(dossier, person, one):
    """Agree at the task of a person in one round."""
    tasks = Task.objects.filter(owner=person, finished=None, flow_task_type="HUMAN")
    task = next(task for task in tasks if f"/{one.key}_" in task.token.token)
    return decide(task.pk, by=person, outcome="agree", note="vì thế")


def test_both_rounds_end_and_the_dossier_goes_on(office, both):
    found = rounds(both)
    key = found[unit(office, "TC"),].key
    add_participant(both.pk, "people", by=office.head_tc, item=f"user:{office.dt1.pk}", key=key)
    for one in found.values():
        for person in (office.tc1, office.kt1):
            vote_in(both, person, one)
    both.refresh_from_db()
    assert both.open_steps == ["op"]
    dossier = vote_in(both, office.dt1, found[unit(office, "TC"),])
    assert dossier.open_steps == ["last"]
    assert verify() is None


# In a parallel block, beside the branches that the definition names


def consult(office, **options):
    options = {"rule": "all", "lead": CHAIR} | options
    return open_for(office, office.publish(definition(opinions(**options), approve("last", CHAIR))))


def change(dossier, office, act_, item, **reason):
    return act_(dossier.pk, "opinions", by=office.chair, item=item, **reason)


def test_one_more_joins_a_parallel_block_and_is_waited_for(office):
    dossier = consult(office)
    change(dossier, office, add_participant, unit(office, "VP"))
    change(dossier, office, add_participant, f"user:{office.outsider.pk}")
    parts = participants_of(dossier, "opinions")
    assert [part.item for part in parts[:3]] == ["branch:1", "branch:2", "branch:3"]
    assert [part.title for part in parts] == ["Ý kiến TC", "Ý kiến KT", "Ý kiến DT", "", ""]
    assert asked_roles(dossier)[3:] == [unit(office, "VP"), "outsider"]
    for code in ("tc", "kt", "dt"):
        task = first_open(dossier, f"op_{code}")
        decide(task.pk, by=getattr(office, f"{code}1"), outcome="agree")
    dossier.refresh_from_db()
    assert dossier.open_steps == ["op_dt", "op_dt"]
    vote(dossier, office.outsider)
    [task] = open_ones(dossier)
    assert decide(task.pk, by=office.vp2, outcome="agree").open_steps == ["last"]
    assert [entry.verb for entry in entries_for(dossier.target)].count("participant.added") == 2
    assert verify() is None


def test_a_branch_of_the_definition_is_taken_out_and_the_rule_asked_once_more(office):
    dossier = consult(office)
    act(dossier, "op_tc", office.tc1, "agree")
    with pytest.raises(InvalidActError):
        change(dossier, office, remove_participant, "branch:1", reason="Đã có ý kiến")
    change(dossier, office, remove_participant, "branch:2", reason="Không liên quan")
    assert Notification.objects.filter(kind="task.closed").count() == 0  # nobody had claimed it
    dossier.refresh_from_db()
    assert dossier.open_steps == ["op_dt"]
    assert [part.state for part in participants_of(dossier, "opinions")] == ["done", "removed", "open"]
    with pytest.raises(InvalidActError):
        change(dossier, office, remove_participant, "branch:9", reason="x")
    dossier = change(dossier, office, remove_participant, "branch:3", reason="Không liên quan")
    dossier.refresh_from_db()
    assert dossier.open_steps == ["last"]
    assert verify() is None


@pytest.mark.parametrize(("votes", "state"), [("agree", ["last"]), ("disagree", ["rework"])])
def test_the_vote_of_who_joined_counts_with_weight_and_veto(office, votes, state):
    branches = [{"steps": [review(f"op_{code.lower()}", code)], "weight": 3} for code in ("TC", "KT")]
    dossier = consult(office, branches=branches, rule={"share": 90})
    change(dossier, office, add_participant, f"user:{office.dt1.pk}")
    act(dossier, "op_tc", office.tc1, "agree")
    decide(first_open(dossier, "op_kt").pk, by=office.kt1, outcome="agree")
    assert vote(dossier, office.dt1, votes).open_steps == state


def test_who_joins_goes_the_whole_way_of_a_branch(office):
    """Two steps, each by who joined; a submitter who joins judges nothing, and a return stays in that branch."""
    two = [
        approve("draft", {"user": "tc1"}),
        approve("check", {"head_of": "TC"}, return_to=["draft"]),
    ]
    branches = [{"steps": [review("op_kt", "KT")]}, {"steps": two}]
    dossier = consult(office, branches=branches)
    change(dossier, office, add_participant, f"user:{office.dt2.pk}")
    change(dossier, office, add_participant, f"user:{office.ann.pk}")
    assert asked_roles(dossier) == [unit(office, "KT"), "tc1", "dt2", "chief"]
    vote(dossier, office.dt2, "approve")
    task = Task.objects.get(owner=office.dt2, finished=None)
    assert task.flow_task.spec.id == "check"
    decide(task.pk, by=office.dt2, outcome="return", note="Lại", to="draft")
    assert Task.objects.get(owner=office.dt2, finished=None).flow_task.spec.id == "draft"
    assert Task.objects.filter(owner=office.tc1, finished=None).count() == 1
    assert verify() is None


def test_whom_a_parallel_block_asks_already_does_not_join_and_blocks_inside_are_not_followed(office):
    dossier = consult(office)
    with pytest.raises(InvalidActError):
        change(dossier, office, add_participant, unit(office, "TC"))
    inner = opinions(id="inner", if_lost="continue")
    other = opinions(
        id="other", if_lost="continue", branches=[{"steps": [review(f"o{n}", "TC")]} for n in (1, 2)]
    )
    deep = consult(office, branches=[{"steps": [inner]}, {"steps": [other]}])
    with pytest.raises(InvalidActError):
        change(deep, office, add_participant, unit(office, "VP"))
    assert [name for name, p in office.people.items() if may_lead(deep, "opinions", p)] == ["chair"]


def open_ones(dossier):
    tasks = Task.objects.filter(process__dossierprocess__dossier=dossier, finished=None)
    return list(tasks.filter(flow_task_type="HUMAN").order_by("pk"))


def first_open(dossier, step):
    return next(task for task in open_ones(dossier) if task.flow_task.spec.id == step)


def asked_roles(dossier):
    return [task.owner.username if task.owner else task.owner_permission for task in open_ones(dossier)]
