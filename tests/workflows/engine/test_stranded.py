"""People leave while tasks wait for them: the tasks find somebody else, and it is on record."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from home.audit.api import entries_for, verify
from home.notifications.api import Notification
from home.people.api import ADMIN_GROUP, Delegation, Membership
from tests.factories.flows import act, approve, definition, open_for, task_of
from workflows.definitions.api import forget_definition
from workflows.dossiers.api import Dossier, FlowVersion
from workflows.engine import compiled
from workflows.engine.api import claim, my_tasks, rescue_stranded_tasks


@pytest.fixture
def dossier(office):
    raw = definition(approve("sign", {"position": "chair", "department": "LD"}))
    return open_for(office, office.publish(raw))


def leave(person):
    Membership.objects.filter(user=person).delete()
    person.is_active = False
    person.save()


def test_nothing_is_done_while_everybody_is_there(office, dossier):
    assert rescue_stranded_tasks() == 0
    assert [entry.verb for entry in entries_for(dossier.target)] == ["dossier.opened"]


def test_the_task_of_somebody_who_left_goes_to_the_fallback(office, dossier):
    leave(office.chair)
    assert rescue_stranded_tasks() == 1
    task = task_of(dossier, "sign")
    assert (task.owner, task.data["why"]) == (office.chief, "fallback:position")
    assert [row.dossier for row in my_tasks(office.chief)] == [dossier]
    last = entries_for(dossier.target).last()
    assert (last.verb, last.by, last.data["before"], last.data["now"]) == (
        "task.reassigned",
        None,
        "chair",
        "chief",
    )
    assert Notification.objects.filter(recipient=office.chief, kind="task.assigned").count() == 1
    assert act(dossier, "sign", office.chief).state == Dossier.State.APPROVED
    assert verify() is None


def test_a_second_run_changes_nothing(office, dossier):
    leave(office.chair)
    rescue_stranded_tasks()
    assert rescue_stranded_tasks() == 0


def test_a_pool_that_emptied_goes_to_the_fallback(office, version):
    dossier = open_for(office, version)
    for person in (office.tc1, office.tc2, office.head_tc):
        leave(person)
    assert rescue_stranded_tasks() == 1
    assert task_of(dossier, "op_tc").owner == office.chief


def test_what_somebody_claimed_before_losing_the_role_returns_to_the_pool(office, version):
    dossier = open_for(office, version)
    claim(task_of(dossier, "op_tc").pk, by=office.tc1)
    Membership.objects.filter(user=office.tc1).delete()
    assert rescue_stranded_tasks() == 1
    task = task_of(dossier, "op_tc")
    assert (task.owner, task.status) == (None, "NEW")
    act(dossier, "op_tc", office.tc2, "agree")


def test_when_nobody_is_left_the_administrators_are_asked(office, dossier):
    administrators, _created = Group.objects.get_or_create(name=ADMIN_GROUP)
    administrators.user_set.add(office.vp1)
    leave(office.chair)
    leave(office.chief)
    assert rescue_stranded_tasks() == 1
    assert task_of(dossier, "sign").owner_permission == "dispatch"
    assert Notification.objects.filter(recipient=office.vp1, kind="task.stranded").exists()
    administrator = type(office.vp1).objects.get(pk=office.vp1.pk)
    assert act(dossier, "sign", administrator).state == Dossier.State.APPROVED


def test_a_returned_dossier_of_somebody_who_left_is_not_lost(office, dossier):
    act(dossier, "sign", office.chair, "return", note="Bổ sung")
    leave(office.ann)
    assert rescue_stranded_tasks() == 1
    assert task_of(dossier, "rework").owner_permission == "dispatch"
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.RETURNED


def test_the_page_says_that_the_system_did_it(office, dossier, client):
    leave(office.chair)
    rescue_stranded_tasks()
    client.force_login(office.ann)
    page = client.get(f"/dossiers/{dossier.pk}/").content.decode()
    assert "None" not in page
    assert str(office.chief) in page


def test_the_task_of_somebody_deactivated_goes_to_the_head_above(office):
    dossier = open_for(office, office.publish(definition(approve("sign", {"user": "tc1"}))))
    type(office.tc1).objects.filter(pk=office.tc1.pk).update(is_active=False)
    assert rescue_stranded_tasks() == 1
    task = task_of(dossier, "sign")
    assert (task.owner, task.data["why"]) == (office.head_tc, "successor")
    assert entries_for(dossier.target).last().data["why"] == "successor"


def test_a_stand_in_comes_before_the_head(office):
    today = timezone.localdate()
    Delegation(principal=office.tc1, delegate=office.kt1, since=today, until=today).save()
    dossier = open_for(office, office.publish(definition(approve("sign", {"user": "tc1"}))))
    type(office.tc1).objects.filter(pk=office.tc1.pk).update(is_active=False)
    rescue_stranded_tasks()
    assert task_of(dossier, "sign").owner == office.kt1


def test_one_that_fails_keeps_nobody_else(office, dossier):
    """A version that cannot be read is no reason to leave the tasks of others where nobody is."""
    broken = open_for(office, office.publish(definition(approve("sign", {"user": "chair"}), code="khac")))
    FlowVersion.objects.filter(pk=broken.version_id).update(definition={"code": "khac"})
    compiled.forget(broken.version.class_name)
    forget_definition(broken.version)
    first = open_for(office, dossier.version)
    leave(office.chair)
    assert rescue_stranded_tasks() == 2
    assert {task_of(one, "sign").owner for one in (dossier, first)} == {office.chief}


def test_when_the_stand_in_may_not_judge_the_head_follows(office):
    today = timezone.localdate()
    Delegation(principal=office.tc1, delegate=office.kt1, since=today, until=today).save()
    dossier = open_for(office, office.publish(definition(approve("sign", {"user": "tc1"}))), by=office.kt1)
    type(office.tc1).objects.filter(pk=office.tc1.pk).update(is_active=False)
    rescue_stranded_tasks()
    assert task_of(dossier, "sign").owner == office.head_tc


def test_a_submitter_who_would_follow_does_not_judge_their_own_dossier(office):
    version = office.publish(definition(approve("sign", {"user": "tc1"})))
    dossier = open_for(office, version, by=office.head_tc)
    type(office.tc1).objects.filter(pk=office.tc1.pk).update(is_active=False)
    rescue_stranded_tasks()
    assert task_of(dossier, "sign").owner == office.chair  # the next head up
