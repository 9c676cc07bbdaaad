"""What people choose: by kind and way, quiet hours, the digest, and the end of mail by one click."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from home.notifications.api import (
    DigestItem,
    DigestSection,
    deliver_due,
    digest_sections,
    kinds,
    send,
    unread_count,
)
from home.notifications.digest import send_due_digests
from home.notifications.models import Delivery, Notification, Preference, ReaderRhythm
from home.notifications.unsubscribing import WHOLE_DIGEST, unsubscribe_url
from tests.factories.people import UserFactory
from tests.threads import race

from .kinds import GREETING

pytestmark = pytest.mark.django_db

PAGE = "/notifications/preferences/"
THURSDAY = datetime(2026, 11, 26, 23, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture
def lan():
    return UserFactory()


@pytest.fixture
def news():
    """A section of another room, which remembers what it was asked."""
    asked = []

    def items(user, since, until):
        asked.append((user, since, until))
        return [DigestItem(f"Tin {number}", f"/tin/{number}/") for number in range(22)]

    with digest_sections.override(DigestSection(code="test-news", label="Tin tức", items=items)):
        yield asked


def greet(*people, name="Lan", **options):
    send(GREETING.code, to=people, params={"name": name}, url=f"/x/{name}/", **options)


def choose(user, *, manner="now", bell=True, **rhythm):
    """Store a choice as the page does."""
    client = Client()
    client.force_login(user)
    sent = {f"{GREETING.code}:mail": manner, "digest": "daily", "digest_at": "07:30"} | rhythm
    if bell:
        sent[f"{GREETING.code}:bell"] = "on"
    assert client.post(PAGE, sent).url == PAGE


def at(moment):
    return time_machine.travel(moment, tick=False)


def test_the_page_shows_what_is_stored_and_stores_only_what_it_knows(client, lan):
    client.force_login(lan)
    html = client.get(PAGE).content.decode()
    assert f'name="{GREETING.code}:mail"' in html
    assert 'name="task.assigned:mail"' not in html and "task.assigned" in kinds
    choose(lan, manner="digest", bell=False, quiet_from="22:00", quiet_until="06:00", **{"evil:bell": "on"})
    stored = {(row.kind, row.channel): row.enabled for row in Preference.objects.filter(user=lan)}
    assert stored[GREETING.code, "bell"] is False
    assert (stored[GREETING.code, "mail"], stored[GREETING.code, "digest"]) == (False, True)
    assert not {kind for kind, _way in stored if kind in ("evil", "task.assigned")}
    wish = ReaderRhythm.objects.get()
    assert (wish.user, wish.quiet_from, wish.quiet_until) == (lan, time(22), time(6))
    row = [row for _group, rows in client.get(PAGE).context["table"].groups for row in rows if not row.fixed]
    assert [(one.bell, one.manner) for one in row if one.name == GREETING.code] == [(False, "digest")]


@pytest.mark.parametrize(
    "bad",
    [
        {"quiet_from": "22:00"},
        {"quiet_from": "22:00", "quiet_until": "22:00"},
        {"quiet_from": "25:99", "quiet_until": "06:00"},
        {"digest": "hourly"},
        {"digest_at": ""},
    ],
)
def test_a_bad_hour_is_named_and_nothing_typed_is_lost(client, lan, bad):
    client.force_login(lan)
    sent = {f"{GREETING.code}:mail": "never", "digest": "daily", "digest_at": "07:30"} | bad
    response = client.post(PAGE, sent)
    assert response.status_code == 200 and response.context["form"].errors
    rows = [row for _group, rows in response.context["table"].groups for row in rows]
    assert [row.manner for row in rows if row.name == GREETING.code] == ["never"]
    assert not Preference.objects.exists() and not ReaderRhythm.objects.exists()


def test_a_kind_that_the_bell_does_not_show_is_mailed_and_can_be_opened(client, lan):
    choose(lan, bell=False)
    greet(lan)
    client.force_login(lan)
    row = Notification.objects.get()
    assert unread_count(lan) == 0
    client.post("/notifications/read/")
    assert "Chào Lan" not in client.get("/notifications/").content.decode()
    assert deliver_due() == 1
    assert client.get(f"/notifications/{row.pk}/").url == "/x/Lan/"


def test_quiet_hours_hold_mail_back_but_not_what_is_urgent(lan):
    choose(lan, quiet_from="22:00", quiet_until="06:00")
    with at(THURSDAY):
        greet(lan, name="Mai")
        greet(lan, name="Lan")
        assert deliver_due() == 0
        assert {row.attempts for row in Delivery.objects.all()} == {0}
        with kinds.override(type(GREETING)(GREETING.code, "x", GREETING.subject, urgent=True)):
            Delivery.objects.filter(notification__url="/x/Mai/").update(next_at=timezone.now())
            assert deliver_due() == 1
    with at(THURSDAY + timedelta(hours=6, minutes=59)):
        assert deliver_due() == 0
    with at(THURSDAY + timedelta(hours=7)):
        assert deliver_due() == 1
    assert [message.subject for message in mail.outbox] == ["[vi] Chào Mai", "[vi] Chào Lan"]


def test_what_was_read_in_the_bell_meanwhile_is_not_mailed(lan):
    choose(lan, quiet_from="22:00", quiet_until="06:00")
    with at(THURSDAY):
        greet(lan)
        deliver_due()
        Notification.objects.update(read_at=timezone.now())
    with at(THURSDAY + timedelta(hours=8)):
        assert deliver_due() == 0
    assert Delivery.objects.get().state == "skipped"


def test_the_digest_tells_everything_once_and_only_what_is_unread(lan, news):
    with at(THURSDAY):
        choose(lan, manner="digest", **{"test-news:digest": "on"})
        greet(lan, name="Một")
        greet(lan, name="Hai")
        greet(UserFactory(email=""), lan, name="Đã đọc")
        deliver_due()
        Notification.objects.filter(url="/x/Đã đọc/").update(read_at=timezone.now())
        assert (mail.outbox, send_due_digests()) == ([], 0)
    with at(THURSDAY + timedelta(hours=9)):
        assert (send_due_digests(), deliver_due()) == (1, 1)
        assert (send_due_digests(), deliver_due()) == (0, 0)
        assert unread_count(lan) == 2
    message = mail.outbox[0]
    html = message.alternatives[0][0]
    for text in ("Chào Một", "Chào Hai", "Tin 19", "Lời chào", "Tin tức"):
        assert text in html and text in message.body
    assert "Tin 20" not in html and "Đã đọc" not in html
    assert html.count("/notifications/unsubscribe/") == 3
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    states = Delivery.objects.filter(channel="digest").values_list("notification__url", "state")
    assert dict(states) == {"/x/Một/": "sent", "/x/Hai/": "sent", "/x/Đã đọc/": "skipped"}
    # The next one begins where this one ended.
    with at(THURSDAY + timedelta(days=4)):
        greet(lan, name="Ba")
        deliver_due()
        assert (send_due_digests(), deliver_due()) == (1, 1)
    assert "Chào Một" not in mail.outbox[1].body and "Chào Ba" in mail.outbox[1].body
    assert news[1][1] == news[0][2]


def test_a_digest_without_anything_is_not_sent(lan):
    with at(THURSDAY):
        choose(lan, manner="digest")
    with at(THURSDAY + timedelta(hours=9)):
        assert (send_due_digests(), deliver_due()) == (1, 0)
    assert Delivery.objects.get().state == "skipped"
    assert mail.outbox == []


def test_a_digest_waits_for_the_mail_server_and_no_second_one_begins(lan, monkeypatch):
    with at(THURSDAY):
        choose(lan, manner="digest")
        greet(lan)
        deliver_due()

    def refuse(*_args, **_options):
        raise ConnectionError("nobody answers")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        with at(THURSDAY + timedelta(hours=9)):
            assert (send_due_digests(), deliver_due()) == (1, 0)
        with at(THURSDAY + timedelta(days=4)):
            send_due_digests()
    assert Notification.objects.filter(kind="notifications.digest").count() == 1
    with at(THURSDAY + timedelta(days=4, hours=1)):
        assert deliver_due() == 1
    assert "Chào Lan" in mail.outbox[0].body


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_begin_and_send_each_digest_once():
    people = UserFactory.create_batch(6)
    with at(THURSDAY):
        for person in people:
            choose(person, manner="digest")
        greet(*people)
        deliver_due()
    ReaderRhythm.objects.update(next_digest_at=timezone.now() - timedelta(minutes=1))

    def work():
        send_due_digests()
        return deliver_due()

    results = race(work, work, work)
    while deliver_due():
        pass
    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(message.to[0] for message in mail.outbox) == sorted(person.email for person in people)


def test_unsubscribing_needs_the_signed_address_and_a_post(lan):
    browser = Client(enforce_csrf_checks=True)
    greet(lan)
    deliver_due()
    url = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    url = url[url.index("/notifications/") :]
    assert url in mail.outbox[0].body
    answer = browser.get(url)
    assert answer.status_code == 200 and "Lời chào" in answer.content.decode()
    assert not Preference.objects.exists()
    assert browser.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Preference.objects.filter(user=lan, enabled=True).exists()
    greet(lan, name="Mai")
    assert deliver_due() == 0
    assert unread_count(lan) == 2
    forged = url[:-6] + "xxxxx/"
    assert (browser.get(forged).status_code, browser.post(forged).status_code) == (404, 403)
    lan.is_active = False
    lan.save()
    assert browser.get(url).status_code == 404


def test_the_whole_digest_ends_by_one_click(client, lan):
    with at(THURSDAY):
        choose(lan, manner="digest")
        greet(lan)
        deliver_due()
        url = unsubscribe_url(lan, WHOLE_DIGEST)
        assert client.post(url[url.index("/notifications/") :]).status_code == 200
    with at(THURSDAY + timedelta(days=1)):
        assert (send_due_digests(), deliver_due()) == (0, 0)
    assert Delivery.objects.get().state == "skipped"


def test_what_cannot_be_switched_off_offers_no_way_to(lan):
    with kinds.override(type(GREETING)(GREETING.code, "x", GREETING.subject, mutable=False)):
        Preference.objects.create(user=lan, kind=GREETING.code, channel="bell", enabled=False)
        Preference.objects.create(user=lan, kind=GREETING.code, channel="mail", enabled=False)
        greet(lan)
        assert (deliver_due(), unread_count(lan)) == (1, 1)
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers


def test_what_is_about_the_same_thing_stands_together_and_is_read_together(client, lan):
    for _number in range(3):
        greet(lan, name="Một")
    greet(lan, name="Hai")
    client.force_login(lan)
    (day,) = client.get("/notifications/?show=unread").context["groups"]
    assert [(thing.newest.url, len(thing.older)) for thing in day.things] == [("/x/Hai/", 0), ("/x/Một/", 2)]
    client.post(f"/notifications/{day.things[1].newest.pk}/read/")
    assert unread_count(lan) == 1
    greet(lan, name="Hai")
    client.get(f"/notifications/{day.things[0].newest.pk}/")
    assert unread_count(lan) == 1, "what came later is not read by opening an older one"
