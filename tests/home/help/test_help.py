"""The help: both languages whole, every link leads somewhere, and each chapter only to whom it is written for."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from home.help.chapters import Chapter, Role, all_chapters, links_of
from home.help.search_sources import find
from home.people.api import ADMIN_GROUP
from tests.factories.people import UserFactory


@pytest.mark.once
def test_both_languages_have_all_chapters_with_the_same_links():
    vi, en = all_chapters("vi"), all_chapters("en")
    assert [(one.role, one.code) for one in vi] == [(one.role, one.code) for one in en]
    assert {one.role for one in vi} == set(Role.values)
    assert len({one.code for one in vi}) == len(vi)
    for one, other in zip(vi, en, strict=True):
        assert one.title != other.title
        assert sorted(links_of(one.body)) == sorted(links_of(other.body)), one.code
        assert one.body.count("\n## ") == other.body.count("\n## "), one.code


@pytest.mark.once
def test_every_screen_that_is_named_exists():
    for language in ("vi", "en"):
        for chapter in all_chapters(language):
            for name in links_of(chapter.body):
                assert reverse(name), (chapter.code, name)
            html = chapter.html()
            assert "url:" not in html
            assert "<script" not in html
            assert chapter.lead and not re.search(r"[*`\[\]]", chapter.lead)


@pytest.mark.once
def test_no_markup_and_no_foreign_address_gets_through():
    text = "<script>x</script>\n\n[a](javascript:alert(1)) [b](https://x.example/) [c](url:no-such) [d](url:help?q=1#a)"
    html = Chapter("x", "staff", "X", text).html()
    assert "<script" not in html
    assert html.count("href=") == 2
    assert 'href="/help/">c' in html
    assert 'href="/help/?q=1#a">d' in html


@pytest.mark.django_db
def test_chapters_show_by_role_and_are_found(client):
    staff, editor, administrator = UserFactory(), UserFactory(), UserFactory()
    writers = Group.objects.create(name="Người viết")
    writers.permissions.add(Permission.objects.get(codename="access_admin"))
    editor.groups.add(writers)
    administrator.groups.add(Group.objects.create(name=ADMIN_GROUP))
    seen = {}
    for name, person in (("staff", staff), ("editor", editor), ("administrator", administrator)):
        client.force_login(person)
        page = client.get("/help/").content.decode()
        codes = {one.code for one in all_chapters("vi") if f"/help/{one.code}/" in page}
        for one in all_chapters("vi"):
            assert client.get(f"/help/{one.code}/").status_code == (200 if one.code in codes else 404)
        seen[name] = {one.role for one in all_chapters("vi") if one.code in codes}
        assert client.get("/help/khong-co/").status_code == 404
    assert seen["staff"] == {"staff"}
    assert seen["editor"] == {"staff", "editors"}
    assert {"staff", "administrators"} <= seen["administrator"]
    assert "/help/" in client.get("/people/").content.decode()
    client.cookies["django_language"] = "en"
    client.logout()
    assert client.get("/help/").status_code == 302

    assert [hit.url for hit in find(administrator, "bieu trung", 5)] == ["/help/van-hanh/"]
    assert find(staff, "bieu trung", 5) == []
    assert find(staff, "Hồ SƠ và công", 5)[0].url == "/help/ho-so/"
    assert find(staff, "  ", 5) == find(staff, "xyzxyz", 5) == []
