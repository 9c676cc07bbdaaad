"""The gates of dossiers and remarks, asked from both sides: what a person sees, and who sees a thing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from home.people.api import ADMIN_GROUP, User
from tests.factories.flows import act, open_for, task_of
from tests.factories.people import DelegationFactory, UserFactory
from workflows.dossiers.api import (
    DISPATCH,
    Dossier,
    Remark,
    follow,
    followed_by,
    followers_of,
    follows,
    grant,
    readers_of,
    remark_readers,
    unfollow,
)
from workflows.engine.api import claim
from workflows.engine.standing_in import admit_stand_ins


@pytest.fixture
def dossier(office, version):
    """One dossier that people see by name, by department, by post, by group, as heads, deputies and stand-ins."""
    found = open_for(office, version)
    claim(task_of(found, "op_tc").pk, by=office.tc1)
    group = Group.objects.create(name="Tổ thẩm định")
    office.people["member"] = UserFactory(username="member")
    office.member.groups.add(group)
    office.people["admin"] = UserFactory(username="admin_person")
    office.admin.groups.add(Group.objects.get_or_create(name=ADMIN_GROUP)[0])
    office.people["root"] = UserFactory(username="root_person", is_superuser=True)
    office.people["left"] = UserFactory(username="left", is_active=False)
    place = office.vp1.memberships.get()
    grant(
        found,
        {
            DISPATCH,
            f"group:{group.pk}",
            f"user:{office.left.pk}",
            f"post:{place.position_id}:{place.department_id}",
            f"deputy:{place.department_id}",
        },
    )
    return found


def seen_by(people, dossier):
    return {person.username for person in people if Dossier.objects.visible_to(person).filter(pk=dossier.pk)}


def names(people):
    return {person.username for person in people}


def test_readers_are_exactly_those_whom_the_gate_lets_in(office, dossier):
    DelegationFactory(principal=office.tc1, delegate=office.outsider)
    admit_stand_ins()
    everybody = list(User.objects.all())
    found = names(readers_of(dossier))
    assert found == seen_by(everybody, dossier)
    assert {
        "tc1",
        "tc2",
        "ann",
        "head_dt",
        "member",
        "admin_person",
        "root_person",
        "vp2",
        "outsider",
    } <= found
    assert "left" not in found and "chair" not in found


def test_readers_cost_two_queries_whatever_their_number(dossier, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(readers_of(dossier)) > 5


def readable(dossier, audience, people):
    remark = Remark.objects.create(
        dossier=dossier, by=User.objects.get(username="tc1"), text="?", audience=audience
    )
    return {person.username for person in people if Remark.objects.visible_to(person).filter(pk=remark.pk)}


@pytest.mark.parametrize("audience", ["staff", "all"])
def test_readers_of_a_remark_are_exactly_those_whom_its_gate_lets_in(office, dossier, audience):
    everybody = list(User.objects.all())
    found = names(remark_readers(dossier, audience))
    assert found == readable(dossier, audience, everybody)
    assert ("ann" in found) == (audience == "all")
    assert {"tc1", "tc2", "head_dt"} <= found and "outsider" not in found


def test_who_stands_in_for_the_submitter_alone_reads_no_remarks_of_the_staff(office, dossier):
    for unit in ("tc1", "kt1"):
        act(dossier, f"op_{unit[:2]}", office.people[unit], "disagree", "Thiếu")
    dossier.refresh_from_db()
    DelegationFactory(principal=office.ann, delegate=office.outsider)
    admit_stand_ins()
    assert Dossier.objects.visible_to(office.outsider).filter(pk=dossier.pk).exists()
    for audience in ("staff", "all"):
        found = names(remark_readers(dossier, audience))
        assert found == readable(dossier, audience, list(User.objects.all()))
        assert ("outsider" in found) == (audience == "all")


def test_who_stands_in_for_the_submitter_and_works_on_it_reads_them(office, dossier):
    for unit in ("tc1", "kt1"):
        act(dossier, f"op_{unit[:2]}", office.people[unit], "disagree", "Thiếu")
    DelegationFactory(principal=office.ann, delegate=office.tc2)
    admit_stand_ins()
    assert "tc2" in names(remark_readers(dossier, "staff"))
    assert "tc2" in readable(dossier, "staff", [office.tc2])


def test_following_tells_of_a_dossier_only_while_it_may_be_seen(office, dossier):
    for person in (office.tc1, office.tc2, office.ann):
        follow(dossier.pk, by=person)
        follow(dossier.pk, by=person)
    assert list(followed_by(office.tc2)) == [dossier]
    assert names(followers_of(dossier)) == {"tc1", "tc2", "ann"}
    office.tc2.memberships.update(until=timezone.localdate() - timedelta(days=1))
    assert names(followers_of(dossier)) == {"tc1", "ann"}
    assert not followed_by(User.objects.get(pk=office.tc2.pk))
    assert follows(office.tc2, dossier)
    unfollow(dossier.pk, by=office.tc1)
    assert names(followers_of(dossier)) == {"ann"} and not follows(office.tc1, dossier)


def test_nobody_follows_what_they_may_not_see(office, dossier, django_assert_num_queries):
    for change in (follow, unfollow):
        with pytest.raises(Dossier.DoesNotExist):
            change(dossier.pk, by=office.outsider)
    with django_assert_num_queries(1):
        assert followers_of(dossier) == []
