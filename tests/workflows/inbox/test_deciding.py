"""The task page: deciding, mistakes that lose nothing, and races that end politely."""

from __future__ import annotations

import unicodedata

import pytest
from django.test import Client

from home.audit.api import entries_for
from tests.factories.flows import ANSWERS, act, approve, definition, open_for, task_of
from workflows.dossiers.api import Dossier
from workflows.engine.api import MAX_NOTE, BusyError, claim, withdraw

HOSTILE = "{{ 7|add:7 }} <script>alert(1)</script> {% load x %}"


@pytest.fixture
def dossier(office, version):
    return open_for(office, version)


def text(response):
    return response.content.decode()


def url_of(dossier, step="op_tc"):
    return f"/tasks/{task_of(dossier, step).pk}/"


def test_a_decision_leads_to_the_inbox_and_says_what_happens_next(office, dossier, as_user):
    act(dossier, "op_tc", office.tc1, "agree")
    response = as_user(office.kt1).post(url_of(dossier, "op_kt"), {"outcome": "agree"}, follow=True)
    assert response.redirect_chain == [("/inbox/", 302)]
    assert "Duyệt sign" in text(response)
    dossier.refresh_from_db()
    assert dossier.open_steps == ["sign"]


@pytest.mark.parametrize(
    ("outcome", "state"), [("approve", "approved"), ("reject", "rejected"), ("return", "returned")]
)
def test_the_last_decision_is_announced(office, dossier, as_user, outcome, state):
    act(dossier, "op_tc", office.tc1, "agree")
    act(dossier, "op_kt", office.kt1, "agree")
    posted = {"outcome": outcome, "note": "Lý do"}
    response = as_user(office.chair).post(url_of(dossier, "sign"), posted, follow=True)
    dossier.refresh_from_db()
    assert dossier.state == state
    assert dossier.number in text(response)


def test_a_missing_reason_is_asked_for_beside_the_note(office, dossier, as_user, unchanged):
    with unchanged():
        response = as_user(office.tc1).post(url_of(dossier), {"outcome": "disagree", "note": "  "})
    assert response.status_code == 200
    assert 'id="note-error"' in text(response)


def test_an_unknown_outcome_keeps_the_note(office, dossier, as_user, unchanged):
    for posted in (
        {"note": "Đã gõ"},
        {"note": "Đã gõ", "outcome": "approve"},
        {"note": "Đã gõ", "outcome": "\0"},
    ):
        with unchanged():
            response = as_user(office.tc1).post(url_of(dossier), posted)
        assert response.status_code == 200
        assert "Đã gõ</textarea>" in text(response)


def test_a_note_that_is_too_long_is_kept_and_the_limit_named(office, dossier, as_user, unchanged):
    note = "x" * (MAX_NOTE + 1)
    with unchanged():
        response = as_user(office.tc1).post(url_of(dossier), {"outcome": "agree", "note": note})
    assert response.status_code == 200
    assert note in text(response)
    assert str(MAX_NOTE) in text(response).replace(note, "").replace(".", "")


def test_notes_are_stored_composed_and_without_invisible_marks(office, dossier, as_user):
    note = unicodedata.normalize("NFD", "Đề nghị bổ sung") + "\0\u202e"
    as_user(office.tc1).post(url_of(dossier), {"outcome": "agree", "note": note})
    entry = entries_for(dossier.target).filter(verb="task.decided").get()
    assert entry.data["note"] == "Đề nghị bổ sung"
    assert task_of(dossier, "op_tc").data["note"] == "Đề nghị bổ sung"


def test_texts_are_shown_as_they_are(office, as_user):
    raw = definition(approve("sign", {"position": "chair", "department": "LD"}, title=HOSTILE), code="x")
    raw["title"] = HOSTILE
    dossier = open_for(office, office.publish(raw), subject=HOSTILE)
    chair = as_user(office.chair)
    url = url_of(dossier, "sign")
    chair.post(url, {"outcome": "return", "note": HOSTILE})
    escaped = HOSTILE.replace("<", "&lt;").replace(">", "&gt;")
    ann = as_user(office.ann)
    rework = url_of(dossier, "rework")
    pages = [chair.get(url), chair.get(f"/dossiers/{dossier.pk}/"), ann.get(rework), ann.get("/inbox/")]
    for page in [*pages, ann.get("/dossiers/"), ann.get("/dossiers/new/"), ann.get("/dossiers/new/x/")]:
        assert page.status_code == 200
        assert escaped in text(page)
        assert "<script>alert(1)" not in text(page)
        assert "{{ 7" in text(page)


def test_pressing_twice_is_no_error(office, dossier, as_user):
    client, url = as_user(office.tc1), url_of(dossier)
    client.post(url, {"outcome": "agree"})
    response = client.post(url, {"outcome": "disagree", "note": "Đổi ý"})
    assert response.status_code == 302
    assert response["Location"] == f"/dossiers/{dossier.pk}/"
    assert entries_for(dossier.target).filter(verb="task.decided").count() == 1


def test_who_comes_second_is_told_who_decided_and_keeps_the_note(office, dossier, as_user, unchanged):
    act(dossier, "op_tc", office.tc1, "agree")
    with unchanged():
        response = as_user(office.tc2).post(
            url_of(dossier), {"outcome": "disagree", "note": f"Mất công {HOSTILE}"}
        )
    page = text(response)
    assert response.status_code == 409
    assert str(office.tc1) in page
    assert "Mất công {{ 7|add:7 }}" in page
    assert "<script>alert(1)" not in page


def test_a_task_that_a_colleague_claimed_cannot_be_claimed_or_decided(office, dossier, as_user, unchanged):
    claim(task_of(dossier, "op_tc").pk, by=office.tc1)
    client = as_user(office.tc2)
    with unchanged():
        for url in (url_of(dossier), url_of(dossier) + "claim/", url_of(dossier) + "release/"):
            response = client.post(url, {"outcome": "agree"})
            assert response.status_code == 409
            assert str(office.tc1) in text(response)


def test_claiming_twice_is_no_error(office, dossier, as_user):
    client, url = as_user(office.tc1), url_of(dossier) + "claim/"
    assert client.post(url)["Location"] == url_of(dossier)
    assert client.post(url).status_code == 302
    assert task_of(dossier, "op_tc").owner == office.tc1


def test_a_claimed_task_can_be_given_back(office, dossier, as_user):
    client = as_user(office.tc1)
    client.post(url_of(dossier) + "claim/")
    assert client.post(url_of(dossier) + "release/")["Location"] == "/inbox/"
    assert task_of(dossier, "op_tc").owner is None
    assert client.post(url_of(dossier) + "release/").status_code == 409


def test_a_dossier_that_was_withdrawn_meanwhile_is_a_conflict(office, dossier, as_user):
    withdraw(dossier.pk, by=office.ann, reason="Không cần nữa")
    response = as_user(office.tc1).post(url_of(dossier), {"outcome": "agree", "note": "Đã gõ"})
    assert response.status_code == 409
    assert "Đã gõ" in text(response)


def test_a_busy_dossier_keeps_everything(office, dossier, as_user, monkeypatch, unchanged):
    def busy(*args, **kwargs):
        raise BusyError

    monkeypatch.setattr("workflows.inbox.tasks.decide", busy)
    with unchanged():
        response = as_user(office.tc1).post(url_of(dossier), {"outcome": "agree", "note": "Đã gõ"})
    assert response.status_code == 409
    assert "Đã gõ</textarea>" in text(response)


def test_a_flow_that_cannot_go_on_says_so_and_keeps_the_note(office, as_user, unchanged):
    raw = definition(
        approve("first", {"head_of": "submitter"}),
        {
            "id": "way",
            "kind": "choice",
            "title": "?",
            "branches": [
                {"when": "amount / (amount - 10000000) > 1", "steps": [approve("a", {"head_of": "TC"})]},
                {"otherwise": True, "steps": []},
            ],
        },
        code="faulty",
    )
    dossier = open_for(office, office.publish(raw))
    with unchanged():
        response = as_user(office.head_dt).post(
            url_of(dossier, "first"), {"outcome": "approve", "note": "Đã gõ"}
        )
    assert response.status_code == 200
    assert "Đã gõ</textarea>" in text(response)
    assert 'role="alert"' in text(response)


def test_an_expired_session_keeps_the_note(office, dossier, as_user):
    client, url = as_user(office.tc1), url_of(dossier)
    owner = client.get(url).context["owner_token"]
    visitor = Client()
    response = visitor.post(url, {"outcome": "disagree", "note": "Dài dòng", "_owner": owner})
    assert "/login" in response["Location"]
    assert task_of(dossier, "op_tc").finished is None
    visitor.force_login(office.tc1)
    assert "Dài dòng</textarea>" in text(visitor.get(url))
    assert "Dài dòng" not in text(as_user(office.tc2).get(url))


@pytest.fixture
def returned(office, dossier):
    act(dossier, "op_tc", office.tc1, "agree")
    act(dossier, "op_kt", office.kt1, "agree")
    return act(dossier, "sign", office.chair, "return", note="Bổ sung dự toán")


def answered(page, **answers):
    return ANSWERS | {"outcome": "resubmit", "_key": page.context["form"].key} | answers


def test_a_returned_dossier_is_completed_and_sent_again(office, returned, as_user):
    client, url = as_user(office.ann), url_of(returned, "rework")
    page = client.get(url)
    assert "Bổ sung dự toán" in text(page)
    assert "Tờ trình mua máy" in text(page)
    client.post(url, answered(page, amount="60000000"))
    returned.refresh_from_db()
    assert (returned.state, returned.answers["amount"]) == (Dossier.State.RUNNING, 60_000_000)
    shown = as_user(office.tc1).get(url_of(returned, "op_tc"))
    assert [
        answer.row.key for section in shown.context["sections"] for answer in section.answers if answer.news
    ] == ["amount"]
    assert "is-changed" in text(shown)


def test_wrong_answers_are_named_and_everything_is_kept(office, returned, as_user, unchanged):
    client, url = as_user(office.ann), url_of(returned, "rework")
    posted = answered(client.get(url), amount="nhiều", reason="Lý do dài", note="Ghi chú")
    with unchanged():
        response = client.post(url, posted)
    page = text(response)
    assert response.status_code == 200
    assert "is-invalid" in page
    assert all(words in page for words in ("nhiều", "Lý do dài", "Ghi chú"))


def test_a_step_with_questions_cannot_be_passed_without_them(office, returned, as_user, unchanged):
    with unchanged():
        response = as_user(office.ann).post(url_of(returned, "rework"), {"outcome": "resubmit"})
    assert response.status_code == 200


def test_somebody_elses_rework_stores_no_upload(office, returned, as_user, unchanged):
    with unchanged():
        response = as_user(office.head_dt).post(url_of(returned, "rework"), ANSWERS | {"_key": "x"})
    assert response.status_code == 409
