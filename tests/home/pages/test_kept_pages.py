"""Pages that are kept for an audience: nobody sees another's, and every change shows on the next request."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from home.base import serving
from home.notifications.api import Notification
from home.people.api import Membership
from tests.counting import cost_of, writes
from tests.elsewhere import browsing_elsewhere
from tests.factories.pages import make_home, make_news, make_news_index
from tests.factories.people import DepartmentFactory, MembershipFactory, UserFactory, browser, make_member

SECRET = "Phương án sáp nhập"
TOKEN = re.compile(r"[A-Za-z0-9]{64}")


@pytest.fixture
def finance(db):
    return DepartmentFactory(name="Phòng Tài chính")


@pytest.fixture
def culture(db):
    return DepartmentFactory(name="Phòng Văn hóa")


@pytest.fixture
def news(finance, culture):
    make_home()
    make_news_index(show_in_menus=True)
    return make_news(title="Khai trương"), make_news(title=SECRET, audience_departments=[finance])


def kept_count():
    return len(serving.shelf._held)


@pytest.fixture(autouse=True)
def _empty_shelf():
    serving.shelf.clear()


@pytest.mark.django_db(transaction=True)
def test_two_departments_in_turn_and_two_processes(news, finance, culture):
    insider, outsider = make_member(finance), make_member(culture)
    here = {person: browser(person) for person in (insider, outsider)}
    for person in here:
        person.refresh_from_db()
    section = news[0].get_parent().url

    def ask(get):
        for _ in range(2):
            for person in (insider, outsider):
                sees = person is insider
                status, text = get(person, section)
                assert (status, SECRET in text, "Khai trương" in text) == (200, sees, True)
                status, text = get(person, news[1].url)
                assert (status == 200, SECRET in text) == (sees, sees)
                assert get(person, news[0].url)[0] == 200

    def get_here(person, path):
        answer = here[person].get(path)
        return answer.status_code, answer.content.decode()

    with browsing_elsewhere() as elsewhere:
        ask(get_here)
        ask(elsewhere)
        assert kept_count()
        # Somebody moves, in this process: both see it at once.
        Membership.objects.filter(user=insider).delete()
        MembershipFactory(user=outsider, department=finance)
        insider, outsider = outsider, insider
        ask(elsewhere)
        ask(get_here)
        # A publication as well.
        news[0].title = "Khai trương lần hai"
        news[0].save_revision().publish()
        for get in (elsewhere, get_here):
            assert "lần hai" in get(outsider, news[0].url)[1]
            assert "lần hai" in get(outsider, section)[1]
        news[0].unpublish()
        for get in (elsewhere, get_here):
            assert get(outsider, news[0].url)[0] == 404
            assert "Khai trương" not in get(outsider, section)[1]


def test_readers_of_one_audience_share_a_page_but_not_their_names(news, finance):
    first, second = make_member(finance, last_name="Lê"), make_member(finance, last_name="Phạm")
    one, two = browser(first).get(news[1].url), browser(second).get(news[1].url)
    assert kept_count() == 1
    assert str(first) in one.content.decode() and str(second) not in one.content.decode()
    assert str(second) in two.content.decode() and str(first) not in two.content.decode()


def test_the_bell_counts_on_a_page_that_is_kept(news, finance):
    person = make_member(finance)
    client = browser(person)
    client.get(news[0].url)
    Notification.objects.create(recipient=person, kind="page.published", params={}, url="/", key="x")
    assert "1 chưa đọc" in client.get(news[0].url).content.decode()


def test_language_theme_and_address_are_the_readers_own(news, finance):
    client = browser(make_member(finance))
    client.get(news[0].url)
    client.cookies["theme"] = "dark"
    dark = client.get(news[0].url).content.decode()
    assert 'data-bs-theme="dark"' in dark
    assert dark.count(f'name="next" value="{news[0].url}"') >= 2
    person = make_member(finance, language="en")
    assert 'lang="en"' in browser(person).get(news[0].url).content.decode()
    assert 'lang="vi"' in client.get(news[0].url).content.decode()


def test_forms_of_a_page_that_is_kept_can_be_sent(news, finance):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member(finance))
    browser(make_member(finance)).get(news[0].url)
    token = TOKEN.search(client.get(news[0].url).content.decode()).group()
    sent = {"csrfmiddlewaretoken": token, "theme": "dark", "next": news[0].url}
    assert client.post("/theme/", sent).status_code == 302


def test_only_editors_are_offered_to_edit(news, finance):
    editors = Group.objects.create(name="Biên tập")
    editors.permissions.add(Permission.objects.get(codename="access_admin"))
    editors.page_permissions.create(
        page=news[0].get_parent(), permission=Permission.objects.get(codename="change_basepage")
    )
    editor = make_member(finance)
    editor.groups.add(editors)
    for _ in range(2):
        assert "/edit/" in browser(editor).get(news[0].url).content.decode()
        assert "/edit/" not in browser(make_member(finance)).get(news[0].url).content.decode()


def test_messages_are_shown_once(news, finance):
    client = browser(make_member(finance))
    client.get(news[0].url)
    from django.contrib.messages import constants
    from django.contrib.messages.storage.base import Message
    from django.contrib.messages.storage.cookie import CookieStorage
    from django.http import HttpResponse
    from django.test import RequestFactory

    answer = HttpResponse()
    CookieStorage(RequestFactory().get("/"))._store([Message(constants.INFO, "Đã lưu lựa chọn")], answer)
    client.cookies["messages"] = answer.cookies["messages"].value
    assert "Đã lưu lựa chọn" in client.get(news[0].url).content.decode()
    assert "Đã lưu lựa chọn" not in client.get(news[0].url).content.decode()


def test_an_unchanged_page_is_not_sent_again(news, finance):
    person = make_member(finance)
    client = browser(person)
    first = client.get(news[0].url)
    tag = {"HTTP_IF_NONE_MATCH": first.headers["ETag"]}
    again = client.get(news[0].url, **tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "private" in again.headers["Cache-Control"]
    assert browser(make_member(finance)).get(news[0].url, **tag).status_code == 200
    assert Client().get(news[0].url, **tag).status_code == 302
    Notification.objects.create(recipient=person, kind="page.published", params={}, url="/", key="x")
    assert client.get(news[0].url, **tag).status_code == 200
    news[0].save_revision().publish()
    news[0].title = "Khác"
    news[0].save_revision().publish()
    assert client.get(news[0].url, **tag).status_code == 200


def test_what_is_asked_for_with_words_or_by_script_is_made_anew(news, finance):
    client = browser(make_member(finance))
    section = news[0].get_parent().url
    client.get(section, {"department": finance.pk})
    client.get(section, headers={"HX-Request": "true"})
    client.post(section)
    assert kept_count() == 0


def test_a_kept_page_costs_few_queries_and_writes_nothing(news, finance):
    client = browser(make_member(finance))
    _response, queries = cost_of(client, news[0].url)
    assert len(queries) <= 4, queries
    assert not writes(queries)


def test_somebody_without_an_account_any_more_sees_nothing(news, finance):
    person = make_member(finance)
    client = browser(person)
    assert client.get(news[0].url).status_code == 200
    person.is_active = False
    person.save()
    assert client.get(news[0].url).status_code == 302


def test_an_administrator_sees_as_administrator(news, culture):
    chief = UserFactory(is_superuser=True)
    assert browser(chief).get(news[1].url).status_code == 200
    assert browser(make_member(culture)).get(news[1].url).status_code == 404
