"""“Preview as …”: an editor learns who will see a page, and never more than both may see."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from home.base.api import seen_as
from home.base.models import BasePage
from home.pages.api import EDITORS, ensure_moderation
from tests.factories.pages import make_news, make_news_index, make_page, restrict
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    return DepartmentFactory(name="Phòng Tài chính")


@pytest.fixture
def culture():
    return DepartmentFactory(name="Phòng Văn hóa")


@pytest.fixture
def admin():
    client = Client()
    client.force_login(UserFactory(is_superuser=True))
    return client


def test_it_tells_who_will_see_the_draft(admin, finance, culture):
    page = make_page(title="Quy chế")
    draft = page.get_latest_revision_as_object()
    insider, outsider = make_member(finance), make_member(culture)
    restrict(draft, [])
    draft.audience_departments.set([finance])
    draft.save_revision()
    address = reverse("preview_as", args=[page.pk])
    assert "Phòng Tài chính" in admin.get(address).content.decode()
    assert admin.get(f"{address}?person={insider.pk}").context["will_see"]
    assert not admin.get(f"{address}?person={outsider.pk}").context["will_see"]
    assert admin.get(f"{address}?person=bogus").status_code == 200
    shown = admin.get(reverse("preview_as_page", args=[page.pk, insider.pk]))
    assert str(insider) in shown.content.decode()
    assert admin.get(reverse("preview_as_page", args=[page.pk, outsider.pk])).status_code == 404


def test_lists_hold_what_both_may_see(admin, finance, culture):
    section = make_news_index()
    make_news(section, title="Chỉ tài chính", audience_departments=[finance])
    make_news(section, title="Chỉ văn hóa", audience_departments=[culture])
    make_news(section, title="Cho mọi người")
    person = make_member(finance)
    text = admin.get(reverse("preview_as_page", args=[section.pk, person.pk])).content.decode()
    assert "Chỉ tài chính" in text
    assert "Chỉ văn hóa" not in text
    assert "Cho mọi người" in text
    # The administrator's own page is as before.
    assert "Chỉ văn hóa" in admin.get(section.url).content.decode()
    both = BasePage.objects.visible_to(seen_as(make_member(culture), person))
    assert [page.title for page in both.filter(depth__gt=3)] == ["Cho mọi người"]


def test_only_editors_of_the_page_may(finance, culture):
    section = make_news_index()
    ensure_moderation()
    page = make_news(section, title="Kín", audience_departments=[finance])
    insider, outsider, editor = make_member(finance), make_member(culture), make_member(culture)
    from django.contrib.auth.models import Group

    editor.groups.add(Group.objects.get(name=EDITORS))
    own = make_news(section, title="Của tôi", owner=editor)
    for person in (insider, outsider, editor):
        client = Client()
        client.force_login(person)
        for name, args in (("preview_as", [page.pk]), ("preview_as_page", [page.pk, insider.pk])):
            assert client.get(reverse(name, args=args)).status_code == 404
    client = Client()
    client.force_login(editor)
    assert client.get(reverse("preview_as", args=[own.pk])).status_code == 200
