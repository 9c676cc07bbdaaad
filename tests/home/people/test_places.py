"""Roles, heads, superiors and departments of people."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.utils import timezone

from home.people.api import (
    ADMIN_GROUP,
    UnknownRoleError,
    User,
    department_ids_of,
    department_of,
    departments_of,
    deputies_of,
    head_of,
    is_office_admin,
    people_with_role,
    roles_of,
    superior_of,
)
from tests.factories.people import (
    DepartmentFactory,
    MembershipFactory,
    PositionFactory,
    UserFactory,
    make_member,
)

pytestmark = pytest.mark.django_db


def test_roles_name_departments_posts_headships_and_groups():
    group = Group.objects.create(name="Văn thư")
    head = MembershipFactory(role="head")
    other = MembershipFactory(user=head.user)
    head.user.groups.add(group)
    user = User.objects.get(pk=head.user.pk)
    assert roles_of(user) == {
        f"dept:{head.department_id}",
        f"post:{head.position_id}:{head.department_id}",
        f"head:{head.department_id}",
        f"dept:{other.department_id}",
        f"post:{other.position_id}:{other.department_id}",
        f"group:{group.pk}",
    }


def test_roles_departments_above_and_administration_cost_one_query_together(django_assert_num_queries):
    user = User.objects.get(pk=MembershipFactory().user.pk)
    with django_assert_num_queries(1):
        roles_of(user)
        department_ids_of(user)
        is_office_admin(user)
        roles_of(user)


def test_roles_of_the_lazy_user_of_a_request_are_remembered(rf, client, django_assert_num_queries):
    from django.utils.functional import SimpleLazyObject

    member = MembershipFactory()
    lazy = SimpleLazyObject(lambda: User.objects.get(pk=member.user.pk))
    assert roles_of(lazy)
    with django_assert_num_queries(0):
        assert f"dept:{member.department_id}" in roles_of(lazy)


@pytest.mark.parametrize("change", [{"until": -1}, {"since": 1}])
def test_a_membership_counts_only_on_its_days(change):
    days = {name: timezone.localdate() + timedelta(days=days) for name, days in change.items()}
    membership = MembershipFactory(role="head", **days)
    assert roles_of(membership.user) == frozenset()
    assert head_of(membership.department) is None
    assert people_with_role(f"dept:{membership.department_id}") == []


def test_today_is_the_first_and_the_last_day_of_a_membership():
    today = timezone.localdate()
    membership = MembershipFactory(since=today, until=today)
    assert f"dept:{membership.department_id}" in roles_of(membership.user)


def test_a_deactivated_person_holds_nothing():
    membership = MembershipFactory(role="head")
    group = Group.objects.create(name="Văn thư")
    membership.user.groups.add(group)
    membership.user.is_active = False
    membership.user.save()
    assert roles_of(membership.user) == frozenset()
    assert departments_of(membership.user) == []
    assert people_with_role(f"head:{membership.department_id}") == []
    assert people_with_role(f"group:{group.pk}") == []


def test_a_closed_department_gives_no_roles():
    membership = MembershipFactory(department__is_active=False)
    assert roles_of(membership.user) == frozenset()


def test_an_anonymous_visitor_holds_nothing():
    nobody = AnonymousUser()
    assert roles_of(nobody) == department_ids_of(nobody) == frozenset()
    assert department_of(nobody) is None
    assert superior_of(nobody) is None
    assert not is_office_admin(nobody)


def test_a_change_is_seen_by_the_person_that_was_loaded_before():
    user = UserFactory()
    assert roles_of(user) == frozenset()
    membership = MembershipFactory(user=user)
    assert f"dept:{membership.department_id}" in roles_of(user)
    membership.delete()
    assert roles_of(user) == frozenset()


def test_holders_come_in_the_order_main_place_rank_id():
    department, low, high = DepartmentFactory(), PositionFactory(rank=50), PositionFactory(rank=10)
    second = MembershipFactory(department=department, position=low).user
    third = MembershipFactory(department=department, position=low).user
    first = MembershipFactory(department=department, position=high).user
    main = MembershipFactory(department=department, position=low, is_primary=True).user
    assert people_with_role(f"dept:{department.pk}") == [main, first, second, third]
    assert people_with_role(f"post:{low.pk}:{department.pk}") == [main, second, third]


def test_a_person_with_two_posts_in_a_department_is_named_once():
    first = MembershipFactory()
    MembershipFactory(user=first.user, department=first.department)
    assert people_with_role(f"dept:{first.department_id}") == [first.user]


@pytest.mark.parametrize(
    "role", ["", "head", "head:", "head:x", "post:1", "dept:1:2", "leader:1", "head:-1", "dept:²"]
)
def test_a_text_that_is_no_role_is_refused_with_the_known_kinds(role):
    with pytest.raises(
        UnknownRoleError, match="Known: dept:<id>, post:<id>:<id>, head:<id>, deputy:<id>, group:<id>"
    ):
        people_with_role(role)


def test_a_role_of_something_that_is_gone_has_no_holders():
    assert people_with_role("head:999999") == []


def test_head_and_deputies_of_a_department():
    department = DepartmentFactory()
    head = make_member(department, "head")
    later = MembershipFactory(department=department, role="deputy", position=PositionFactory(rank=40)).user
    first = MembershipFactory(department=department, role="deputy", position=PositionFactory(rank=20)).user
    make_member(department)
    assert head_of(department) == head
    assert deputies_of(department) == [first, later]


def test_main_place_comes_first_and_decides_the_department():
    other = MembershipFactory(position=PositionFactory(rank=1))
    main = MembershipFactory(user=other.user, is_primary=True)
    assert departments_of(other.user) == [main.department, other.department]
    assert department_of(other.user) == main.department


def test_without_a_main_place_the_highest_position_decides():
    low = MembershipFactory(position=PositionFactory(rank=90))
    high = MembershipFactory(user=low.user, position=PositionFactory(rank=5))
    assert department_of(low.user) == high.department


def test_audiences_reach_from_a_department_up_to_the_root():
    root = DepartmentFactory()
    middle = DepartmentFactory(parent=root)
    leaf = DepartmentFactory(parent=middle)
    DepartmentFactory(parent=root)
    user = make_member(leaf)
    assert department_ids_of(user) == {root.pk, middle.pk, leaf.pk}


def test_superior_is_the_head_and_for_the_head_the_next_head_up():
    root = DepartmentFactory()
    middle = DepartmentFactory(parent=root)
    leaf = DepartmentFactory(parent=middle)
    chief, head, officer = make_member(root, "head"), make_member(leaf, "head"), make_member(leaf)
    assert superior_of(officer) == head
    assert superior_of(head) == chief
    assert superior_of(chief) is None


def test_superior_skips_a_department_without_an_active_head():
    root = DepartmentFactory()
    leaf = DepartmentFactory(parent=root)
    chief, officer = make_member(root, "head"), make_member(leaf)
    make_member(leaf, "head", is_active=False)
    assert superior_of(officer) == chief


def test_who_heads_two_levels_answers_to_the_level_above_both():
    root = DepartmentFactory()
    middle = DepartmentFactory(parent=root)
    leaf = DepartmentFactory(parent=middle)
    chief, both = make_member(root, "head"), make_member(leaf, "head")
    MembershipFactory(user=both, department=middle, role="head")
    assert superior_of(both) == chief


def test_administrators_are_superusers_and_the_group():
    admin = UserFactory()
    admin.groups.add(Group.objects.create(name=ADMIN_GROUP))
    assert is_office_admin(admin)
    assert is_office_admin(UserFactory(is_superuser=True))
    assert not is_office_admin(UserFactory(is_superuser=True, is_active=False))
    assert not is_office_admin(UserFactory())
