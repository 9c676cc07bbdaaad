"""A page that a reader may not see leaves no trace anywhere; one who may, sees it. For every page type."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.factories.pages import (
    make_home,
    make_news,
    make_news_index,
    make_notice,
    make_notice_index,
    make_page,
)
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db
SECRET = "Phương án sáp nhập tối quan trọng"
MAKERS = [make_news, make_notice, make_page, make_news_index, make_notice_index]


@pytest.fixture
def finance():
    return DepartmentFactory(name="Phòng Tài chính")


@pytest.fixture
def insider(client_for, finance):
    return client_for(make_member(finance))


@pytest.fixture
def outsider(client_for):
    return client_for(make_member(DepartmentFactory(name="Phòng Văn hóa")))


@pytest.fixture
def client_for():
    from django.test import Client

    def log_in(user):
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def secret(request, finance):
    make_home()
    return request.param(title=SECRET, show_in_menus=True, audience_departments=[finance])


def shows(response):
    assert response.status_code == 200
    return SECRET in re.sub("</?mark>", "", response.content.decode())


def test_at_its_own_address(secret, insider, outsider):
    assert shows(insider.get(secret.url))
    refused = outsider.get(secret.url)
    assert refused.status_code == 404
    assert SECRET not in refused.content.decode()
    missing = outsider.get("/khong-co-trang-nay/")
    assert missing.status_code == 404
    clean = [r.content.decode().replace(r.request["PATH_INFO"], "") for r in (refused, missing)]
    assert _without_tokens(clean[0]) == _without_tokens(clean[1])


def _without_tokens(html):
    return re.sub(r"[A-Za-z0-9]{64}", "", html)


def test_other_methods_leave_no_trace_either(secret, outsider):
    for method in ("post", "head", "options", "delete"):
        assert getattr(outsider, method)(secret.url).status_code == 404


def test_in_the_search(secret, insider, outsider):
    address = reverse("search") + "?q=sap+nhap"
    assert shows(insider.get(address))
    response = outsider.get(address)
    assert not shows(response)
    assert not response.context["found_any"]


def test_in_the_list_above_and_in_menus(secret, insider, outsider):
    above = secret.get_parent().url
    assert shows(insider.get(above))
    assert not shows(outsider.get(above))


def test_on_the_home_page(secret, insider, outsider):
    if secret.specific_class.__name__ == "StandardPage":
        assert shows(insider.get("/"))  # through the menu
    assert not shows(outsider.get("/"))


def test_a_visitor_is_sent_to_the_login_wherever_the_address_leads(secret, client):
    for address in (secret.url, "/khong-co-trang-nay/", reverse("search") + "?q=sap+nhap", "/media/x.jpg"):
        response = client.get(address)
        assert response.status_code == 302
        assert response.url.startswith(reverse("login"))


def test_in_previews_and_drafts_of_the_admin(secret, client_for, finance):
    stranger = UserFactory()
    stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))
    admin = client_for(stranger)
    for name in ("view_draft", "preview_on_edit", "edit", "history"):
        response = admin.get(reverse(f"wagtailadmin_pages:{name}", args=[secret.pk]), follow=True)
        assert SECRET not in response.content.decode(), name
    editor = client_for(UserFactory(is_superuser=True))
    assert shows(editor.get(reverse("wagtailadmin_pages:view_draft", args=[secret.pk])))


def test_in_the_chooser_of_another_editor(secret, client_for):
    from django.contrib.auth.models import Group
    from wagtail.models import GroupPagePermission

    own = make_page(title="Mục của tôi")
    editor = UserFactory()
    group = Group.objects.create(name="Biên tập khác")
    editor.groups.add(group)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    change = Permission.objects.get(content_type__app_label="base", codename="change_basepage")
    GroupPagePermission.objects.create(group=group, page_id=own.pk, permission=change)
    client = client_for(editor)
    parent = reverse("wagtailadmin_choose_page_child", args=[secret.get_parent().pk])
    found = reverse("wagtailadmin_choose_page_search") + "?q=nhap"
    for address in (parent, found):
        response = client.get(address, headers={"x-requested-with": "XMLHttpRequest"})
        assert SECRET not in response.content.decode()
    admin = client_for(UserFactory(is_superuser=True))
    response = admin.get(parent, headers={"x-requested-with": "XMLHttpRequest"})
    assert "nh\\u1eadp" in response.content.decode() or SECRET in response.content.decode()
