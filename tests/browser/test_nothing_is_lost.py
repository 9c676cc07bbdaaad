"""An expired session, a second click, a colleague who was quicker: what was written stays."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.cases import open_slip, task_at
from tests.browser.conftest import PASSWORD
from tests.browser.desk import decide, fill_slip
from workflows.dossiers.api import Dossier

pytestmark = pytest.mark.django_db(transaction=True)


def come_back(page: Any, username: str) -> None:
    """Log in on the login page that came instead of an answer."""
    expect(page).to_have_url(re.compile(r"/login/\?next="))
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def test_a_session_ends_while_a_dossier_is_written(visit: Any, attachment: Any) -> None:
    page = visit("an.nv")
    page.goto("/dossiers/new/trinh-ky/")
    fill_slip(page, subject="Tờ trình viết dở", amount="12.500.000", files=[attachment])
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    come_back(page, "an.nv")

    expect(page.get_by_role("status")).to_contain_text("Phiên làm việc")
    expect(page.get_by_label("Trích yếu nội dung")).to_have_value("Tờ trình viết dở")
    expect(page.get_by_label("Kinh phí thực hiện")).to_have_value(re.compile(r"12\.?500\.?000"))
    expect(page.get_by_role("radio", name="Kế hoạch")).to_be_checked()
    expect(page.get_by_label("Tóm tắt nội dung và đề xuất")).to_have_value(re.compile("12.000 hồ sơ"))
    expect(page.get_by_role("link", name="du-thao.pdf")).to_be_visible()
    assert not Dossier.objects.filter(subject="Tờ trình viết dở").exists()

    page.get_by_role("button", name="Nộp hồ sơ").click()
    expect(page.locator(".facts-number")).to_contain_text("-TTr")
    expect(page.get_by_role("link", name="du-thao.pdf").first).to_be_visible()
    assert Dossier.objects.filter(subject="Tờ trình viết dở").count() == 1


def test_a_session_ends_while_a_decision_is_written(visit: Any) -> None:
    dossier = open_slip("Ý kiến viết dở")
    page = visit("bao.lg")
    page.goto(f"/tasks/{task_at(dossier, 'opinion_finance')}/")
    note = "Đề nghị làm rõ nguồn kinh phí.\nBổ sung dự toán."
    page.get_by_label("Ý kiến, lý do").fill(note)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Không đồng ý").click()
    come_back(page, "bao.lg")

    expect(page.get_by_label("Ý kiến, lý do")).to_have_value(note)
    assert task_at(dossier, "opinion_finance")
    decide(page, "Không đồng ý")
    expect(page.get_by_role("status")).to_contain_text("Xong")
    page.goto(f"/dossiers/{dossier.pk}/")
    expect(page.locator(".act-note")).to_contain_text("Bổ sung dự toán.")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_two_clicks_file_one_dossier(visit: Any, scripts: bool) -> None:
    subject = f"Bấm hai lần {scripts}"
    page = visit("an.nv", java_script_enabled=scripts)
    page.goto("/dossiers/new/trinh-ky/")
    fill_slip(page, subject=subject)
    page.get_by_role("button", name="Nộp hồ sơ").dblclick()
    expect(page.locator(".facts-number")).to_contain_text("-TTr")
    assert Dossier.objects.filter(subject=subject).count() == 1


def test_the_second_of_two_who_decide_is_told_who_was_first(visit: Any) -> None:
    dossier = open_slip("Hai người cùng xử lý")
    task = task_at(dossier, "opinion_finance")
    first, second = visit("bao.lg"), visit("diep.ttn")
    for page in (first, second):
        page.goto(f"/tasks/{task}/")
    decide(first, "Đồng ý", "Thống nhất.")
    expect(first.get_by_role("status")).to_contain_text("Xong")
    with second.expect_response(lambda answer: f"/tasks/{task}/" in answer.url) as answered:
        decide(second, "Không đồng ý", "Chưa rõ nguồn chi.")

    assert answered.value.status == 409
    clash = second.get_by_role("main")
    expect(clash).to_contain_text("Lâm Gia Bảo")
    expect(clash).to_contain_text(re.compile(r"\d\d:\d\d \d\d/\d\d/\d{4}"))
    expect(clash).to_contain_text("Đồng ý")
    expect(clash.get_by_role("textbox")).to_have_value("Chưa rõ nguồn chi.")
    second.goto(f"/dossiers/{dossier.pk}/")
    expect(second.locator(".acts")).not_to_contain_text("Chưa rõ nguồn chi.")


def test_a_refused_form_keeps_answers_and_files(visit: Any, attachment: Any, tmp_path: Any) -> None:
    program = tmp_path / "chay.exe"
    program.write_bytes(b"MZ")
    page = visit("an.nv")
    page.goto("/dossiers/new/trinh-ky/")
    fill_slip(page, subject="Thiếu kinh phí", amount="nhiều", files=[attachment, program])
    page.get_by_role("button", name="Nộp hồ sơ").click()

    expect(page.get_by_role("main")).to_contain_text("chay.exe")
    expect(page.get_by_label("Trích yếu nội dung")).to_have_value("Thiếu kinh phí")
    expect(page.get_by_label("Kinh phí thực hiện")).to_have_value("nhiều")
    expect(page.get_by_role("link", name="du-thao.pdf")).to_be_visible()
    page.get_by_label("Kinh phí thực hiện").fill("0")
    page.get_by_role("button", name="Nộp hồ sơ").click()
    expect(page.locator(".facts-number")).to_contain_text("-TTr")
    expect(page.get_by_role("link", name="du-thao.pdf").first).to_be_visible()
