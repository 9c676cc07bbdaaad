"""Every page with and without access; without, 404 and nothing in the database changes."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.flows import act, definition, open_for, review, signature_flow, task_of
from workflows.engine.api import claim


@pytest.fixture
def dossier(office, version):
    return open_for(office, version)


def address(name, dossier):
    task = task_of(dossier, "op_tc").pk
    return {
        "task": f"/tasks/{task}/",
        "claim": f"/tasks/{task}/claim/",
        "release": f"/tasks/{task}/release/",
        "dossier": f"/dossiers/{dossier.pk}/",
        "withdraw": f"/dossiers/{dossier.pk}/withdraw/",
    }[name]


@pytest.mark.parametrize("name", ["task", "dossier"])
def test_who_was_asked_sees_the_page_and_an_outsider_finds_nothing(office, dossier, as_user, unchanged, name):
    url = address(name, dossier)
    shown = as_user(office.tc1).get(url)
    assert shown.status_code == 200
    assert dossier.subject in shown.content.decode()
    with unchanged():
        hidden = as_user(office.outsider).get(url)
    assert hidden.status_code == 404
    assert dossier.subject not in hidden.content.decode()
    assert dossier.number not in hidden.content.decode()


def test_an_outsider_learns_nothing_that_a_missing_page_does_not_say(office, dossier, as_user):
    client = as_user(office.outsider)
    for url in (f"/dossiers/{dossier.pk}/", f"/tasks/{task_of(dossier, 'op_tc').pk}/"):
        missing = url.replace(url.split("/")[2], "987654321")
        assert client.get(missing).status_code == client.get(url).status_code == 404
        strip = lambda page: page.content.decode().replace(page.request["PATH_INFO"], "")  # noqa: E731
        assert len(strip(client.get(missing))) == pytest.approx(len(strip(client.get(url))), abs=300)


@pytest.mark.parametrize("name", ["task", "claim", "release", "withdraw"])
def test_an_outsider_changes_nothing(office, dossier, as_user, unchanged, name):
    posted = {"outcome": "agree", "note": "x", "reason": "x", "_key": "x"}
    with unchanged():
        assert as_user(office.outsider).post(address(name, dossier), posted).status_code == 404


def test_only_the_submitter_withdraws(office, dossier, as_user, unchanged):
    with unchanged():
        for method in ("get", "post"):
            call = getattr(as_user(office.head_dt), method)
            assert call(address("withdraw", dossier), {"reason": "x"}).status_code == 404
    assert as_user(office.ann).get(address("withdraw", dossier)).status_code == 200


@pytest.mark.parametrize("name", ["task", "claim", "release", "dossier", "withdraw"])
def test_visitors_log_in_first(dossier, unchanged, name):
    with unchanged():
        for method in ("get", "post"):
            response = getattr(Client(), method)(address(name, dossier), {"outcome": "agree"})
            assert response.status_code in (302, 405)
            assert response.status_code == 405 or "/login" in response["Location"]


def test_buttons_lead_visitors_to_the_page_of_the_task(dossier):
    task = task_of(dossier, "op_tc").pk
    assert Client().post(f"/tasks/{task}/claim/")["Location"].endswith(f"next=/tasks/{task}/")


@pytest.mark.parametrize("url", ["/inbox/", "/dossiers/", "/dossiers/new/"])
def test_lists_are_for_people_who_are_logged_in_and_show_only_theirs(office, dossier, as_user, url):
    assert "/login" in Client().get(url)["Location"]
    shown = as_user(office.outsider).get(url, {"tab": "claim" if url == "/inbox/" else "all"})
    assert shown.status_code == 200
    assert dossier.subject not in shown.content.decode()


def test_claim_and_release_answer_posts_only(office, dossier, as_user, unchanged):
    with unchanged():
        for name in ("claim", "release"):
            assert as_user(office.tc1).get(address(name, dossier)).status_code == 405


def test_a_type_of_another_department_is_neither_offered_nor_startable(office, as_user, unchanged):
    office.publish(definition(review("op", "TC"), code="tc-only", start={"departments": ["TC"]}))
    inside, outside = as_user(office.tc1), as_user(office.kt1)
    assert "/dossiers/new/tc-only/" in inside.get("/dossiers/new/").content.decode()
    assert "/dossiers/new/tc-only/" not in outside.get("/dossiers/new/").content.decode()
    assert inside.get("/dossiers/new/tc-only/").status_code == 200
    with unchanged():
        assert outside.get("/dossiers/new/tc-only/").status_code == 404
        posted = {"subject": "x", "amount": "1", "version": "1"}
        assert outside.post("/dossiers/new/tc-only/", posted).status_code == 404


def test_a_task_cannot_be_completed_through_the_address_of_another(office, version, as_user, unchanged):
    mine, other = open_for(office, version), open_for(office, version)
    claim(task_of(mine, "op_tc").pk, by=office.tc1)
    task = task_of(other, "op_kt")
    posted = {"outcome": "agree", "task": task_of(mine, "op_tc").pk, "process": mine.pk}
    with unchanged():
        # `tc1` sees this dossier, but the step belongs to KT.
        assert as_user(office.tc1).post(f"/tasks/{task.pk}/", posted).status_code == 409
    with unchanged():
        posted = {"outcome": "approve"}
        assert as_user(office.tc1).post(f"/tasks/{task_of(mine, 'op_tc').pk}/", posted).status_code == 200


def test_a_role_that_was_lost_after_claiming_no_longer_decides(office, dossier, as_user, unchanged):
    task = task_of(dossier, "op_tc")
    claim(task.pk, by=office.tc1)
    office.tc1.memberships.all().delete()
    client = as_user(office.tc1)
    assert 'id="decision"' not in client.get(f"/tasks/{task.pk}/").content.decode()
    with unchanged():
        response = client.post(f"/tasks/{task.pk}/", {"outcome": "agree", "note": "Ý kiến đã gõ"})
    assert response.status_code == 409
    assert "Ý kiến đã gõ" in response.content.decode()


def test_ones_own_dossier_is_not_decided(office, as_user, unchanged):
    version = office.publish(signature_flow())
    dossier = open_for(office, version, by=office.tc1)
    url = f"/tasks/{task_of(dossier, 'op_tc').pk}/"
    client = as_user(office.tc1)
    assert 'id="decision"' not in client.get(url).content.decode()
    with unchanged():
        response = client.post(url, {"outcome": "agree", "note": "Của tôi"})
    assert response.status_code == 200
    assert "Của tôi" in response.content.decode()


def test_people_who_left_see_nothing(office, dossier, as_user):
    client = as_user(office.tc1)
    office.tc1.is_active = False
    office.tc1.save()
    assert client.get(f"/dossiers/{dossier.pk}/").status_code == 302


def test_a_finished_task_is_shown_but_asks_nothing(office, dossier, as_user):
    task = task_of(dossier, "op_tc")
    act(dossier, "op_tc", office.tc1, "agree", note="Thống nhất")
    page = as_user(office.tc1).get(f"/tasks/{task.pk}/").content.decode()
    assert "Thống nhất" in page
    assert 'id="decision"' not in page


def test_numbers_that_no_database_holds_are_not_found(office, as_user):
    client = as_user(office.tc1)
    for url in ("/tasks/99999999999999999999/", "/dossiers/99999999999999999999/"):
        assert client.get(url).status_code == 404
        assert client.post(url).status_code in (404, 405)
