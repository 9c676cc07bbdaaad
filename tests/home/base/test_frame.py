"""What a process remembers of menus and audiences is never old and never somebody else's."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import GroupPagePermission

from tests.elsewhere import elsewhere
from tests.factories.pages import make_home, make_news, make_news_index, make_page, restrict
from tests.factories.people import DepartmentFactory, browser, make_member


def shows(client: Client, words: str, url: str = "/search/") -> bool:
    return words in client.get(url).content.decode()


@pytest.fixture
def two(db):
    """Return a department and two browsers: of somebody in it, and of somebody of another."""
    make_home()
    home, other = DepartmentFactory(), DepartmentFactory()
    return home, browser(make_member(home)), browser(make_member(other))


def menu_page(title: str, *departments):
    page = make_page(title=title, show_in_menus=True)
    return restrict(page, departments) if departments else page


def test_two_people_asking_in_turn_see_their_own_menus(two):
    department, ours, theirs = two
    menu_page("Sổ tay nội bộ", department)
    for _ in range(3):
        assert shows(ours, "Sổ tay nội bộ")
        assert not shows(theirs, "Sổ tay nội bộ")


def test_a_page_put_into_the_menu_and_taken_out_shows_at_once(two):
    _department, ours, _theirs = two
    assert not shows(ours, "Sổ tay nội bộ")
    page = menu_page("Sổ tay nội bộ")
    assert shows(ours, "Sổ tay nội bộ")
    page.unpublish()
    assert not shows(ours, "Sổ tay nội bộ")
    page.save_revision().publish()
    assert shows(ours, "Sổ tay nội bộ")
    page.refresh_from_db()
    page.delete()
    assert not shows(ours, "Sổ tay nội bộ")


def test_a_change_of_audience_shows_at_once(two):
    department, ours, theirs = two
    page = menu_page("Sổ tay nội bộ")
    assert shows(theirs, "Sổ tay nội bộ")
    restrict(page, [department])
    assert shows(ours, "Sổ tay nội bộ")
    assert not shows(theirs, "Sổ tay nội bộ")
    assert theirs.get(page.url).status_code == 404


def test_a_page_moved_below_a_restricted_one_disappears_at_once(two):
    department, ours, theirs = two
    hidden = menu_page("Riêng", department)
    page = make_page(title="Quy trình")
    address = page.url
    assert theirs.get(address).status_code == 200
    page.move(hidden, pos="last-child")
    page.refresh_from_db()
    assert page.url != address
    assert theirs.get(address).status_code == 404
    assert theirs.get(page.url).status_code == 404
    assert ours.get(page.url).status_code == 200


def test_somebody_who_changes_departments_sees_the_new_ones_pages_at_once(two):
    department, _ours, theirs = two
    page = menu_page("Sổ tay nội bộ", department)
    assert not shows(theirs, "Sổ tay nội bộ")
    membership = theirs.get("/search/").context["request"].user.memberships.get()
    membership.department = department
    membership.save()
    assert shows(theirs, "Sổ tay nội bộ")
    assert theirs.get(page.url).status_code == 200


def test_a_branch_given_to_a_group_of_editors_opens_at_once(two):
    department, _ours, theirs = two
    page = menu_page("Sổ tay nội bộ", department)
    person = theirs.get("/search/").context["request"].user
    group = Group.objects.create(name="Biên tập sổ tay")
    person.groups.add(group)
    assert not shows(theirs, "Sổ tay nội bộ")
    right = Permission.objects.get(codename="change_basepage")
    given = GroupPagePermission.objects.create(group=group, page=page, permission=right)
    assert shows(theirs, "Sổ tay nội bộ")
    given.delete()
    assert not shows(theirs, "Sổ tay nội bộ")


def test_the_way_into_the_admin_appears_with_the_right_and_goes_with_it(two):
    _department, ours, _theirs = two
    person = ours.get("/search/").context["request"].user
    group = Group.objects.create(name="Nhóm trang")
    person.groups.add(group)
    assert not shows(ours, 'href="/admin/"')
    right = Permission.objects.get(codename="access_admin")
    group.permissions.add(right)
    assert shows(ours, 'href="/admin/"')
    group.permissions.remove(right)
    assert not shows(ours, 'href="/admin/"')


def test_pages_remember_nothing_of_other_requests(two):
    """The site is remembered, the objects of a request are its own (an address with words is made anew)."""
    _department, ours, theirs = two
    first = ours.get("/?anew=1").context["page"]
    second = theirs.get("/?anew=1").context["page"]
    assert first == second
    assert first is not second
    assert first is not ours.get("/?anew=1").context["page"]


ADDRESSES = ["/khong-co/", "/tin-tuc/khong-co/", "/tin-tuc/mot-tin/khong-co/", "/tin-tuc/nhap/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_without_a_published_page_are_not_found(two, address):
    section = make_news_index()
    make_news(section, title="Một tin")
    make_news(section, title="Nháp", live=False)
    assert two[1].get("/tin-tuc/mot-tin/").status_code == 200
    assert two[1].get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_changes_made_by_another_process_show_on_the_next_request():
    make_home()
    department = DepartmentFactory(code="KT")
    client = browser(make_member(DepartmentFactory(code="TC"), username="an"))
    assert not shows(client, "Sổ tay nội bộ")
    elsewhere("""
        from tests.factories.pages import make_page
        make_page(title="Sổ tay nội bộ", show_in_menus=True)
    """)
    assert shows(client, "Sổ tay nội bộ")
    elsewhere("""
        from home.base.models import BasePage
        from home.people.api import Department
        from tests.factories.pages import restrict
        page = BasePage.objects.get(title="Sổ tay nội bộ").specific
        restrict(page, [Department.objects.get(code="KT")])
    """)
    assert not shows(client, "Sổ tay nội bộ")
    elsewhere("""
        from home.people.api import Department, Membership
        place = Membership.objects.get(user__username="an")
        place.department = Department.objects.get(code="KT")
        place.save()
    """)
    assert shows(client, "Sổ tay nội bộ")
    elsewhere("""
        from home.base.models import BasePage
        BasePage.objects.get(title="Sổ tay nội bộ").specific.unpublish()
    """)
    assert not shows(client, "Sổ tay nội bộ")
    assert department.pk
