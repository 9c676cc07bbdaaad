"""The own profile, the directory and the pages of departments."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.people import (
    DelegationFactory,
    DepartmentFactory,
    MembershipFactory,
    UserFactory,
    make_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_member(DepartmentFactory(code="VP", name="Văn phòng"), last_name="Lê", first_name="Lan")


@pytest.fixture
def member(client, user):
    client.force_login(user)
    return client


def names(answer):
    return [str(person) for person in answer.context["people"]]


def test_the_profile_shows_the_own_places(member):
    page = member.get("/me/")
    assert page.status_code == 200
    assert "Văn phòng" in page.content.decode()


def test_telephone_and_language_are_the_persons_own_to_change(member, user):
    assert member.post("/me/", {"phone": " 0901 234 567 ", "language": "en"}).url == "/me/"
    user.refresh_from_db()
    assert (user.phone, user.language) == ("0901 234 567", "en")


def test_nothing_else_about_oneself_can_be_changed(member, user):
    hostile = {
        "phone": "1",
        "language": "vi",
        "is_superuser": "on",
        "username": "root",
        "email": "x@evil.example",
    }
    member.post("/me/", hostile)
    before = (user.username, user.email, False)
    user.refresh_from_db()
    assert (user.username, user.email, user.is_superuser) == before


@pytest.mark.parametrize(
    "data", [{"phone": "0" * 41, "language": "vi"}, {"phone": "1", "language": "de"}, {"phone": "\x00"}]
)
def test_a_bad_profile_changes_nothing_and_keeps_what_was_typed(member, user, data):
    answer = member.post("/me/", data)
    assert answer.status_code == 200 and answer.context["form"].errors
    user.refresh_from_db()
    assert (user.phone, user.language) == ("", "vi")


@pytest.mark.parametrize("address", ["/me/", "/people/", "/departments/VP/"])
def test_visitors_see_nothing(client, user, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.url == f"/login/?next={address}"


def test_the_directory_finds_people_without_diacritics(member):
    UserFactory(last_name="Nguyễn Văn", first_name="Đức")
    assert names(member.get("/people/", {"q": "duc nguyen"})) == ["Nguyễn Văn Đức"]


def test_the_directory_lists_in_the_order_of_given_names(member):
    for first in ("Đức", "Dũng", "Án", "An"):
        UserFactory(last_name="Trần", first_name=first)
    assert names(member.get("/people/")) == ["Trần An", "Trần Án", "Trần Dũng", "Trần Đức", "Lê Lan"]


def test_a_department_stands_for_all_below_it(member, user):
    root = user.memberships.get().department
    below = make_member(DepartmentFactory(parent=root), last_name="Vũ", first_name="Zung")
    make_member(DepartmentFactory())
    MembershipFactory(user=below, department=root)
    assert names(member.get("/people/", {"department": "VP"})) == ["Lê Lan", "Vũ Zung"]


def test_the_directory_leaves_out_who_left(member):
    UserFactory(first_name="Cũ", is_active=False)
    assert names(member.get("/people/")) == ["Lê Lan"]


@pytest.mark.parametrize(
    "query", [{"q": "\x00"}, {"department": "' OR 1=1"}, {"q": "x" * 9000}, {"q": "%_\\"}]
)
def test_odd_searches_find_nobody_and_do_not_fail(member, query):
    answer = member.get("/people/", query)
    assert answer.status_code == 200
    assert names(answer) == []


@pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
def test_a_page_that_does_not_exist_is_404(member, page):
    assert member.get("/people/", {"page": page}).status_code == 404


def test_names_are_escaped(member):
    UserFactory(last_name="<script>alert(1)</script>", first_name="X")
    assert "<script>alert(1)" not in member.get("/people/").content.decode()


def test_the_directory_is_paged_and_costs_the_same_for_few_and_many(member):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert member.get("/people/?q=an").status_code == 200
        return len(captured)

    few = queries()
    for n in range(35):
        MembershipFactory(user=UserFactory(first_name=f"An{n}"))
    assert queries() == few
    first = member.get("/people/", {"q": "an"})
    assert len(first.context["people"]) == 30
    assert "?q=an&amp;page=2" in first.content.decode()


def test_a_department_page_names_head_deputies_and_members(member, user):
    department = user.memberships.get().department
    head = make_member(department, "head", last_name="Trần", first_name="Trưởng")
    deputy = make_member(department, "deputy", last_name="Trần", first_name="Phó")
    part = DepartmentFactory(parent=department, name="Tổ tin học")
    page = member.get("/departments/VP/")
    found = {key: [m.user for m in page.context[key]] for key in ("heads", "deputies", "members")}
    assert found == {"heads": [head], "deputies": [deputy], "members": [user]}
    assert "Tổ tin học" in page.content.decode()
    assert "Văn phòng" in member.get(f"/departments/{part.code}/").content.decode()


def test_a_department_page_costs_the_same_for_few_and_many(member, user):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert member.get("/departments/VP/").status_code == 200
        return len(captured)

    few = queries()
    for _n in range(20):
        make_member(user.memberships.get().department)
    assert queries() == few


@pytest.mark.parametrize("code", ["NO", "vp", "..", "a/b", "%00"])
def test_a_department_that_does_not_exist_is_404(member, code):
    assert member.get(f"/departments/{code}/").status_code == 404


def test_a_closed_department_is_404(member):
    DepartmentFactory(code="CU", is_active=False)
    assert member.get("/departments/CU/").status_code == 404


@pytest.mark.parametrize("address", ["/people/", "/departments/VP/"])
def test_who_is_away_today_is_shown_with_the_stand_in_but_not_why(member, user, address):
    stand_in = UserFactory(last_name="Trần", first_name="Thay", is_active=True)
    row = DelegationFactory(principal=user, delegate=stand_in, reason="Chữa bệnh")
    text = member.get(address).content.decode()
    assert f"đi vắng đến {row.until:%d/%m/%Y}, người thay: Trần Thay" in text
    assert "Chữa bệnh" not in text
    row.revoke(by=user)
    assert "đi vắng" not in member.get(address).content.decode()


@pytest.mark.parametrize("address", ["/people/", "/departments/VP/"])
def test_some_matters_or_another_day_are_no_absence(member, user, address):
    DelegationFactory(principal=user, matters=["leave"])
    DelegationFactory(principal=user, since=timezone.localdate() + timedelta(days=30))
    assert "đi vắng" not in member.get(address).content.decode()


@pytest.mark.parametrize("address", ["/people/", "/departments/VP/"])
def test_absences_cost_the_same_for_few_and_many(member, user, address):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert member.get(address).status_code == 200
        return len(captured)

    DelegationFactory(principal=user)
    few = queries()
    for _n in range(15):
        DelegationFactory(principal=make_member(user.memberships.get().department))
    assert queries() == few
