"""Sessions are looked up anew by every request, so that one that was ended is over at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.factories.flows import make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):
    return make_office().tc1


@pytest.fixture
def logged_in(person, client: Client) -> Client:
    client.force_login(person)
    return client


def test_a_session_that_was_ended_elsewhere_is_over_at_the_next_request(logged_in):
    assert logged_in.get("/inbox/").status_code == 200
    Session.objects.all().delete()
    assert logged_in.get("/inbox/").status_code == 302


def test_a_session_whose_time_has_passed_is_over(logged_in):
    assert logged_in.get("/inbox/").status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert logged_in.get("/inbox/").status_code == 302


def test_whoever_was_deactivated_is_out_at_the_next_request(logged_in, person):
    assert logged_in.get("/inbox/").status_code == 200
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert logged_in.get("/inbox/").status_code == 302


def test_what_was_kept_in_a_session_is_read_back(logged_in):
    session = logged_in.session
    session["đã xem"] = [1, "hai"]
    session.save()
    assert logged_in.session["đã xem"] == [1, "hai"]


@pytest.mark.parametrize("key", ["", "x", "' OR 1=1 --", "a" * 32])
def test_a_key_that_names_no_session_is_nobodys(client, key):
    client.cookies["sessionid"] = key
    assert client.get("/inbox/").status_code == 302
