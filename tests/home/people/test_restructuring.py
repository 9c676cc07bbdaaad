"""Departments that are renamed or merged: history is kept, addresses lead on, nobody's work is orphaned."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from home.people.api import (
    Department,
    Membership,
    User,
    department_ids_of,
    head_of,
    holders_of,
    people_with_role,
    roles_of,
)
from home.people.models import DepartmentEvent
from home.people.restructuring import merge, rename
from tests.factories.people import DepartmentFactory, MembershipFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_a_rename_keeps_the_former_name_and_its_address(client):
    boss = UserFactory()
    unit = DepartmentFactory(code="DT", name="Phòng Đô thị")
    rename(unit, name="Phòng Hạ tầng", code="HT", by=boss, note="Quyết định số 7")
    event = DepartmentEvent.objects.get()
    assert (event.name, event.code, event.by, event.note) == ("Phòng Đô thị", "DT", boss, "Quyết định số 7")
    client.force_login(boss)
    assert client.get("/departments/DT/").url == "/departments/HT/"
    html = client.get("/departments/HT/").content.decode()
    assert "Phòng Đô thị" in html and "Quyết định số 7" in html
    assert client.get("/departments/XX/").status_code == 404


def test_spelling_is_no_history_and_a_taken_code_is_refused():
    unit = DepartmentFactory(code="DT", name="Phòng Đô Thi")
    DepartmentFactory(code="HT")
    unit = Department.objects.get(pk=unit.pk)
    unit.name = "Phòng Đô thị"
    unit.save()
    assert not DepartmentEvent.objects.exists()
    with pytest.raises(ValidationError):
        rename(unit, name="Phòng khác", code="HT")
    unit.refresh_from_db()
    assert unit.name == "Phòng Đô thị"


@pytest.fixture
def office():
    """Two departments below an office, with a part, heads and a member of each."""
    root = DepartmentFactory(code="VP")
    old = DepartmentFactory(code="OLD", name="Phòng Cũ", parent=root)
    new = DepartmentFactory(code="NEW", name="Phòng Mới", parent=root)
    part = DepartmentFactory(code="PART", parent=old)
    return {
        "root": root,
        "old": old,
        "new": new,
        "part": part,
        "old_head": make_member(old, "head"),
        "new_head": make_member(new, "head"),
        "member": make_member(old),
        "in_part": make_member(part),
    }


def test_a_merger_moves_people_and_parts_and_keeps_what_was(client, office):
    old, new = office["old"], office["new"]
    held = office["old_head"].memberships.get()
    future = MembershipFactory(department=old, since=timezone.localdate() + timedelta(days=9))
    both = MembershipFactory(department=old).user
    MembershipFactory(user=both, department=new, position=both.memberships.get().position)
    merge([old], into=new, by=office["new_head"], note="Quyết định số 9")
    old.refresh_from_db()
    assert (old.is_active, old.successor) == (False, new)
    office["part"].refresh_from_db()
    assert office["part"].parent == new and str(new.pk) in office["part"].path
    was, now = office["old_head"].memberships.order_by("pk")
    assert (was.pk, was.department, was.role) == (held.pk, old, "head")
    assert was.until == timezone.localdate() - timedelta(days=1)
    assert (now.department, now.role, now.is_primary, now.position) == (new, "member", True, held.position)
    moved = future.user.memberships.get()
    assert (moved.department, moved.since) == (new, future.since)
    assert both.memberships.filter(department=new).count() == 1
    client.force_login(office["member"])
    assert client.get("/departments/OLD/").url == "/departments/NEW/"
    html = client.get("/departments/NEW/").content.decode()
    assert "Phòng Cũ" in html and "Quyết định số 9" in html


def test_whoever_belongs_to_the_joint_unit_answers_for_the_former_ones(office):
    old, new, root = office["old"], office["new"], office["root"]
    stranger = make_member(DepartmentFactory())
    before = department_ids_of(fresh(stranger))
    older = DepartmentFactory(code="OLDER", parent=DepartmentFactory(code="ELSEWHERE"))
    merge([older], into=old)
    merge([old], into=new)
    head = fresh(office["new_head"])
    for unit in (old, older, new):
        assert f"head:{unit.pk}" in roles_of(head) and f"dept:{unit.pk}" in roles_of(head)
        assert people_with_role(f"head:{unit.pk}") == [head] and head_of(unit) == head
        assert head in User.objects.filter(holders_of([f"dept:{unit.pk}"]))
    # Pages for a former unit reach its people, those of its parts included, and nobody beyond.
    reach = {new.pk, old.pk, older.pk, root.pk}
    assert department_ids_of(head) == reach
    assert department_ids_of(fresh(office["in_part"])) == reach | {office["part"].pk}
    assert roles_of(fresh(office["in_part"])) == {
        f"dept:{office['part'].pk}",
        f"post:{office['in_part'].memberships.get().position_id}:{office['part'].pk}",
    }
    assert department_ids_of(fresh(stranger)) == before
    assert head not in User.objects.filter(holders_of([f"dept:{office['part'].pk}"]))


@pytest.mark.parametrize(
    ("sources", "into"),
    [([], "new"), (["new"], "new"), (["root"], "new"), (["old"], "shut"), (["shut"], "new")],
)
def test_an_impossible_merger_changes_nothing(office, sources, into):
    office["shut"] = DepartmentFactory(is_active=False)
    with pytest.raises(ValidationError):
        merge([office[name] for name in sources], into=office[into])
    assert not DepartmentEvent.objects.exists()
    assert Membership.objects.filter(until__isnull=False).count() == 0


def test_the_admin_asks_before_it_merges_and_lets_nobody_else(client, office):
    url = "/admin/departments/merge/"
    sent = {"sources": [office["old"].pk], "into": office["new"].pk, "note": "Quyết định số 9"}
    client.force_login(office["member"])
    assert client.post(url, sent | {"confirmed": "1"}).status_code in (302, 403)
    assert Department.objects.get(code="OLD").is_active
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    assert client.get(url).status_code == 200
    answer = client.post(url, sent)
    assert answer.context["asks"] and answer.context["people"] == 2
    assert Department.objects.get(code="OLD").is_active
    bad = client.post(url, sent | {"into": office["old"].pk, "confirmed": "1"})
    assert bad.status_code == 200 and bad.context["form"].errors
    assert client.post(url, {"sources": ["x"], "into": "999", "confirmed": "1"}).status_code == 200
    assert client.post(url, sent | {"confirmed": "1"}).status_code == 302
    assert not Department.objects.get(code="OLD").is_active
    assert client.post(url, sent | {"confirmed": "1"}).status_code == 200, "a second click finds it closed"
