"""Numbers in the frame: one query for all of them, each for its reader, and never old."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from home.base.numbers import COUNT_LIMIT, FrameNumber, frame_numbers, numbers_of
from home.notifications.models import Notification
from home.people.api import User
from plugins.api.api import example_keys, example_words
from tests.factories.people import UserFactory

NAMES = ("an", "bình")


@pytest.fixture
def further():
    """A number of a plugin, whose query has a list of words and two parts."""
    number = FrameNumber(
        code="namesakes",
        asked=lambda user: (len(NAMES), NAMES),
        rows=lambda shape, words: [User.objects.filter(first_name=word) for word in words],
        examples=lambda shape, after: example_words(shape, "given name"),
    )
    with frame_numbers.override(number):
        yield


def seen_by(user):
    request = RequestFactory().get("/")
    request.user = user
    with CaptureQueriesContext(connection) as capture:
        first = dict(numbers_of(request))
        assert numbers_of(request) == first
    return first, len(capture)


def tell(person, number):
    Notification.objects.bulk_create([Notification(recipient=person, kind="x") for _ in range(number)])


@pytest.mark.django_db
def test_all_numbers_are_one_query(further):
    reader, other = UserFactory(first_name="an"), UserFactory(first_name="bình")
    UserFactory(first_name="bình")
    tell(reader, 2)
    tell(other, COUNT_LIMIT + 5)
    assert {seen_by(person)[1] for person in (reader, other)} != {1}, "whom they stand in for is asked first"
    assert seen_by(reader) == ({"unread": 2, "tasks": 0, "namesakes": 3}, 1)
    assert seen_by(other) == ({"unread": COUNT_LIMIT, "tasks": 0, "namesakes": 3}, 1)
    Notification.objects.filter(recipient=other)[0].delete()
    tell(reader, 1)
    assert seen_by(reader)[0]["unread"] == 3, "the next request counts anew"


def test_visitors_have_no_numbers():
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert numbers_of(request) == {}


@pytest.mark.django_db
def test_equal_examples_of_two_numbers_are_refused():
    """Values would land in each other's places."""
    number = FrameNumber(
        code="clash",
        asked=lambda user: (1, [user.pk]),
        rows=lambda shape, keys: [User.objects.filter(pk=keys[0])],
        examples=lambda shape, after: example_keys(1),
    )
    with frame_numbers.override(number), pytest.raises(ValueError, match="twice"):
        seen_by(UserFactory())
