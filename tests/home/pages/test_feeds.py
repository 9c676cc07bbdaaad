"""News as RSS and Atom: valid, behind the gate of its owner, revocable, and never in a log."""

from __future__ import annotations

import logging
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from home.pages.feed_keys import FeedKey
from home.pages.models import NewsCategory, NewsIndexPage
from home.pages.sections import open_section
from tests.counting import cost_of, listed, writes
from tests.factories.pages import make_home, make_news, make_news_index
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db
SECRET = "Phương án sáp nhập"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def finance():
    make_home()
    make_news_index()
    return DepartmentFactory(name="Phòng Tài chính", code="TC")


@pytest.fixture
def news(finance):
    reform = NewsCategory.objects.create(code="cai-cach", name="Cải cách")
    section = open_section(finance, by=UserFactory(is_superuser=True))
    make_news(title="Một cửa <điện tử> & \x0bnhanh", lead="Tóm tắt", category=reform)
    make_news(title=SECRET, audience_departments=[finance], category=reform, department=finance)
    inside = NewsIndexPage.objects.descendant_of(section.page).get()
    make_news(inside, title="Của phòng")
    return section


def key_of(person):
    return FeedKey.objects.create(user=person).key


def feed(key, kind="rss", client=None, headers=None, **query):
    return (client or Client()).get(reverse(f"news_{kind}"), {"key": key, **query}, headers=headers)


def titles(answer):
    assert answer.status_code == 200
    root = ElementTree.fromstring(answer.content)
    tag = f"{ATOM}entry/{ATOM}title" if root.tag == f"{ATOM}feed" else "channel/item/title"
    return {element.text for element in root.findall(tag)}


def test_a_feed_holds_what_its_owner_may_see(news, finance):
    inside, outside = key_of(make_member(finance)), key_of(make_member(DepartmentFactory()))
    public = "Một cửa <điện tử> & nhanh"
    for kind in ("rss", "atom"):
        assert titles(feed(inside, kind)) == {public, SECRET, "Của phòng"}
        assert titles(feed(outside, kind)) == {public, "Của phòng"}
        assert titles(feed(inside, kind, category="cai-cach")) == {public, SECRET}
        assert titles(feed(outside, kind, category="cai-cach")) == {public}
        assert titles(feed(inside, kind, department="TC")) == {SECRET, "Của phòng"}
        assert titles(feed(outside, kind, department="TC")) == {"Của phòng"}
        assert SECRET not in feed(outside, kind).content.decode()
    for wrong in ({"category": "khong-co"}, {"department": "\x00"}, {"department": "X" * 5000}):
        assert feed(inside, **wrong).status_code == 404


def test_both_kinds_have_what_their_standards_ask_for(news, finance):
    key = key_of(make_member(finance))
    answer = feed(key)
    assert answer["Content-Type"].startswith("application/rss+xml")
    channel = ElementTree.fromstring(answer.content).find("channel")
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        assert channel.findtext(name), name
    items = channel.findall("item")
    assert len({item.findtext("guid") for item in items}) == 3
    for item in items:
        assert item.findtext("link").startswith("http") and item.find("guid").get("isPermaLink") == "false"
        assert item.findtext("pubDate") and item.findtext("title")
    answer = feed(key, "atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)
    for name in ("id", "title", "updated", "link"):
        assert root.find(f"{ATOM}{name}") is not None, name
    for entry in root.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "link"):
            assert entry.find(f"{ATOM}{name}") is not None, name
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
    assert key not in answer.content.decode()


def test_what_has_not_changed_is_not_sent_again(news, finance):
    key = key_of(make_member(finance))
    for kind in ("rss", "atom"):
        first = feed(key, kind)
        tag = {"If-None-Match": first["ETag"]}
        again = feed(key, kind, headers=tag)
        assert (again.status_code, again.content) == (304, b"")
        assert "private" in again["Cache-Control"] and "private" in first["Cache-Control"]
    make_news(title="Mới")
    assert "Mới" in titles(feed(key, "atom", headers=tag))
    empty = [
        feed(key, department=DepartmentFactory(code="R").code)["ETag"],
        feed(key, department="R")["ETag"],
    ]
    assert empty[0] == empty[1]


def test_a_key_is_made_replaced_and_revoked_and_ends_with_its_owner(news, finance):
    person = make_member(finance)
    client = Client()
    client.force_login(person)
    page = reverse("news_feeds")
    assert "chưa có địa chỉ" in client.get(page).content.decode()
    client.post(reverse("feed_renew"))
    old = FeedKey.objects.get().key
    shown = client.get(page).content.decode()
    assert old in shown and "department=TC" in shown and "category=cai-cach" in shown
    assert page in client.get(reverse("profile")).content.decode()
    client.post(reverse("feed_renew"))
    new = FeedKey.objects.get().key
    assert (feed(old).status_code, feed(new).status_code) == (404, 200)
    person.is_active = False
    person.save()
    assert feed(new).status_code == 404
    person.is_active = True
    person.save()
    client.force_login(person)
    client.post(reverse("feed_revoke"))
    for key in (new, "", "\x00", "x" * 5000):
        assert feed(key).status_code == 404


def test_a_key_stands_in_no_log(news, finance, caplog):
    person = make_member(finance)
    key = key_of(person)
    with caplog.at_level(logging.DEBUG):
        feed(key)
        feed(key, category="khong-co")
        person.is_active = False
        person.save()
        feed(key)
    assert "/news/feed.rss" in caplog.text and key not in caplog.text


def test_cost(news, finance):
    for number in range(10):
        make_news(title=f"Tin {number}", department=finance)
    key = key_of(make_member(finance))
    _answer, queries = cost_of(Client(), f"{reverse('news_rss')}?key={key}&department=TC")
    assert len(queries) <= 8 and not writes(queries), listed(queries)
