"""The outbox: nothing lost, nothing twice, and patience with a server that is down."""

import smtplib
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connections
from django.utils import timezone

from home.notifications import delivery as outbox
from home.notifications.api import Channel, ChannelDownError, channels, deliver_due, send
from home.notifications.jobs import purge_read
from home.notifications.models import Delivery, Notification, Preference
from home.notifications.planning import plan
from tests.factories.people import UserFactory

from .kinds import GREETING

pytestmark = pytest.mark.django_db


def greet(*people, **options):
    send(GREETING.code, to=people, params={"name": "Lan"}, url="/x/", **options)


class Flaky(Channel):
    """A channel that fails as it is told to."""

    code = "flaky"
    label = "Flaky"

    def __init__(self):
        self.sent, self.fail = [], None
        self.tried = 0

    def reaches(self, user):
        return True

    def send(self, session, message):
        self.tried += 1
        if self.fail:
            self.fail(message)
        self.sent.append(message.to.username)


@pytest.fixture
def flaky(monkeypatch):
    channel = Flaky()
    mail_channel = channels.get("mail")
    channels.unregister("mail")
    channels.register(channel)
    yield channel
    channels.unregister("flaky")
    channels.register(mail_channel)


def later(**distance):
    return time_machine.travel(timezone.now() + timedelta(**distance), tick=False)


def test_mail_speaks_the_readers_language_and_links_absolutely(settings):
    settings.WAGTAILADMIN_BASE_URL = "https://congso.example"
    greet(
        UserFactory(language="vi", email="vi@office.example"),
        UserFactory(language="en", email="en@o.example"),
    )
    assert deliver_due() == 2
    by_address = {message.to[0]: message for message in mail.outbox}
    row = Notification.objects.get(recipient__language="en")
    message = by_address["en@o.example"]
    assert message.subject == "[en] Chào Lan"
    assert f"https://congso.example/notifications/{row.pk}/" in message.body
    assert "Open: https" in message.body
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert 'lang="en"' in html
    assert by_address["vi@office.example"].subject == "[vi] Chào Lan"
    assert message.extra_headers["Message-ID"].startswith(f"<notification-{row.pk}-")


def test_a_message_leaves_once():
    greet(UserFactory())
    assert deliver_due() == 1
    assert deliver_due() == 0
    assert len(mail.outbox) == 1
    assert Delivery.objects.get().state == "sent"


def test_people_without_an_address_or_a_place_get_no_mail():
    leaver = UserFactory()
    greet(UserFactory(email=""), leaver)
    leaver.is_active = False
    leaver.save()
    assert deliver_due() == 0
    assert mail.outbox == []


def test_a_person_deactivated_while_a_message_waits_gets_nothing(flaky):
    person = UserFactory()
    greet(person)
    flaky.fail = _refuse
    deliver_due()
    person.is_active = False
    person.save()
    flaky.fail = None
    with later(minutes=5):
        assert deliver_due() == 0
    assert Delivery.objects.get().state == "skipped"


def test_preferences_switch_a_kind_off():
    quiet, loud = UserFactory(), UserFactory()
    Preference.objects.create(user=quiet, kind=GREETING.code, channel="mail", enabled=False)
    greet(quiet, loud)
    deliver_due()
    assert [message.to for message in mail.outbox] == [[loud.email]]


def _refuse(message):
    raise smtplib.SMTPRecipientsRefused({message.to.email: (550, b"no")})


def _down(_message):
    raise ChannelDownError("nobody answers")


def test_a_refused_message_is_tried_again_later_and_later_and_then_given_up(flaky):
    greet(UserFactory())
    flaky.fail = _refuse
    pauses = []
    now = timezone.now()
    for _attempt in range(outbox.MAX_ATTEMPTS):
        with time_machine.travel(now, tick=False):
            deliver_due()
        row = Delivery.objects.get()
        pauses.append(row.next_at - now)
        now = row.next_at
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(pauses) == outbox.LONGEST_PAUSE
    assert row.state == "failed"
    assert "550" in row.last_error
    flaky.fail = None
    with time_machine.travel(now + timedelta(days=1), tick=False):
        assert deliver_due() == 0
        assert outbox.retry(Delivery.objects.all()) == 1
        assert deliver_due() == 1


def test_a_server_down_for_an_hour_loses_nothing_and_sends_nothing_twice(flaky):
    people = UserFactory.create_batch(50)
    greet(*people)
    flaky.fail = _down
    now = timezone.now()
    for minute in range(60):
        with time_machine.travel(now + timedelta(minutes=minute), tick=False):
            deliver_due()
    assert flaky.sent == []
    flaky.fail = None
    for hour in range(2, 14):
        with time_machine.travel(now + timedelta(hours=hour), tick=False):
            deliver_due()
    assert sorted(flaky.sent) == sorted(person.username for person in people)


def test_a_message_that_breaks_the_connection_does_not_hold_back_the_others(flaky):
    poison, *others = UserFactory.create_batch(5)
    greet(poison, *others)

    def choke(message):
        if message.to == poison:
            raise ChannelDownError("disconnected")

    flaky.fail = choke
    deliver_due()
    with later(minutes=2):
        deliver_due()
    with later(minutes=4):
        deliver_due()
    assert sorted(flaky.sent) == sorted(person.username for person in others)


def test_what_a_killed_worker_held_is_sent_after_its_lease(flaky):
    greet(UserFactory())
    plan()
    assert len(outbox._claim(exclude=set())) == 1  # and then the power fails
    assert deliver_due() == 0
    with later(minutes=16):
        assert deliver_due() == 1


def test_a_sender_whose_lease_ran_out_does_not_write_over_its_successor(flaky):
    greet(UserFactory())
    plan()
    (slow,) = outbox._claim(exclude=set())
    with later(minutes=16):
        deliver_due()
    outbox._settle_failure(slow, RuntimeError("too late"))
    assert Delivery.objects.get().state == "sent"


def test_a_channel_that_is_gone_keeps_its_messages(flaky):
    greet(UserFactory())
    plan()
    channels.unregister("flaky")
    deliver_due()
    assert Delivery.objects.get().state == "pending"
    channels.register(flaky)
    with later(minutes=2):
        assert deliver_due() == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_send_each_message_once(flaky):
    people = UserFactory.create_batch(60)
    greet(*people)
    Delivery.objects.all().delete()
    Notification.objects.update(planned_at=None)
    flaky.sent.clear()
    gate = threading.Barrier(4)
    errors = []

    def work():
        gate.wait()
        try:
            deliver_due()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(flaky.sent) == sorted(person.username for person in people)


def test_read_notifications_are_deleted_after_half_a_year():
    lan = UserFactory()
    now = timezone.now()
    old = now - timedelta(days=200)
    keep = [
        Notification.objects.create(
            recipient=lan, kind=GREETING.code, read_at=None, created_at=old, planned_at=old
        ),
        Notification.objects.create(recipient=lan, kind=GREETING.code, read_at=now, planned_at=old),
    ]
    Notification.objects.create(recipient=lan, kind=GREETING.code, read_at=old, planned_at=old)
    assert purge_read() == 1
    assert set(Notification.objects.all()) == set(keep)
