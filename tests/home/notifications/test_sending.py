"""What `send` writes, and for whom."""

import pytest
from django.db import transaction

from home.notifications import sending
from home.notifications.api import kinds, send, unread_count
from home.notifications.models import Notification
from plugins.api.api import UnknownCodeError
from tests.factories.people import UserFactory

from .kinds import GREETING

pytestmark = pytest.mark.django_db


def greet(*people, **options):
    return send(GREETING.code, to=people, params={"name": "Lan"}, url="/x/", **options)


def test_each_active_person_is_told_once():
    lan, gone = UserFactory(), UserFactory(is_active=False)
    assert greet(lan, lan, gone) == 1
    row = Notification.objects.get()
    assert (row.recipient, row.url, row.read_at) == (lan, "/x/", None)
    assert unread_count(lan) == 1


def test_a_key_tells_each_person_once():
    lan, minh = UserFactory(), UserFactory()
    assert greet(lan, key="dossier:1") == 1
    assert greet(lan, minh, key="dossier:1") == 1
    assert greet(lan, key="dossier:2") == 1
    assert Notification.objects.filter(recipient=lan).count() == 2


def test_without_a_key_everything_counts():
    lan = UserFactory()
    greet(lan)
    greet(lan)
    assert unread_count(lan) == 2


@pytest.mark.parametrize(("key", "queries"), [("", 1), ("once", 2)])
def test_the_number_of_queries_does_not_grow_with_people(django_assert_num_queries, key, queries):
    people = UserFactory.create_batch(30)
    with django_assert_num_queries(queries):
        assert greet(*people, key=key) == 30


def test_nobody_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert greet() == 0


def test_an_unknown_kind_is_named():
    with pytest.raises(UnknownCodeError, match=r"test\.nothing"):
        send("test.nothing", to=[UserFactory()], params={}, url="/")


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "x"]
)
def test_addresses_elsewhere_are_refused(url):
    with pytest.raises(ValueError, match="leaves this site"):
        send(GREETING.code, to=[UserFactory()], params={}, url=url)


def test_a_rolled_back_act_tells_nobody():
    lan = UserFactory()
    with pytest.raises(RuntimeError), transaction.atomic():
        greet(lan)
        raise RuntimeError
    assert unread_count(lan) == 0


def test_the_worker_is_woken_once_for_each_transaction(django_capture_on_commit_callbacks, monkeypatch):
    people = UserFactory.create_batch(3)
    with django_capture_on_commit_callbacks() as callbacks:
        for person in people:
            greet(person)
    assert [call for call in callbacks if call is sending._wake] == [sending._wake]


def test_a_savepoint_that_is_rolled_back_does_not_take_the_wake_up_along(
    django_capture_on_commit_callbacks,
):
    lan = UserFactory()
    with django_capture_on_commit_callbacks() as callbacks:
        with pytest.raises(RuntimeError), transaction.atomic():
            greet(lan)
            raise RuntimeError
        greet(lan)
    assert callbacks == [sending._wake]


def test_the_count_stops_at_a_hundred():
    lan = UserFactory()
    Notification.objects.bulk_create(Notification(recipient=lan, kind=GREETING.code) for _n in range(120))
    assert unread_count(lan) == 100


def test_rows_outlive_their_kind_and_their_params():
    lan = UserFactory()
    gone = Notification.objects.create(recipient=lan, kind="test.gone")
    poor = Notification.objects.create(recipient=lan, kind=GREETING.code, params={})
    assert gone.words.subject
    assert poor.words.subject == "Lời chào"


def test_every_kind_of_the_house_has_a_label():
    assert all(str(kind.label) for kind in kinds)
