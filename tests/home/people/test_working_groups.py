"""Working groups: who may know of them, who belongs to them today, and what that opens."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from home.people.api import holders_of, people_with_role, roles_of
from home.people.models import GroupMember, User, WorkingGroup
from home.people.unit_parts import UnitPart, unit_parts
from tests.counting import cost_of, listed
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


def days(number):
    return timezone.localdate() + timedelta(days=number)


def make_group(*people, **values):
    defaults = {"code": "to-mot", "name": "Tổ một", "since": days(-5), "mandate": "<p>Rà soát thủ tục</p>"}
    group = WorkingGroup.objects.create(**defaults | values)
    for person in people:
        GroupMember.objects.create(group=group, user=person)
    return group


def fresh(user):
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("values", "left_on", "inside"),
    [
        ({}, None, True),
        ({"until": days(0)}, None, True),
        ({"until": days(-1)}, None, False),
        ({"since": days(1)}, None, False),
        ({}, days(0), False),
        ({}, days(1), True),
    ],
)
def test_the_role_holds_while_the_group_runs_and_the_person_is_in_it(values, left_on, inside):
    lan = make_member(DepartmentFactory())
    group = make_group(lan, **values)
    GroupMember.objects.update(left_on=left_on)
    role = f"team:{group.pk}"
    assert (role in roles_of(fresh(lan))) is inside
    assert people_with_role(role) == ([lan] if inside else [])
    assert list(User.objects.filter(holders_of([role]))) == ([lan] if inside else [])


def test_whoever_has_no_department_belongs_to_the_group_all_the_same_but_not_when_closed():
    lan = UserFactory()
    group = make_group(lan)
    assert roles_of(fresh(lan)) == {f"team:{group.pk}"}
    lan.is_active = False
    lan.save()
    assert roles_of(fresh(lan)) == frozenset() and people_with_role(f"team:{group.pk}") == []


def test_a_closed_group_is_known_to_its_members_alone(client):
    inside, former, outside, keeper = UserFactory.create_batch(4)
    group = make_group(inside, former, is_open=False, name="Tổ kín")
    GroupMember.objects.filter(user=former).update(left_on=days(-1))
    keeper.user_permissions.add(Permission.objects.get(codename="change_workinggroup"))
    for person, sees in ((inside, True), (former, True), (keeper, True), (outside, False)):
        client.force_login(person)
        answers = [client.get("/working-groups/"), client.get(f"/people/{inside.pk}/")]
        assert ["Tổ kín" in answer.content.decode() for answer in answers] == [sees, sees], person
        assert client.get(f"/working-groups/{group.code}/").status_code == (200 if sees else 404)
    client.logout()
    assert client.get("/working-groups/").status_code == 302


def test_the_page_shows_mandate_members_and_what_rooms_add(client):
    lead = make_member(DepartmentFactory(name="Phòng Đô thị"), last_name="Lê", first_name="Lan")
    gone = UserFactory(last_name="Bùi", first_name="Đã Đi")
    group = make_group(lead, gone, until=days(30), decision="Quyết định số 12")
    GroupMember.objects.filter(user=lead).update(role="lead", task="Chỉ đạo chung")
    GroupMember.objects.filter(user=gone).update(left_on=days(-1))
    part = UnitPart(
        code="test",
        label="Việc của tổ",
        template="dashboard/panels/links.html",
        context=lambda request, unit: {"shown": [(f"{unit}!", "/")]} if unit == group else None,
    )
    client.force_login(UserFactory())
    with unit_parts.override(part):
        html = client.get("/working-groups/to-mot/").content.decode()
        unit = lead.memberships.get().department
        assert "Việc của tổ" not in client.get(f"/departments/{unit.code}/").content.decode()
    for text in ("Rà soát thủ tục", "Lê Lan", "Phòng Đô thị", "Chỉ đạo chung", "Quyết định số 12", "Tổ một!"):
        assert text in html
    assert html.index("Lê Lan") < html.index("Bùi Đã Đi")


def test_lists_and_pages_cost_the_same_whatever_is_in_them(client):
    client.force_login(UserFactory())
    make_group(make_member(DepartmentFactory()))
    before = {url: len(cost_of(client, url)[1]) for url in ("/working-groups/", "/working-groups/to-mot/")}
    for number in range(4):
        make_group(*[make_member(DepartmentFactory()) for _ in range(3)], code=f"to-{number}")
    for _number in range(5):
        GroupMember.objects.create(
            group=WorkingGroup.objects.get(code="to-mot"), user=make_member(DepartmentFactory())
        )
    for url, count in before.items():
        _page, queries = cost_of(client, url)
        assert len(queries) == count, listed(queries)


def test_the_admin_keeps_groups_with_their_members(client):
    boss = UserFactory(is_superuser=True, is_staff=True)
    lan = UserFactory()
    client.force_login(boss)
    address = "/admin/snippets/people/workinggroup/add/"
    assert "memberships-TOTAL_FORMS" in client.get(address).content.decode()
    sent = {
        "name": "Tổ hai",
        "code": "to-hai",
        "mandate": "null",
        "since": "2026-01-01",
        "until": "2025-01-01",
        "is_open": "on",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-user": str(lan.pk),
        "memberships-0-role": "lead",
    }
    assert client.post(address, sent).status_code == 200
    assert not WorkingGroup.objects.exists()
    assert client.post(address, sent | {"until": "2027-01-01"}).status_code == 302
    member = GroupMember.objects.get()
    assert (member.user, member.role, member.group.code) == (lan, "lead", "to-hai")
