"""Who sees which page: lists, addresses, previews, choosers."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from wagtail.models import GroupPagePermission

from home.base.models import AudienceRule, BasePage
from tests.factories.pages import (
    make_home,
    make_news,
    make_news_index,
    make_notice,
    make_page,
    restrict,
)
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    return DepartmentFactory(name="Phòng Tài chính")


@pytest.fixture
def culture():
    return DepartmentFactory(name="Phòng Văn hóa")


def sees(user, page):
    return BasePage.objects.visible_to(type(user).objects.get(pk=user.pk)).filter(pk=page.pk).exists()


def test_a_page_for_everyone_is_seen_by_every_active_person(finance):
    page = make_page()
    assert sees(make_member(finance), page)
    assert sees(UserFactory(), page)
    assert not sees(UserFactory(is_active=False), page)
    assert not BasePage.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize("make", [make_news, make_notice, make_page])
def test_a_restricted_page_is_seen_by_its_departments_alone(make, finance, culture):
    page = make(audience_departments=[finance])
    assert sees(make_member(finance), page)
    assert not sees(make_member(culture), page)
    assert not sees(UserFactory(), page)
    assert sees(UserFactory(is_superuser=True), page)


def test_people_of_departments_below_belong_to_the_audience(finance):
    part = DepartmentFactory(parent=finance)
    page = make_page(audience_departments=[finance])
    assert sees(make_member(part), page)
    other = make_page(title="Riêng", audience_departments=[part])
    assert not sees(make_member(finance), other)


def test_a_page_below_a_restricted_page_is_restricted_as_well(finance, culture):
    section = make_page(audience_departments=[finance])
    below = make_page(section, title="Dưới")
    deeper = make_page(below, title="Dưới nữa", audience_departments=[culture])
    assert sees(make_member(finance), below)
    assert not sees(make_member(culture), below)
    assert not sees(make_member(finance), deeper)
    both = make_member(finance)
    from tests.factories.people import MembershipFactory

    MembershipFactory(user=both, department=culture, is_primary=False)
    assert sees(both, deeper)


def test_restricting_a_section_later_hides_what_is_below(finance, culture):
    section = make_page()
    below = make_page(section, title="Dưới")
    reader = make_member(culture)
    assert sees(reader, below)
    restrict(section, [finance])
    assert not sees(reader, below)
    section.audience_departments.set([culture])
    section.save()
    assert sees(reader, below)
    section.audience = BasePage.Audience.EVERYONE
    section.save()
    assert sees(make_member(finance), below)


def test_moving_a_page_below_a_restricted_page_restricts_its_branch(finance, culture):
    vault = make_page(title="Kho", audience_departments=[finance])
    branch = make_page(title="Nhánh")
    leaf = make_page(branch, title="Lá")
    reader = make_member(culture)
    branch.move(vault, pos="last-child")
    assert not sees(reader, leaf)
    BasePage.objects.get(pk=branch.pk).move(make_home(), pos="last-child")
    assert sees(reader, leaf)


def test_a_copy_is_seen_by_no_more_people_than_the_original(finance, culture):
    page = make_page(audience_departments=[finance])
    copy = page.copy(update_attrs={"title": "Bản sao", "slug": "ban-sao"})
    assert sees(make_member(finance), copy)
    assert not sees(make_member(culture), copy)


def test_a_draft_change_of_the_audience_waits_for_publication(finance, culture):
    page = make_page(audience_departments=[finance])
    draft = page.get_latest_revision_as_object()
    draft.audience_departments.set([culture])
    revision = draft.save_revision()
    assert not sees(make_member(culture), page)
    revision.publish()
    assert sees(make_member(culture), page)
    assert not sees(make_member(finance), page)


def test_a_draft_is_seen_by_nobody(finance):
    page = make_page(live=False)
    assert not sees(UserFactory(is_superuser=True), page)
    assert not sees(make_member(finance), page)


def test_publishing_an_old_revision_keeps_the_restrictions_from_above(finance, culture):
    section = make_page(title="Mục")
    page = make_page(section, title="Trang")
    old = page.save_revision()
    restrict(section, [finance])
    old.publish()
    assert not sees(make_member(culture), page)


def test_editors_see_the_pages_of_their_part_of_the_tree(finance, culture):
    section = make_news_index()
    page = make_news(section, audience_departments=[finance])
    outside = make_page(audience_departments=[finance])
    editor = make_member(culture)
    group = Group.objects.create(name="Sửa tin")
    group.user_set.add(editor)
    right = Permission.objects.get(content_type__app_label="base", codename="change_basepage")
    GroupPagePermission.objects.create(group=group, page_id=section.pk, permission=right)
    assert sees(editor, page)
    assert not sees(editor, outside)


def test_authors_see_their_own_restricted_pages_only(finance, culture):
    section = make_news_index()
    author = make_member(culture)
    group = Group.objects.create(name="Viết tin")
    group.user_set.add(author)
    right = Permission.objects.get(content_type__app_label="base", codename="add_basepage")
    GroupPagePermission.objects.create(group=group, page_id=section.pk, permission=right)
    own = make_news(section, title="Của tôi", owner=author, audience_departments=[finance])
    other = make_news(section, title="Của người khác", audience_departments=[finance])
    assert sees(author, own)
    assert not sees(author, other)


def test_equal_audiences_share_one_rule(finance, culture):
    make_page(title="Một", audience_departments=[finance, culture])
    make_page(title="Hai", audience_departments=[culture, finance])
    assert AudienceRule.objects.count() == 1


def test_queries_do_not_grow_with_pages(finance, django_assert_max_num_queries):
    reader = make_member(finance)
    section = make_news_index()
    for number in range(12):
        make_news(section, title=f"Tin {number}", audience_departments=[finance])
    fresh = type(reader).objects.get(pk=reader.pk)
    with django_assert_max_num_queries(4):
        assert BasePage.objects.visible_to(fresh).filter(path__startswith=section.path).count() == 13


def test_saving_a_page_of_a_large_section_does_not_walk_the_section(django_assert_max_num_queries):
    section = make_page()
    few = _queries_of(section.save)
    for number in range(15):
        make_page(section, title=f"Trang {number}")
    section.refresh_from_db()
    assert _queries_of(section.save) <= few + 1


def _queries_of(call):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def test_new_pages_take_the_department_of_their_parent(finance):
    section = make_page(department=finance)
    assert make_page(section, title="Con").department == finance


def test_slugs_keep_the_letter_d_of_vietnamese():
    assert make_page(title="Đề án đô thị").slug == "de-an-do-thi"
    assert make_page(title="Đề án đô thị").slug == "de-an-do-thi-2"


def test_a_page_without_a_chosen_department_is_seen_by_nobody_but_editors(finance):
    page = make_page()
    restrict(page, [])
    assert not sees(make_member(finance), page)
    assert sees(UserFactory(is_superuser=True), page)
