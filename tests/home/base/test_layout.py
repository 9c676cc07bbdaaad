"""The frame of every page: icons, menu, theme, language, error pages."""

from __future__ import annotations

import logging

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from home.base.api import MenuItem, UnknownIconError, menu, render_icon
from home.base.navigation import menu_for
from tests.factories.pages import make_home, make_news_index
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_panels(monkeypatch):
    """Leave out what other rooms and plugins add to the home page and the menu."""
    from home.base.api import menu
    from home.dashboard.api import panels

    for registry, kept in ((panels, {"notices", "news"}), (menu, {"home", "pages"})):
        entries = {code: registry.get(code) for code in registry.codes() if code in kept}
        monkeypatch.setattr(registry, "_entries", entries)


@pytest.fixture
def reader(client):
    make_home()
    client.user = make_member(DepartmentFactory(), last_name="Nguyễn Văn", first_name="Đức")
    client.force_login(client.user)
    return client


@pytest.fixture
def entry():
    added = []

    def register(**fields):
        item = MenuItem(
            **{"code": f"test-{len(added)}", "label": "Mục thử", "icon": "bell", "url": "/thu/"} | fields
        )
        menu.register(item)
        added.append(item.code)
        return item

    yield register
    for code in added:
        menu.unregister(code)


def test_an_icon_is_drawn_inline_and_hidden_from_screen_readers():
    html = Template('{% load icons %}{% icon "bell" "icon-sm" %}').render(Context())
    assert html.startswith("<svg")
    assert 'aria-hidden="true"' in html
    assert 'class="icon icon-sm"' in html
    assert "<path" in html


@pytest.mark.parametrize("name", ["khong-co", "../bell", "", "Bell", '"><script>'])
def test_an_unknown_icon_is_an_error_in_tests_and_an_empty_square_elsewhere(name, settings, caplog):
    with pytest.raises(UnknownIconError):
        render_icon(name)
    settings.ICONS_STRICT = False
    with caplog.at_level(logging.WARNING):
        html = render_icon(name)
    assert "M0 0h24v24H0z" in html
    assert "script" not in html
    assert caplog.records


def test_icon_classes_cannot_break_out_of_the_attribute():
    assert "onload" not in render_icon("bell", '"onload="x').replace("onloadx", "")


def test_menu_entries_show_only_to_those_who_may_open_them(reader, entry):
    entry(label="Mục thử nghiệm", visible=lambda user: user == reader.user, badge=lambda user: 7)
    html = reader.get("/").content.decode()
    assert "Mục thử nghiệm" in html
    assert '<span class="badge side-badge">7</span>' in html
    reader.force_login(UserFactory())
    assert "Mục thử nghiệm" not in reader.get("/").content.decode()


def test_the_menu_is_computed_once_a_request(reader, entry):
    calls = []
    entry(badge=lambda user: calls.append(user) or 1)
    request = RequestFactory().get("/")
    request.user = reader.user
    assert menu_for(request) == menu_for(request)
    assert len(calls) == 1


def test_the_present_place_is_marked_by_the_longest_address(entry):
    entry(code="test-a", url="/a/")
    entry(code="test-b", url="/a/b/")
    request = RequestFactory().get("/a/b/c/")
    request.user = UserFactory()
    active = [link.code for group in menu_for(request) for link in group.links if link.active]
    assert active == ["test-b"]
    request = RequestFactory().get("/abc/")
    request.user = UserFactory()
    assert not any(link.active for group in menu_for(request) for link in group.links)


def test_pages_marked_for_the_menu_stand_in_it(reader):
    make_news_index(title="Tin nội bộ", show_in_menus=True)
    make_news_index(title="Tin ẩn", show_in_menus=False)
    html = reader.get("/").content.decode()
    assert "Tin nội bộ" in html
    assert "Tin ẩn" not in html


def test_the_theme_is_remembered_in_a_cookie_and_drawn_by_the_server(reader):
    assert "data-bs-theme" not in reader.get("/").content.decode().split("<head>")[0]
    response = reader.post(reverse("set_theme"), {"theme": "dark", "next": "/search/?q=a"})
    assert response.url == "/search/?q=a"
    assert 'data-bs-theme="dark"' in reader.get("/").content.decode().split("<head>")[0]
    reader.post(reverse("set_theme"), {"theme": "pink", "next": "/"})
    assert 'data-bs-theme="dark"' in reader.get("/").content.decode()


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_the_theme_form_never_leads_away(reader, back):
    assert reader.post(reverse("set_theme"), {"theme": "dark", "next": back}).url == "/"


def test_the_theme_is_not_changed_by_a_link(reader):
    assert reader.get(reverse("set_theme") + "?theme=dark").status_code == 405


def test_the_language_changes_and_the_reader_stays_on_the_page(reader):
    assert '<html lang="vi"' in reader.get("/").content.decode()
    response = reader.post(reverse("set_language"), {"language": "en", "next": "/search/"})
    assert response.url == "/search/"
    html = reader.get("/search/").content.decode()
    assert '<html lang="en"' in html
    assert "Skip to the content" in html


def test_pages_carry_no_inline_script_and_no_inline_style(reader):
    import re

    html = reader.get("/").content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son[a-z]+=", html)
    assert "https://" not in re.sub(r'xmlns="[^"]*"', "", html)


def test_the_admin_is_offered_to_editors_alone(reader):
    assert reverse("wagtailadmin_home") not in reader.get("/").content.decode()
    reader.force_login(UserFactory(is_superuser=True))
    assert reverse("wagtailadmin_home") in reader.get("/").content.decode()


def test_logging_out_needs_a_post(reader):
    html = reader.get("/").content.decode()
    assert f'<form action="{reverse("logout")}" method="post">' in html


def test_a_missing_page_gives_404_in_the_frame(reader):
    response = reader.get("/khong-co/")
    assert response.status_code == 404
    assert 'id="menu"' in response.content.decode()


def test_error_pages_render_without_a_request():
    for name in ("400.html", "500.html", "403_csrf.html", "404.html", "403.html", "errors/conflict.html"):
        assert "<h1" in render_to_string(name), name


def test_a_conflict_names_who_was_faster():
    html = render_to_string("errors/conflict.html", {"message": "Lê Thị Lan đã duyệt lúc 10:05."})
    assert "Lê Thị Lan đã duyệt lúc 10:05." in html


def test_messages_are_readable_without_javascript(reader, entry):
    from django.contrib import messages
    from django.contrib.messages.storage.base import Message

    request = RequestFactory().get("/")
    request.user = reader.user
    html = render_to_string(
        "base/messages.html", {"messages": [Message(messages.ERROR, "Không <b>lưu</b> được")]}
    )
    assert "alert-danger" in html
    assert "Không &lt;b&gt;lưu&lt;/b&gt; được" in html
    assert 'role="status"' in html
