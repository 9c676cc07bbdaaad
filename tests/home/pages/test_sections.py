"""Departments publish by themselves: their own section, their own people, nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupCollectionPermission

from home.audit.api import entries_for
from home.pages.models import DepartmentSection, NewsIndexPage, NewsPage, NoticeIndexPage
from home.pages.sections import (
    NotYoursError,
    add_member,
    name_administrator,
    open_section,
    set_part,
    tidy_sections,
)
from home.people.api import Membership
from home.people.restructuring import merge
from tests.factories.pages import make_home, make_news, make_news_index
from tests.factories.people import (
    DepartmentFactory,
    MembershipFactory,
    PositionFactory,
    UserFactory,
    make_member,
)
from tests.home.pages.test_moderation import add

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    make_home()
    make_news_index()
    return UserFactory(is_superuser=True)


@pytest.fixture
def finance():
    return DepartmentFactory(name="Phòng Tài chính", code="TC")


@pytest.fixture
def culture():
    return DepartmentFactory(name="Phòng Văn hóa", code="VH")


def browser(person):
    client = Client()
    client.force_login(person)
    client.user = person
    return client


def news_of(section):
    return NewsIndexPage.objects.descendant_of(section.page).get()


def test_editors_write_and_approvers_publish_in_their_own_section_only(admin, finance, culture):
    head, editor = make_member(finance, role="head"), make_member(finance)
    mine, other = open_section(finance, by=admin), open_section(culture, by=admin)
    set_part(mine, editor, "editor", by=head)
    assert NoticeIndexPage.objects.descendant_of(mine.page).count() == 1
    writer, approver = browser(editor), browser(head)
    add(writer, news_of(mine), **{"action-submit": "1"})
    page = NewsPage.objects.get(title="Đề án mới")
    assert not page.live
    assert page.department == finance
    assert page.current_workflow_task_state is not None
    address = reverse(
        "wagtailadmin_pages:workflow_action", args=[page.pk, "approve", page.current_workflow_task_state.pk]
    )
    writer.post(address, {"comment": "Tự duyệt"})
    assert not NewsPage.objects.get(pk=page.pk).live
    approver.post(address, {"comment": "Đồng ý"})
    assert NewsPage.objects.get(pk=page.pk).live
    for client in (writer, approver):
        add(client, news_of(other), title="Lấn sang", **{"action-publish": "1"})
    assert not NewsPage.objects.filter(title="Lấn sang").exists()
    foreign = make_news(news_of(other), title="Của phòng khác")
    assert not foreign.permissions_for_user(head).can_edit()
    rights = GroupCollectionPermission.objects.filter(group__in=[mine.editors, mine.approvers])
    assert {right.collection_id for right in rights} == {mine.collection_id}


def test_news_of_a_section_stand_in_the_list_of_the_office(admin, finance):
    section = open_section(finance, by=admin)
    make_news(news_of(section), title="Tin của phòng")
    reader = browser(make_member(DepartmentFactory()))
    assert "Tin của phòng" in reader.get("/tin-tuc/").content.decode()
    assert "Tin của phòng" in reader.get(news_of(section).url).content.decode()
    make_news(NewsIndexPage.objects.order_by("path").first(), title="Tin chung")
    second = make_news_index(title="Tin cải cách")
    assert "Tin chung" not in reader.get(second.url).content.decode()
    assert "Tin của phòng" in reader.get(second.url).content.decode()
    assert "Tin chung" not in reader.get(news_of(section).url).content.decode()


def test_opening_twice_changes_nothing_and_only_administrators_open(admin, finance):
    head = make_member(finance, role="head")
    with pytest.raises(NotYoursError):
        open_section(finance, by=head)
    client = browser(head)
    assert client.post(reverse("section_open"), {"department": finance.pk}).status_code == 404
    assert client.get(reverse("section_list")).status_code == 404
    assert not DepartmentSection.objects.exists()
    chief = browser(admin)
    for _press in range(2):
        assert chief.post(reverse("section_open"), {"department": finance.pk}).status_code == 302
    section = DepartmentSection.objects.get()
    assert [entry.verb for entry in entries_for(f"section:{section.pk}")] == ["section.opened"]
    assert chief.post(reverse("section_open"), {"department": "x"}).status_code == 404
    assert "Phòng Tài chính" in client.get(reverse("section_list")).content.decode()


def test_a_department_administrator_adds_people_of_the_own_department_and_nobody_elses(
    admin, finance, culture
):
    mine, other = open_section(finance, by=admin), open_section(culture, by=admin)
    head, named, plain = make_member(finance, role="head"), make_member(finance), make_member(finance)
    mine.administrators.add(named)
    new, post = UserFactory(), PositionFactory()
    data = {"person": new.pk, "position": post.pk}
    team, foreign = (reverse("section_team", args=[section.pk]) for section in (mine, other))
    part = {"person": new.pk, "part": "editor"}
    for person in (plain, UserFactory()):
        client = browser(person)
        for address in (team, foreign):
            assert client.get(address).status_code == 404
            assert client.post(address, data).status_code == 404
            assert client.post(f"{address}part/", part).status_code == 404
    for person in (head, named):
        client = browser(person)
        assert client.get(foreign).status_code == 404
        assert client.post(foreign, data).status_code == 404
        assert client.post(f"{foreign}part/", part).status_code == 404
        with pytest.raises(NotYoursError):
            add_member(other, new, post, by=person)
        with pytest.raises(NotYoursError):
            set_part(other, new, "editor", by=person)
    assert not Membership.objects.filter(user=new).exists()
    client = browser(named)
    client.post(f"{team}part/", part)  # no member yet
    assert not mine.editors.user_set.exists()
    assert client.post(team, data).status_code == 302
    assert Membership.objects.get(user=new).role == "member"
    assert client.post(team, data).status_code == 422
    client.post(f"{team}part/", part)
    assert list(mine.editors.user_set.all()) == [new]
    client.post(f"{team}part/", part | {"part": "reader"})
    assert not mine.editors.user_set.exists()
    assert client.post(f"{team}part/", part | {"part": "superuser"}).status_code == 404


def test_nobody_gives_a_position_that_stands_higher_than_the_own_one(admin, finance):
    """Audiences name positions of the whole office: who could give any would read what is for the chairman."""
    section = open_section(finance, by=admin)
    head = UserFactory()
    MembershipFactory(user=head, department=finance, position=PositionFactory(rank=40), role="head")
    top, equal, new = PositionFactory(rank=1), PositionFactory(rank=40), UserFactory()
    address = reverse("section_team", args=[section.pk])
    assert top not in browser(head).get(address).context["form"].fields["position"].queryset
    for person in (new, head):
        assert browser(head).post(address, {"person": person.pk, "position": top.pk}).status_code == 422
        with pytest.raises(ValidationError):
            add_member(section, person, top, by=head)
    assert not Membership.objects.filter(position=top).exists()
    assert browser(head).post(address, {"person": new.pk, "position": equal.pk}).status_code == 302
    assert browser(admin).post(address, {"person": new.pk, "position": top.pk}).status_code == 302


def test_administrators_of_the_office_name_who_looks_after_the_people(admin, finance):
    section = open_section(finance, by=admin)
    head, named, outsider = make_member(finance, role="head"), make_member(finance), UserFactory()
    address = reverse("section_part", args=[section.pk])
    data = {"person": named.pk, "part": "reader", "naming": "1", "named": "1"}
    browser(head).post(address, data)
    assert not section.administrators.exists()
    with pytest.raises(NotYoursError):
        name_administrator(section, named, named=True, by=head)
    browser(admin).post(address, data | {"person": outsider.pk})
    assert not section.administrators.exists()
    browser(admin).post(address, data)
    assert list(section.administrators.all()) == [named]
    team = reverse("section_team", args=[section.pk])
    assert browser(named).get(team).status_code == 200
    assert 'name="named"' in browser(admin).get(team).content.decode()
    assert 'name="named"' not in browser(named).get(team).content.decode()
    browser(named).post(address, {"person": named.pk, "part": "editor", "naming": "1"})
    assert section.administrators.exists()
    named.memberships.update(until=timezone.localdate() - timedelta(days=1))
    tidy_sections()
    assert browser(named).get(team).status_code == 404
    browser(admin).post(address, {"person": head.pk, "part": "reader", "naming": "1"})
    verbs = [entry.verb for entry in entries_for(f"section:{section.pk}")]
    assert verbs.count("section.administrator") == 1


def test_a_section_goes_with_its_department_into_another_one(admin, finance, culture):
    section = open_section(finance, by=admin)
    news = make_news(news_of(section), title="Tin cũ", department=finance)
    clerk, head = make_member(finance), make_member(culture, role="head")
    set_part(section, clerk, "editor", by=admin)
    merge([finance], into=culture, by=admin)
    tidy_sections()
    section.refresh_from_db()
    assert section.department == culture
    assert list(section.editors.user_set.all()) == [clerk]
    assert head in section.approvers.user_set.all()
    assert browser(head).get(reverse("section_team", args=[section.pk])).status_code == 200
    news.refresh_from_db()
    assert (news.department, make_news(news_of(section)).department) == (finance, culture)
    planning = DepartmentFactory()
    other = open_section(planning, by=admin)
    merge([planning], into=culture, by=admin)
    tidy_sections()
    other.refresh_from_db()
    assert other.department == planning  # the joint department has a section; the office decides


def test_whoever_leaves_the_department_loses_the_rights_over_night(admin, finance):
    section = open_section(finance, by=admin)
    editor = make_member(finance)
    set_part(section, editor, "editor", by=admin)
    with pytest.raises(ValidationError):
        set_part(section, UserFactory(), "approver", by=admin)
    assert tidy_sections() == 0
    editor.memberships.update(
        since=timezone.localdate() - timedelta(days=9), until=timezone.localdate() - timedelta(days=1)
    )
    head = make_member(finance, role="head")
    assert tidy_sections() == 1
    assert not section.editors.user_set.exists()
    assert list(section.approvers.user_set.all()) == [head]
