"""The page “Đi vắng – ủy quyền”: who sees what, making and revoking, double clicks, an expired session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.audit.api import Entry
from home.forms.api import owner_token
from home.people.api import Delegation, MatterSource, matters
from tests.factories.people import DelegationFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DAY = timedelta(days=1)
PAGE = "/me/away/"


@pytest.fixture
def an():
    return UserFactory(last_name="Lê", first_name="An")


@pytest.fixture
def binh():
    return UserFactory(last_name="Trần", first_name="Bình")


@pytest.fixture
def member(client, an):
    client.force_login(an)
    return client


@pytest.fixture(autouse=True)
def known():
    source = MatterSource(code="office", label=lambda: [("leave", "Nghỉ phép"), ("car", "Xe công")])
    with matters.override(source, without=matters.codes()):
        yield


def sent(person, **values):
    days = {"since": TODAY().isoformat(), "until": (TODAY() + 3 * DAY).isoformat()}
    return {"delegate": person.pk, "scope": "all", "reason": "Đi công tác", **days, **values}


def rows_of(page, name):
    return list(page.context[name])


def test_a_delegation_is_made_and_shown(member, an, binh):
    answer = member.post(PAGE, sent(binh, scope="some", matters=["car"]))
    assert (answer.status_code, answer.url) == (302, PAGE)
    row = Delegation.objects.get()
    assert (row.principal, row.delegate, row.matters, row.made_by) == (an, binh, ["car"], an)
    page = member.get(PAGE)
    text = page.content.decode()
    assert rows_of(page, "given") == [row]
    assert "Trần Bình" in text and "Xe công" in text and "Đi công tác" in text


def test_the_same_sent_twice_is_one_row_and_no_error(member, binh):
    answers = [member.post(PAGE, sent(binh)) for _click in range(3)]
    assert [(a.status_code, a.url) for a in answers] == [(302, PAGE)] * 3
    assert Delegation.objects.count() == Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"scope": "some"}, "matters"),
        ({"scope": "some", "matters": ["treasure"]}, "matters"),
        ({"scope": ""}, "scope"),
        ({"delegate": ""}, "delegate"),
        ({"delegate": "999999"}, "delegate"),
        ({"until": ""}, "until"),
        ({"until": "2020-01-01"}, "until"),
        ({"since": "\0"}, "since"),
        ({"reason": "x" * 301}, "reason"),
    ],
)
def test_what_is_wrong_is_marked_and_nothing_is_stored(member, binh, values, field):
    answer = member.post(PAGE, sent(binh, **values))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Delegation.objects.exists() and not Entry.objects.exists()


def test_what_the_rules_forbid_stands_at_its_field(member, an, binh):
    DelegationFactory(principal=binh, delegate=an)
    answer = member.post(PAGE, sent(binh))
    assert answer.status_code == 422 and "delegate" in answer.context["form"].errors
    assert "Đi công tác" in answer.content.decode()
    assert Delegation.objects.count() == 1


def test_neither_oneself_nor_who_left_can_be_chosen(member, an):
    gone = UserFactory(is_active=False)
    for person in (an, gone):
        assert list(member.post(PAGE, sent(person)).context["form"].errors) == ["delegate"]
    assert not Delegation.objects.exists()


def test_the_lists_part_what_is_given_received_and_past(member, an, binh):
    running = DelegationFactory(principal=an, delegate=binh)
    planned = DelegationFactory(principal=an, delegate=binh, since=TODAY() + 20 * DAY)
    received = DelegationFactory(principal=UserFactory(), delegate=an, since=TODAY() + 50 * DAY)
    revoked = DelegationFactory(principal=an, delegate=binh, since=TODAY() + 90 * DAY)
    revoked.revoke(by=an)
    over = DelegationFactory(principal=an, delegate=binh, since=TODAY() + 120 * DAY)
    Delegation.objects.filter(pk=over.pk).update(since=TODAY() - 9 * DAY, until=TODAY() - DAY)
    DelegationFactory()
    page = member.get(PAGE)
    assert rows_of(page, "given") == [running, planned]
    assert rows_of(page, "received") == [received]
    assert rows_of(page, "past") == [revoked, over]
    assert [row.state for row in (*page.context["given"], *page.context["past"])] == [
        "running",
        "planned",
        "revoked",
        "over",
    ]


def test_an_administrator_sees_only_the_own_ones_here(client):
    boss = UserFactory(is_superuser=True)
    DelegationFactory()
    client.force_login(boss)
    page = client.get(PAGE)
    assert [rows_of(page, name) for name in ("given", "received", "past")] == [[], [], []]


def test_the_page_costs_the_same_for_few_and_many(member, an, binh):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert member.get(PAGE).status_code == 200
        return len(captured)

    def fill(start):
        for n in range(start, start + 8):
            DelegationFactory(principal=an, delegate=UserFactory(), since=TODAY() + n * 10 * DAY)
            DelegationFactory(
                principal=UserFactory(), delegate=an, since=TODAY() + n * 10 * DAY, matters=["car"]
            )
            DelegationFactory(principal=an, delegate=binh, since=TODAY() + (1000 + n * 10) * DAY).revoke(
                by=an
            )

    fill(0)
    few = queries()
    fill(8)
    assert queries() == few
    assert len(rows_of(member.get(PAGE, {"page": "2"}), "past")) == 16


def test_revoking_asks_first_and_happens_once(member, an, binh):
    row = DelegationFactory(principal=an, delegate=binh)
    address = f"{PAGE}{row.pk}/revoke/"
    assert member.get(address).status_code == 200
    row.refresh_from_db()
    assert row.state == "running"
    assert [member.post(address).url for _click in range(2)] == [PAGE, PAGE]
    row.refresh_from_db()
    assert (row.state, row.revoked_by) == ("revoked", an)
    assert Entry.objects.count() == 1
    assert member.get(address).url == PAGE


def test_nobody_revokes_what_somebody_else_gave(client, an, binh):
    row = DelegationFactory(principal=an, delegate=binh)
    address = f"{PAGE}{row.pk}/revoke/"
    for person in (binh, UserFactory()):
        client.force_login(person)
        assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]
    answer = Client().post(address)
    assert (answer.status_code, answer.url) == (302, f"/login/?next={address}")
    row.refresh_from_db()
    assert row.state == "running" and not Entry.objects.exists()


def test_what_was_typed_survives_the_end_of_the_session(client, an, binh):
    data = {**sent(binh, reason="Lý do đã gõ"), "_owner": owner_token(an)}
    assert "/login/" in client.post(PAGE, data).url
    client.force_login(UserFactory())
    assert "Lý do đã gõ" not in client.get(PAGE).content.decode()
    client.force_login(an)
    assert "Lý do đã gõ" in client.get(PAGE).content.decode()
    assert not Delegation.objects.exists()


def test_names_and_reasons_are_escaped(member, an):
    evil = UserFactory(last_name="<script>alert(1)</script>", first_name="X")
    DelegationFactory(principal=an, delegate=evil, reason="<img src=x>")
    text = member.get(PAGE).content.decode()
    assert "<script>alert(1)" not in text and "<img src=x>" not in text


def test_the_menu_of_the_person_leads_there(member):
    assert f'href="{PAGE}"' in member.get("/me/").content.decode()
