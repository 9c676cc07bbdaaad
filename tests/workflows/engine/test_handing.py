"""Open tasks go to somebody else, with a reason, and everybody concerned is told."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from home.audit.api import entries_for, verify
from home.notifications.api import Notification
from home.people.api import ADMIN_GROUP
from tests.factories.flows import act, approve, definition, make_office, open_for, task_of
from tests.threads import race
from workflows.dossiers.api import Dossier
from workflows.engine.api import (
    ConflictError,
    InvalidActError,
    NotVisibleError,
    candidates_for,
    claim,
    decide,
    forward,
    hold,
    may_reassign,
    may_resume,
    my_tasks,
    reassign,
    release,
    request_supplement,
    resume,
)

HEAD_TC = {"head_of": "TC"}
CHAIR = {"position": "chair", "department": "LD"}


@pytest.fixture
def signing(office):
    return open_for(office, office.publish(definition(approve("sign", CHAIR))))


def test_the_head_gives_a_task_to_a_colleague(office, signing):
    task = reassign(task_of(signing, "sign").pk, by=office.head_dt, to=office.tc1, reason="Đi công tác")
    assert (task.owner, task.data["why"], task.data["handed_by"]) == (
        office.tc1,
        "reassigned",
        office.head_dt.pk,
    )
    assert [row.dossier for row in my_tasks(office.tc1)] == [signing]
    assert not my_tasks(office.chair)
    assert Dossier.objects.visible_to(office.tc1).filter(pk=signing.pk).exists()
    assert Notification.objects.filter(recipient=office.tc1, kind="task.assigned").count() == 1
    told = Notification.objects.get(recipient=office.chair, kind="task.handed")
    assert (told.params["note"], told.params["person"]) == ("Đi công tác", str(office.tc1))
    entry = entries_for(signing.target).last()
    assert entry.verb == "task.handed.reassigned"
    assert (entry.data["before"], entry.data["now"], entry.data["note"]) == ("chair", "tc1", "Đi công tác")
    with pytest.raises(ConflictError):
        act(signing, "sign", office.chair)
    assert act(signing, "sign", office.tc1).state == Dossier.State.APPROVED
    assert verify() is None


def test_the_owner_passes_a_task_on(office, signing):
    task = forward(task_of(signing, "sign").pk, by=office.chair, to=office.head_tc, reason="Đúng việc của TC")
    assert (task.owner, task.data["why"]) == (office.head_tc, "forwarded")
    with pytest.raises(ConflictError):
        forward(task.pk, by=office.chair, to=office.tc1, reason="Lần nữa")
    assert act(signing, "sign", office.head_tc).state == Dossier.State.APPROVED


def test_a_task_of_a_pool_passed_on_is_the_receivers_own(office, version):
    dossier = open_for(office, version)
    task = task_of(dossier, "op_tc")
    claim(task.pk, by=office.tc1)
    task = forward(task.pk, by=office.tc1, to=office.kt2, reason="Rõ hơn")
    assert task.owner_permission is None
    with pytest.raises(InvalidActError):
        release(task.pk, by=office.kt2)
    act(dossier, "op_tc", office.kt2, "agree")
    other = task_of(dossier, "op_dt")
    forward(other.pk, by=office.dt1, to=office.dt2, reason="Anh làm")
    act(dossier, "op_dt", office.dt2, "agree")
    assert dossier.refresh_from_db() is None
    assert dossier.open_steps == ["sign"]


def test_who_may_reassign(office, version):
    dossier = open_for(office, version)
    task = task_of(dossier, "op_tc")

    def may():
        return sorted(name for name, person in office.people.items() if may_reassign(dossier, task, person))

    assert may() == ["head_dt", "head_tc"]
    claim(task.pk, by=office.tc1)
    task.refresh_from_db()
    assert may() == ["head_dt", "head_tc"]
    administrators, _created = Group.objects.get_or_create(name=ADMIN_GROUP)
    administrators.user_set.add(office.vp1)
    office.vp1.refresh_from_db()
    assert "vp1" in may()
    reassign(task.pk, by=office.head_tc, to=office.tc2, reason="Cân việc")


def test_nobody_chooses_who_judges_their_own_dossier(office):
    """A head who submits gives no task of it to others, nor goes on without the supplement that was asked for."""
    raw = definition(approve("one", {"user": "dt1"}), approve("two", CHAIR))
    dossier = open_for(office, office.publish(raw), by=office.head_dt)
    task = task_of(dossier, "one")
    assert not may_reassign(dossier, task, office.head_dt)
    with pytest.raises(ConflictError):
        reassign(task.pk, by=office.head_dt, to=office.dt2, reason="Người quen")
    with pytest.raises(ConflictError):
        hold(dossier.pk, by=office.head_dt, reason="Chờ")
    request_supplement(task.pk, by=office.dt1, reason="Thiếu")
    dossier.refresh_from_db()
    assert not may_resume(dossier, office.head_dt)
    with pytest.raises(ConflictError):
        resume(dossier.pk, by=office.head_dt)
    resume(dossier.pk, by=office.dt1)
    act(dossier, "one", office.dt1)
    # The dispatchers may, so that no office is ever stuck.
    administrators, _created = Group.objects.get_or_create(name=ADMIN_GROUP)
    administrators.user_set.add(office.head_dt)
    office.head_dt.forget_places()
    reassign(task_of(dossier, "two").pk, by=office.head_dt, to=office.tc1, reason="Chủ tịch vắng")


def test_others_may_not_and_outsiders_learn_nothing(office, signing):
    task = task_of(signing, "sign")
    with pytest.raises(NotVisibleError):
        reassign(task.pk, by=office.outsider, to=office.tc1, reason="x")
    with pytest.raises(NotVisibleError):
        forward(task.pk, by=office.outsider, to=office.tc1, reason="x")
    with pytest.raises(ConflictError):
        reassign(task.pk, by=office.ann, to=office.tc1, reason="x")
    with pytest.raises(ConflictError):
        forward(task.pk, by=office.ann, to=office.tc1, reason="x")


@pytest.mark.parametrize(
    ("name", "reason", "field"),
    [("ann", "x", "to"), ("chair", "x", "to"), ("outsider", "x", "to"), ("tc1", " ", "note")],
)
def test_receivers_must_be_able_to_decide(office, signing, name, reason, field):
    office.outsider.is_active = False
    office.outsider.save()
    task = task_of(signing, "sign")
    for act_, by in ((reassign, office.head_dt), (forward, office.chair)):
        with pytest.raises(InvalidActError) as refused:
            act_(task.pk, by=by, to=office.people[name], reason=reason)
        assert refused.value.field == field
    names = set(candidates_for(task, office.head_dt).values_list("username", flat=True))
    assert "tc1" in names
    assert not names & {"ann", "chair", "outsider"}


def test_while_the_clock_stands_still_tasks_are_given_out_all_the_same(office, signing):
    hold(signing.pk, by=office.chair, reason="Chờ")
    reassign(task_of(signing, "sign").pk, by=office.head_dt, to=office.tc1, reason="Vắng")
    signing.refresh_from_db()
    assert signing.state == Dossier.State.HELD


@pytest.mark.django_db(transaction=True)
def test_a_decision_against_a_reassignment():
    office = make_office()
    raw = definition(approve("sign", {"position": "chair", "department": "LD"}))
    dossier = open_for(office, office.publish(raw))
    task = task_of(dossier, "sign")
    results = race(
        lambda: decide(task.pk, by=office.chair, outcome="approve"),
        lambda: reassign(task.pk, by=office.head_dt, to=office.tc1, reason="Vắng"),
    )
    [refused] = [result for result in results if isinstance(result, Exception)]
    assert isinstance(refused, ConflictError), results
    task.refresh_from_db()
    decided = not isinstance(results[0], Exception)
    assert (task.status, task.owner) == (("DONE", office.chair) if decided else ("ASSIGNED", office.tc1))
    assert verify() is None
