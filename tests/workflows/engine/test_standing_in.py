"""Stand-ins act on behalf of who is away: both names are kept, and access ends by itself."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone
from viewflow.workflow.models import Task

from home.audit.api import entries_for
from home.notifications.api import Notification
from home.people.api import Delegation, known_matters
from tests.factories.flows import act, approve, definition, open_for, task_of
from tests.threads import race
from workflows.dossiers.api import Dossier
from workflows.engine.api import (
    ConflictError,
    InvalidActError,
    NotVisibleError,
    claim,
    claimable_tasks,
    count_tabs,
    decide,
    fire_timers,
    forward,
    hold,
    my_tasks,
    release,
    resume,
    view_task,
)
from workflows.engine.models import Timer
from workflows.engine.standing_in import admit_stand_ins

CHAIR = {"position": "chair", "department": "LD"}


@pytest.fixture
def sign(office):
    return office.publish(definition(approve("sign", CHAIR)))


def away(office, stand_in, *, days=3, **options):
    """Let the chair be away from today on, and return the delegation."""
    return lend(office.chair, stand_in, days=days, **options)


def lend(principal, delegate, *, days=3, **options):
    """Let somebody stand in for another from today on."""
    today = timezone.localdate()
    values = {"since": today, "until": today + timedelta(days=days)} | options
    return Delegation.objects.create(principal=principal, delegate=delegate, **values)


def fresh(person):
    """Return the person as the next request loads them."""
    return type(person).objects.get(pk=person.pk)


def test_the_stand_in_sees_and_decides_and_both_names_are_kept(office, sign):
    away(office, office.head_tc)
    dossier = open_for(office, sign)
    task = task_of(dossier, "sign")
    assert task.owner == office.chair
    stand_in = fresh(office.head_tc)
    [row] = my_tasks(stand_in)
    assert (row.task_id, row.on_behalf_of) == (task.pk, office.chair)
    assert count_tabs(stand_in)[:2] == (1, 0)
    view = view_task(task.pk, stand_in)
    assert (view.can_act, view.on_behalf_of) == (True, office.chair)
    decide(task.pk, by=stand_in, outcome="approve")
    entry = next(entry for entry in entries_for(dossier.target) if entry.verb == "task.decided")
    assert (entry.by, entry.on_behalf_of) == (office.head_tc, office.chair)
    task.refresh_from_db()
    assert (task.owner, task.data["by"]) == (office.chair, office.head_tc.pk)
    assert my_tasks(fresh(office.head_tc)) == []


@pytest.mark.django_db(transaction=True)
def test_a_delegation_made_later_opens_what_waits_already(office, sign):
    dossier = open_for(office, sign)
    with pytest.raises(NotVisibleError):
        view_task(task_of(dossier, "sign").pk, fresh(office.head_tc))
    away(office, office.head_tc)
    assert view_task(task_of(dossier, "sign").pk, fresh(office.head_tc)).can_act
    assert Dossier.objects.visible_to(fresh(office.head_tc)).get() == dossier


def test_it_begins_and_ends_at_midnight_by_itself(office, sign):
    today = timezone.localdate()
    away(office, office.head_tc, since=today + timedelta(days=1), until=today + timedelta(days=2))
    dossier = open_for(office, sign)
    task = task_of(dossier, "sign").pk
    with pytest.raises(NotVisibleError):
        view_task(task, fresh(office.head_tc))
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert admit_stand_ins() == 1
        assert view_task(task, fresh(office.head_tc)).can_act
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        admit_stand_ins()
        assert my_tasks(fresh(office.head_tc)) == []
        assert not Dossier.objects.visible_to(fresh(office.head_tc)).exists()
        with pytest.raises(NotVisibleError):
            decide(task, by=fresh(office.head_tc), outcome="approve")


def test_named_matters_only(office, sign):
    other = office.publish(definition(approve("sign", CHAIR), code="khac"))
    away(office, office.head_tc, matters=["khac"])
    inside, outside = open_for(office, other), open_for(office, sign)
    assert [row.dossier for row in my_tasks(fresh(office.head_tc))] == [inside]
    with pytest.raises(NotVisibleError):
        decide(task_of(outside, "sign").pk, by=fresh(office.head_tc), outcome="approve")
    assert {"trinh-ky", "khac"} <= set(known_matters())


def test_nobody_decides_on_their_own_dossier_as_a_stand_in(office, sign):
    away(office, office.ann)
    own = open_for(office, sign, by=office.ann)
    task = task_of(own, "sign").pk
    assert not view_task(task, fresh(office.ann)).can_act
    with pytest.raises(InvalidActError):
        decide(task, by=fresh(office.ann), outcome="approve")
    decide(task, by=office.chair, outcome="approve")


def test_a_revoked_delegation_ends_at_once(office, sign):
    delegation = away(office, office.head_tc)
    task = task_of(open_for(office, sign), "sign").pk
    assert view_task(task, fresh(office.head_tc)).can_act
    delegation.revoke(by=office.chair)
    with pytest.raises(NotVisibleError):
        view_task(task, fresh(office.head_tc))


@pytest.mark.django_db(transaction=True)
def test_the_one_who_is_away_and_the_stand_in_decide_at_once(office, sign):
    away(office, office.head_tc)
    dossier = open_for(office, sign)
    task = task_of(dossier, "sign").pk
    stand_in = fresh(office.head_tc)
    results = race(
        lambda: decide(task, by=office.chair, outcome="approve"),
        lambda: decide(task, by=stand_in, outcome="reject", note="Không"),
    )
    refused = [result for result in results if isinstance(result, ConflictError)]
    assert len(refused) == 1, results
    decided = [entry for entry in entries_for(dossier.target) if entry.verb == "task.decided"]
    assert len(decided) == 1


def test_others_still_meet_the_owner(office, sign):
    dossier = open_for(office, sign)
    with pytest.raises(ConflictError):
        act(dossier, "sign", office.head_dt, "approve")


# Reminders


def late_step(office, **options):
    return open_for(office, office.publish(definition(approve("sign", CHAIR, days=2, **options))))


def told(person, kind):
    return Notification.objects.filter(recipient=person, kind=kind).count()


def fire_all():
    Timer.objects.filter(fired_at__isnull=True).update(fire_at=timezone.now() - timedelta(minutes=1))
    return fire_timers()


def test_a_reminder_reaches_the_stand_in_too(office):
    dossier = late_step(office, remind=[{"days": 1}])
    away(office, office.head_tc)
    assert fire_all() == 1
    assert (told(office.chair, "task.reminded"), told(office.head_tc, "task.reminded")) == (1, 1)
    last = entries_for(dossier.target).last()
    assert last.data["people"] == ["chair", "head_tc"]
    assert Dossier.objects.visible_to(fresh(office.head_tc)).get() == dossier


def test_a_stand_in_in_other_matters_is_not_reminded(office):
    late_step(office, remind=[{"days": 1}])
    away(office, office.head_tc, matters=["khac"])
    assert fire_all() == 1
    assert (told(office.chair, "task.reminded"), told(office.head_tc, "task.reminded")) == (1, 0)


def test_the_submitter_who_stands_in_is_not_reminded_of_their_own_dossier(office):
    late_step(office, remind=[{"days": 1}])
    away(office, office.ann)
    assert fire_all() == 1
    assert (told(office.chair, "task.reminded"), told(office.ann, "task.reminded")) == (1, 0)


def test_what_is_late_is_told_to_who_stands_in_for_the_head(office):
    raw = definition(approve("sign", {"head_of": "TC"}, days=1, late=[{"days": 0, "do": "head"}]))
    dossier = open_for(office, office.publish(raw))
    away(office, office.kt1)
    assert fire_all() == 1
    assert (told(office.chair, "task.escalated"), told(office.kt1, "task.escalated")) == (1, 1)
    assert Dossier.objects.visible_to(fresh(office.kt1)).get() == dossier


def test_a_late_task_that_is_passed_on_is_told_to_both_stand_ins(office):
    raw = definition(approve("sign", {"head_of": "TC"}, days=1, late=[{"days": 0, "do": "reassign"}]))
    open_for(office, office.publish(raw))
    away(office, office.kt1)
    lend(office.head_tc, office.tc1)
    assert fire_all() == 1
    assert (told(office.chair, "task.assigned"), told(office.kt1, "task.assigned")) == (1, 1)
    assert (told(office.head_tc, "task.passed_on"), told(office.tc1, "task.passed_on")) == (1, 1)


# What stand-ins are told, and what else they may


def test_who_stands_in_is_told_of_a_task_as_it_is_opened_and_sees_the_dossier_at_once(office, sign):
    away(office, office.head_tc)
    dossier = open_for(office, sign)
    assert (told(office.chair, "task.assigned"), told(office.head_tc, "task.assigned")) == (1, 1)
    assert Dossier.objects.visible_to(fresh(office.head_tc)).get() == dossier
    raw = definition(
        approve("first", {"head_of": "KT"}), approve("sign", {"pool": {"department": "LD"}}), code="khac"
    )
    act(open_for(office, office.publish(raw)), "first", office.head_kt)
    assert (told(office.chair, "task.claimable"), told(office.head_tc, "task.claimable")) == (1, 1)


def test_a_task_that_is_handed_over_is_told_to_who_stands_in(office):
    dossier = open_for(office, office.publish(definition(approve("sign", {"head_of": "KT"}))))
    away(office, office.head_tc)
    forward(task_of(dossier, "sign").pk, by=office.head_kt, to=office.chair, reason="Việc của lãnh đạo")
    assert (told(office.chair, "task.assigned"), told(office.head_tc, "task.assigned")) == (1, 1)


def test_the_submitter_who_stands_in_is_not_told_of_a_judgement_on_their_own_dossier(office, sign):
    away(office, office.ann)
    own = open_for(office, sign, by=office.ann)
    assert (told(office.chair, "task.assigned"), told(office.ann, "task.assigned")) == (1, 0)
    with pytest.raises(ConflictError):
        hold(own.pk, by=fresh(office.ann), reason="Chờ")


def test_the_stand_in_may_stop_the_clock_as_the_one_who_is_away_might(office, sign):
    away(office, office.head_tc)
    dossier = open_for(office, sign)
    assert hold(dossier.pk, by=fresh(office.head_tc), reason="Chờ ý kiến").state == "held"
    assert resume(dossier.pk, by=fresh(office.head_tc)).state == "running"
    acts = [
        entry for entry in entries_for(dossier.target) if entry.verb in ("dossier.held", "dossier.resumed")
    ]
    assert [(entry.by, entry.on_behalf_of) for entry in acts] == [(office.head_tc, office.chair)] * 2


# Tasks that wait in a pool of the one who is away


@pytest.fixture
def pooled(office):
    """A type whose decision waits for the people of LD, of whom there is but one: the chair."""
    return office.publish(definition(approve("sign", {"pool": {"department": "LD"}})))


def claimed_by(person):
    return [(row.task_id, row.on_behalf_of) for row in claimable_tasks(fresh(person))]


def test_the_stand_in_claims_from_the_pool_of_the_one_who_is_away(office, pooled):
    dossier = open_for(office, pooled)
    task = task_of(dossier, "sign")
    assert (task.status, claimed_by(office.head_tc)) == ("NEW", [])
    away(office, office.head_tc)
    assert claimed_by(office.head_tc) == [(task.pk, office.chair)]
    assert count_tabs(fresh(office.head_tc))[:2] == (0, 1)
    view = view_task(task.pk, fresh(office.head_tc))
    assert (view.can_act, view.can_claim, view.can_release, view.on_behalf_of) == (
        True,
        True,
        False,
        office.chair,
    )
    claim(task.pk, by=fresh(office.head_tc))
    assert Dossier.objects.visible_to(fresh(office.head_tc)).get() == dossier
    [row] = my_tasks(fresh(office.head_tc))
    assert (row.task_id, row.on_behalf_of, claimed_by(office.head_tc)) == (task.pk, office.chair, [])
    assert view_task(task.pk, fresh(office.head_tc)).can_release
    release(task.pk, by=fresh(office.head_tc))
    assert claimed_by(office.head_tc) == [(task.pk, office.chair)]
    decide(task.pk, by=fresh(office.head_tc), outcome="approve")
    task.refresh_from_db()
    assert (task.owner, task.data["by"]) == (office.chair, office.head_tc.pk)
    entries = [entry for entry in entries_for(dossier.target) if entry.verb.startswith("task.")]
    assert [entry.verb for entry in entries] == ["task.claimed", "task.released", "task.decided"]
    assert {(entry.by, entry.on_behalf_of) for entry in entries} == {(office.head_tc, office.chair)}


def test_what_one_may_claim_for_another_has_the_limits_of_the_delegation(office, pooled):
    other = office.publish(definition(approve("sign", {"pool": {"department": "LD"}}), code="khac"))
    delegation = away(office, office.head_tc, matters=["khac"])
    inside, outside = (task_of(open_for(office, one), "sign").pk for one in (other, pooled))
    assert claimed_by(office.head_tc) == [(inside, office.chair)]
    assert count_tabs(fresh(office.head_tc))[:2] == (0, 1)
    with pytest.raises(NotVisibleError):
        claim(outside, by=fresh(office.head_tc))
    with pytest.raises(NotVisibleError):
        view_task(outside, fresh(office.head_tc))
    delegation.revoke(by=office.chair)
    assert (claimed_by(office.head_tc), count_tabs(fresh(office.head_tc))[:2]) == ([], (0, 0))
    for act_on in (claim, release):
        with pytest.raises(NotVisibleError):
            act_on(inside, by=fresh(office.head_tc))


def test_nobody_claims_their_own_dossier_for_another_nor_that_of_who_is_away(office):
    version = office.publish(definition(approve("sign", {"pool": {"department": "TC"}})))
    lend(office.tc1, office.ann)
    own, of_absent = (task_of(open_for(office, version, by=by), "sign") for by in (office.ann, office.tc1))
    for task in (own, of_absent):
        for refused in (claim, partial(decide, outcome="approve")):
            with pytest.raises(InvalidActError):
                refused(task.pk, by=fresh(office.ann))
        view = view_task(task.pk, fresh(office.ann))
        assert (view.can_act, view.can_claim) == (False, False)
    lend(office.tc2, office.ann)
    assert claim(of_absent.pk, by=fresh(office.ann)).owner == office.tc2, (
        "for whom it is no dossier of their own"
    )


def test_the_queue_of_the_dispatchers_is_not_lent(office):
    office.chair.is_superuser = True
    office.chair.save()
    nobody = {"deputy_of": "TC"}
    version = office.publish(definition(approve("sign", nobody, fallback=nobody)))
    task = task_of(open_for(office, version), "sign")
    away(office, office.head_tc)
    assert (task.owner_permission, claimed_by(office.head_tc)) == ("dispatch", [])
    with pytest.raises(NotVisibleError):
        claim(task.pk, by=fresh(office.head_tc))


def test_the_sweep_shows_what_the_one_who_is_away_may_claim_once(office, pooled):
    dossier = open_for(office, pooled)
    away(office, office.head_tc)
    assert admit_stand_ins() == 1
    assert Dossier.objects.visible_to(fresh(office.head_tc)).get() == dossier
    assert admit_stand_ins() == 0, "what is seen already is not written again"


def test_a_reminder_of_a_pool_reaches_who_stands_in_for_its_members(office):
    pool = definition(approve("sign", {"pool": {"department": "TC"}}, days=2, remind=[{"days": 1}]))
    dossier = open_for(office, office.publish(pool))
    lend(office.tc1, office.kt1)
    assert fire_all() == 1
    assert [told(one, "task.reminded") for one in (office.tc1, office.tc2, office.kt1)] == [1, 1, 1]
    assert Dossier.objects.visible_to(fresh(office.kt1)).get() == dossier


@pytest.mark.django_db(transaction=True)
def test_two_stand_ins_claim_from_one_pool_at_once(office):
    version = office.publish(definition(approve("sign", {"pool": {"department": "TC"}})))
    task = task_of(open_for(office, version), "sign").pk
    lend(office.tc1, office.kt1)
    lend(office.tc2, office.kt2)
    claimants = [fresh(office.kt1), fresh(office.kt2)]
    results = race(*[lambda by=by: claim(task, by=by) for by in claimants])
    assert sum(isinstance(result, ConflictError) for result in results) == 1, results
    assert Task.objects.get(pk=task).owner in (office.tc1, office.tc2)
