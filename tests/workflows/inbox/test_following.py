"""Following a dossier: the button, the bell, and what ends it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from home.notifications.models import Notification
from tests.factories.flows import act, open_for
from workflows.dossiers.api import Follow, follow
from workflows.engine.api import withdraw


@pytest.fixture
def dossier(office, version):
    return open_for(office, version)


def news_of(person):
    rows = Notification.objects.filter(recipient=person, kind="dossier.followed").order_by("pk")
    return [(row.params["state"], row.url) for row in rows]


def test_the_button_follows_and_unfollows(office, dossier, as_user):
    client, url = as_user(office.kt1), f"/dossiers/{dossier.pk}/"
    assert re.search(r'name="on"\s+value="1"', client.get(url).content.decode())
    assert client.post(f"{url}follow/", {"on": "1"})["Location"] == url
    assert Follow.objects.get().user == office.kt1
    assert re.search(r'name="on"\s+value="0"', client.get(url).content.decode())
    client.post(f"{url}follow/", {"on": "0"})
    assert not Follow.objects.exists()


@pytest.mark.parametrize("act_of", ["follow", "look"])
def test_an_outsider_follows_nothing(office, dossier, as_user, unchanged, act_of):
    with unchanged():
        response = as_user(office.outsider).post(f"/dossiers/{dossier.pk}/{act_of}/", {"on": "1"})
    assert response.status_code == 404 and not Follow.objects.exists()


def test_followers_are_told_of_decisions_and_of_the_end_unless_they_act_or_are_told_anyway(office, dossier):
    for person in (office.kt1, office.dt1, office.chair, office.ann):
        if person != office.chair:
            follow(dossier.pk, by=person)
    url = f"/dossiers/{dossier.pk}/"
    act(dossier, "op_tc", office.tc1, "agree")
    assert news_of(office.dt1) == news_of(office.kt1) == news_of(office.ann) == [("running", url)]
    act(dossier, "op_kt", office.kt1, "agree")
    assert len(news_of(office.kt1)) == 1
    act(dossier, "sign", office.chair)
    assert news_of(office.dt1)[-1] == ("approved", url)
    assert len(news_of(office.ann)) == 2
    assert Notification.objects.filter(recipient=office.ann, kind="dossier.closed").count() == 1


def test_a_withdrawal_is_told_to_followers(office, dossier):
    follow(dossier.pk, by=office.tc1)
    withdraw(dossier.pk, by=office.ann, reason="Nhầm")
    assert news_of(office.tc1)[-1][0] == "withdrawn"


def test_who_may_no_longer_see_it_is_told_nothing(office, dossier):
    follow(dossier.pk, by=office.kt2)
    office.kt2.memberships.update(until=timezone.localdate() - timedelta(days=1))
    act(dossier, "op_tc", office.tc1, "agree")
    assert not news_of(office.kt2)


def test_a_decision_on_what_nobody_follows_asks_for_no_followers(office, dossier, counted):
    _done, queries = counted(lambda: act(dossier, "op_tc", office.tc1, "agree"))
    assert not [sql for sql in queries if sql.startswith('SELECT "dossiers_follow"')]
