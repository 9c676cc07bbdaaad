"""Hold, resume, supplement, forward, reassign, drafts and the way back, from the pages of tasks and dossiers."""

from __future__ import annotations

import pytest

from tests.factories.flows import act, approve, definition, open_for, review, task_of
from workflows.dossiers.api import Dossier
from workflows.engine.api import claim, draft_of, hold


@pytest.fixture
def dossier(office):
    two = definition(
        review("look", "TC"),
        approve("sign", {"position": "chair", "department": "LD"}, return_to="any"),
    )
    return open_for(office, office.publish(two))


def test_a_dossier_is_held_and_resumed_from_its_page(office, dossier, as_user):
    client, url = as_user(office.head_dt), f"/dossiers/{dossier.pk}/"
    assert f"{url}hold/" in client.get(url).content.decode()
    assert client.post(f"{url}hold/", {"reason": "Chờ ý kiến của Sở"}).url == url
    page = client.get(url).content.decode()
    assert "Hồ sơ đang tạm dừng" in page
    assert page.count("Chờ ý kiến của Sở") >= 2
    assert f"{url}hold/" not in page
    # Pressed twice: nothing happens, and the page says how it stands.
    assert client.post(f"{url}hold/", {"reason": "Chờ ý kiến của Sở"}).url == url
    assert dossier.pauses.count() == 1
    assert client.post(f"{url}resume/").url == url
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.RUNNING
    assert "Các lần dừng đồng hồ" in client.get(url).content.decode()


def test_a_reason_is_asked_for_and_nothing_typed_is_lost(office, dossier, as_user, unchanged):
    task = task_of(dossier, "look")
    client = as_user(office.tc1)
    with unchanged():
        answer = client.post(f"/tasks/{task.pk}/forward/", {"reason": "Anh xử lý giúp", "to": ""})
    text = answer.content.decode()
    assert 'id="to-error"' in text
    assert "Anh xử lý giúp" in text
    with unchanged():
        text = client.post(f"/tasks/{task.pk}/supplement/", {"reason": " "}).content.decode()
    assert 'id="reason-error"' in text


@pytest.mark.parametrize(
    "address", ["tasks/{task}/supplement", "tasks/{task}/forward", "tasks/{task}/reassign"]
)
def test_who_may_not_act_finds_no_such_page(office, dossier, as_user, unchanged, address):
    url = f"/{address.format(task=task_of(dossier, 'look').pk)}/"
    for person in (office.outsider, office.ann):
        with unchanged():
            assert as_user(person).get(url).status_code == 404
            assert as_user(person).post(url, {"reason": "x", "to": office.tc2.pk}).status_code == 404


def test_only_who_answers_for_a_dossier_stops_its_clock(office, dossier, as_user, unchanged):
    for person in (office.outsider, office.ann):
        for act_name in ("hold", "resume"):
            with unchanged():
                url = f"/dossiers/{dossier.pk}/{act_name}/"
                posted = as_user(person).post(url, {"reason": "x"})
            # The submitter sees the dossier, and that it runs; a stranger learns nothing.
            expected = 302 if person == office.ann and act_name == "resume" else 404
            assert posted.status_code == expected


def test_a_task_is_forwarded_with_a_reason(office, dossier, as_user):
    task = task_of(dossier, "look")
    url = f"/tasks/{task.pk}/forward/"
    given = {"reason": "Thuộc mảng của anh", "to": office.kt1.pk}
    client = as_user(office.tc1)
    assert client.post(url, given).url == f"/tasks/{task.pk}/"
    assert client.post(url, given).status_code == 302
    task.refresh_from_db()
    assert task.owner == office.kt1
    page = as_user(office.kt1).get(f"/tasks/{task.pk}/").content.decode()
    assert 'id="decision"' in page
    assert "Thuộc mảng của anh" in as_user(office.kt1).get(f"/dossiers/{dossier.pk}/").content.decode()


def test_a_head_gives_the_task_of_an_officer_to_another(office, dossier, as_user):
    task = task_of(dossier, "look")
    claim(task.pk, by=office.tc1)
    given = {"reason": "Nghỉ ốm", "to": office.tc2.pk}
    assert as_user(office.head_tc).post(f"/tasks/{task.pk}/reassign/", given).status_code == 302
    task.refresh_from_db()
    assert task.owner == office.tc2


def test_while_a_supplement_is_awaited_the_task_says_so_and_decides_nothing(
    office, dossier, as_user, unchanged
):
    task = task_of(dossier, "look")
    claim(task.pk, by=office.tc1)
    client, url = as_user(office.tc1), f"/tasks/{task.pk}/"
    assert client.post(f"{url}supplement/", {"reason": "Thiếu dự toán"}).url == url
    page = client.get(url).content.decode()
    assert "Thiếu dự toán" in page
    assert 'name="outcome"' not in page
    with unchanged():
        client.post(url, {"outcome": "agree"})
    mine = task_of(dossier, "supplement")
    assert 'name="outcome"' in as_user(office.ann).get(f"/tasks/{mine.pk}/").content.decode()


def test_a_draft_is_kept_for_its_writer_alone(office, dossier, as_user):
    task = task_of(dossier, "look")
    url = f"/tasks/{task.pk}/"
    answer = as_user(office.tc1).post(url, {"keep": "1", "note": "Còn phải xem lại"})
    assert answer.url == url
    assert draft_of(task.pk, office.tc1).note == "Còn phải xem lại"
    assert "Còn phải xem lại" in as_user(office.tc1).get(url).content.decode()
    assert "Còn phải xem lại" not in as_user(office.tc2).get(url).content.decode()


def test_a_return_goes_to_the_step_that_was_chosen(office, dossier, as_user):
    act(dossier, "look", office.tc1, "agree")
    url = f"/tasks/{task_of(dossier, 'sign').pk}/"
    client = as_user(office.chair)
    page = client.get(url).content.decode()
    assert '<option value="look"' in page
    assert '<option value="rework"' in page
    client.post(url, {"outcome": "return", "note": "Xem lại", "to-return": "look"})
    dossier.refresh_from_db()
    assert dossier.open_steps == ["look"]


def test_a_wrong_goal_keeps_what_was_typed(office, dossier, as_user, unchanged):
    act(dossier, "look", office.tc1, "agree")
    url = f"/tasks/{task_of(dossier, 'sign').pk}/"
    with unchanged():
        answer = as_user(office.chair).post(
            url, {"outcome": "return", "note": "Xem lại", "to-return": "khong_co"}
        )
    assert "Xem lại" in answer.content.decode()


def test_a_closed_task_says_why_and_shows_the_draft(office, version, as_user):
    dossier = open_for(office, version)
    task = task_of(dossier, "op_dt")
    as_user(office.dt1).post(f"/tasks/{task.pk}/", {"keep": "1", "note": "Đang viết dở"})
    act(dossier, "op_tc", office.tc1, "agree")
    act(dossier, "op_kt", office.kt1, "agree")
    page = as_user(office.dt1).get(f"/tasks/{task.pk}/").content.decode()
    assert "Đã đủ ý kiến" in page
    assert "Đang viết dở" in page


def test_the_task_of_a_held_dossier_says_so(office, dossier, as_user):
    hold(dossier.pk, by=office.head_dt, reason="Chờ")
    page = as_user(office.tc1).get(f"/tasks/{task_of(dossier, 'look').pk}/").content.decode()
    assert "Hồ sơ đang tạm dừng" in page


def test_a_decision_is_taken_back_from_its_page_by_who_made_it(office, as_user, unchanged):
    raw = definition(
        review("look", "TC") | {"recall": 30}, approve("sign", {"position": "chair", "department": "LD"})
    )
    dossier = open_for(office, office.publish(raw))
    task = task_of(dossier, "look")
    act(dossier, "look", office.tc1, "agree")
    url = f"/tasks/{task.pk}/recall/"
    assert "còn rút được trong 30 phút" in as_user(office.tc1).get(f"/tasks/{task.pk}/").content.decode()
    with unchanged():
        assert as_user(office.tc2).post(url).status_code == 404
        assert as_user(office.outsider).post(url).status_code == 404
    assert as_user(office.tc1).post(url, {"reason": "Nhầm"}).url == f"/dossiers/{dossier.pk}/"
    dossier.refresh_from_db()
    assert dossier.open_steps == ["look"]
    assert as_user(office.tc1).post(url).status_code == 302
    assert url not in as_user(office.tc1).get(f"/tasks/{task.pk}/").content.decode()
