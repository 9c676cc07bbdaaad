"""Shared blocks: editors of a department work with their own, and learn of no other."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from wagtail.models import Collection

from home.pages.models import NewsIndexPage, NewsPage, SharedBlock
from home.pages.sections import open_section, set_part
from tests.factories.pages import make_home, make_news_index, make_page
from tests.factories.people import DepartmentFactory, UserFactory, browser, make_member
from tests.home.pages.test_moderation import form

pytestmark = pytest.mark.django_db
SECRET = "Đường dây nóng nội bộ"
LIST = "wagtailsnippets_pages_sharedblock"
CHOOSER = "wagtailsnippetchoosers_pages_sharedblock"


@pytest.fixture
def chief():
    make_home()
    make_news_index()
    return UserFactory(is_superuser=True)


@pytest.fixture
def sections(chief):
    """Return the sections of two departments, each with an editor (`writer`) and a shared block."""
    found = {}
    for code, name, words in (("TC", "Phòng Tài chính", SECRET), ("VH", "Phòng Văn hóa", "Khối văn hóa")):
        department = DepartmentFactory(name=name, code=code)
        section = open_section(department, by=chief)
        section.writer = make_member(department)
        set_part(section, section.writer, "editor", by=chief)
        section.block = block(words, section.collection)
        found[code] = section
    return found


def block(words, collection):
    value = {"tone": "info", "title": words, "text": f"<p>{words}</p>"}
    return SharedBlock.objects.create(
        name=words, collection=collection, body=json.dumps([{"type": "call_out", "value": value}])
    )


def addresses(block):
    yield reverse(f"{LIST}:list")
    yield reverse(f"{LIST}:list_results") + "?q="
    for name in ("edit", "delete", "usage", "history"):
        yield reverse(f"{LIST}:{name}", args=[block.pk])
    for name in ("choose", "choose_results"):
        yield reverse(f"{CHOOSER}:{name}")
    yield reverse(f"{CHOOSER}:chosen", args=[block.pk])
    yield reverse(f"{CHOOSER}:chosen_multiple") + f"?id={block.pk}"
    yield reverse("wagtail_bulk_action", args=["pages", "sharedblock", "delete"]) + f"?id={block.pk}"
    yield reverse("wagtail_bulk_action", args=["pages", "sharedblock", "delete"]) + "?id=all"
    yield reverse("wagtailadmin_reports:site_history")


def text_of(answer):
    return (
        answer.content.decode().encode().decode("unicode_escape", errors="ignore") + answer.content.decode()
    )


def test_an_editor_sees_the_own_and_of_others_nothing(sections):
    hidden = sections["TC"].block
    mine, other = browser(sections["TC"].writer), browser(sections["VH"].writer)
    for address in addresses(hidden):
        assert SECRET not in text_of(other.get(address)), address
    named = [address for address in addresses(hidden) if f"/{hidden.pk}/" in address]
    assert len(named) == 5
    for address in named:
        assert other.get(address).status_code == 404 and mine.get(address).status_code == 200, address
    for name in ("list",):
        assert SECRET in text_of(mine.get(reverse(f"{LIST}:{name}")))
        assert "Khối văn hóa" in text_of(other.get(reverse(f"{LIST}:{name}")))
    assert SECRET in text_of(mine.get(reverse(f"{CHOOSER}:choose")))
    other.post(reverse(f"{LIST}:delete", args=[hidden.pk]))
    other.post(reverse("wagtail_bulk_action", args=["pages", "sharedblock", "delete"]) + f"?id={hidden.pk}")
    other.post(reverse(f"{LIST}:edit", args=[hidden.pk]), {"name": "Lấy"})
    assert SharedBlock.objects.get(pk=hidden.pk).name == SECRET


def test_a_new_block_lies_in_the_collection_of_its_editor(sections):
    from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

    del inline_formset
    writer = browser(sections["VH"].writer)
    body = streamfield([("call_out", {"tone": "info", "title": "Mới", "text": rich_text("<p>Chữ</p>")})])
    for collection in (sections["TC"].collection.pk, Collection.get_first_root_node().pk):
        data = nested_form_data({"name": "Khối mới", "collection": str(collection), "body": body})
        assert writer.post(reverse(f"{LIST}:add"), data).status_code == 302
    assert {row.collection for row in SharedBlock.objects.filter(name="Khối mới")} == {
        sections["VH"].collection
    }


def test_a_key_that_was_typed_in_puts_no_foreign_block_on_a_page(sections):
    from wagtail.test.utils.form_data import streamfield

    for section, stored in ((sections["VH"], False), (sections["TC"], True)):
        index = NewsIndexPage.objects.descendant_of(section.page).get()
        body = streamfield([("shared", str(sections["TC"].block.pk))])
        address = reverse("wagtailadmin_pages:add", args=["pages", "newspage", index.pk])
        answer = browser(section.writer).post(address, form(body=body), follow=True)
        assert NewsPage.objects.exists() == stored
        assert SECRET not in answer.content.decode() or stored


def test_what_is_changed_once_shows_on_every_page_and_may_go(sections):
    page = make_page(body=json.dumps([{"type": "shared", "value": sections["TC"].block.pk}]))
    reader = browser(make_member(DepartmentFactory()))
    assert SECRET in reader.get(page.url).content.decode()
    changed = sections["TC"].block
    changed.body = json.dumps(
        [
            {
                "type": "quick_links",
                "value": {"title": "Liên kết mới", "links": [{"label": "Đi", "page": None, "url": "/"}]},
            }
        ]
    )
    changed.save()
    assert "Liên kết mới" in reader.get(page.url).content.decode()
    changed.delete()
    assert reader.get(page.url).status_code == 200


def test_who_is_no_editor_gets_nowhere(sections):
    reader = browser(make_member(DepartmentFactory()))
    for address in addresses(sections["TC"].block):
        assert reader.get(address).status_code in (302, 403, 404), address


def test_editors_of_the_office_keep_the_categories_and_those_of_departments_do_not(sections):
    from django.contrib.auth.models import Group

    from home.pages.api import EDITORS, ensure_moderation

    ensure_moderation()
    person = UserFactory()
    person.groups.add(Group.objects.get(name=EDITORS))
    address = reverse("wagtailsnippets_pages_newscategory:add")
    data = {"name": "Cải cách", "code": "cai-cach", "tone": "blue", "order": "0"}
    assert browser(sections["TC"].writer).post(address, data).status_code in (302, 403)
    from home.pages.models import NewsCategory

    assert not NewsCategory.objects.exists()
    assert browser(person).post(address, data | {"code": "Cải cách"}).status_code == 200
    assert browser(person).post(address, data).status_code == 302
    assert NewsCategory.objects.get().code == "cai-cach"
