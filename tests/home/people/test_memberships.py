"""One head a department and one main place a person, on any one day."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from home.people.api import Membership
from tests.factories.people import DepartmentFactory, MembershipFactory, PositionFactory, UserFactory

pytestmark = pytest.mark.django_db


def another(membership, **changes):
    same = {"department": membership.department, "role": membership.role, **changes}
    return MembershipFactory.build(user=UserFactory(), position=PositionFactory(), **same)


@pytest.mark.parametrize("by", ["clean", "save"])
def test_a_second_head_is_refused_by_name(by):
    head = MembershipFactory(role="head", user__last_name="Trần Thị", user__first_name="Bình")
    with pytest.raises(ValidationError) as refused:
        getattr(another(head), by)()
    assert "Trần Thị Bình" in str(refused.value.message_dict["role"])
    assert Membership.objects.count() == 1


def test_a_new_head_follows_when_the_old_one_ended():
    old = MembershipFactory(role="head", until=date(2026, 6, 30))
    new = another(old, since=date(2026, 7, 1))
    new.full_clean()
    new.save()
    assert Membership.objects.filter(role="head").count() == 2


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2026, 6, 30), None), (None, date(2026, 1, 1)), (date(2026, 2, 1), date(2026, 3, 1)), (None, None)],
)
def test_heads_may_not_share_a_single_day(since, until):
    old = MembershipFactory(role="head", since=date(2026, 1, 1), until=date(2026, 6, 30))
    with pytest.raises(ValidationError):
        another(old, since=since, until=until).save()


def test_the_database_itself_refuses_a_second_head():
    head = MembershipFactory(role="head")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.bulk_create([another(head)])


def test_deputies_may_be_several():
    deputy = MembershipFactory(role="deputy")
    another(deputy).save()
    assert Membership.objects.filter(role="deputy").count() == 2


def test_a_second_main_place_is_refused_by_name():
    main = MembershipFactory(is_primary=True, department__name="Phòng Tổng hợp")
    second = MembershipFactory.build(
        user=main.user, department=DepartmentFactory(), position=main.position, is_primary=True
    )
    with pytest.raises(ValidationError) as refused:
        second.save()
    assert "Phòng Tổng hợp" in str(refused.value.message_dict["is_primary"])


def test_the_database_itself_refuses_a_second_main_place():
    main = MembershipFactory(is_primary=True)
    other = MembershipFactory(user=main.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=other.pk).update(is_primary=True)


def test_a_head_may_be_edited_without_standing_in_the_own_way():
    head = MembershipFactory(role="head", is_primary=True)
    head.since = date(2026, 1, 1)
    head.full_clean()
    head.save()


def test_an_end_before_the_beginning_is_refused():
    membership = MembershipFactory.build(
        user=UserFactory(),
        department=DepartmentFactory(),
        position=PositionFactory(),
        since=date(2026, 2, 1),
        until=date(2026, 1, 1),
    )
    with pytest.raises(ValidationError) as refused:
        membership.full_clean()
    assert "until" in refused.value.message_dict


def test_the_same_place_is_held_once_at_a_time_but_again_later():
    first = MembershipFactory(until=date(2025, 12, 31))
    again = {"user": first.user, "department": first.department, "position": first.position}
    MembershipFactory(since=date(2026, 6, 1), **again)
    with pytest.raises(ValidationError):
        MembershipFactory.build(since=date(2026, 7, 1), **again).full_clean()
