"""A form page is built without code, published, answered, and its answers are exported."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from home.pages.models import HomePage
from tests.browser.designing import choose

pytestmark = pytest.mark.django_db(transaction=True)

QUESTIONS = [
    ("Văn bản ngắn", "Nơi đi"),
    ("Số", "Số người"),
    ("Ngày", "Ngày đi"),
    ("Số tiền", "Tạm ứng"),
    ("Có hoặc không", "Cần xe"),
    ("Văn bản dài", "Ghi chú"),
]


def add_question(page: Any, kind: str, number: int) -> None:
    """Press the last “+” of the questions and pick the kind of the one that gets this number."""
    plus = page.locator("[data-contentpath=questions] .c-sf-add-button:visible").last
    count = page.locator("input[name=sections-0-value-questions-count]")
    choose(page, plus, kind, lambda: int(count.input_value()) > number)


def build(page: Any) -> None:
    home = HomePage.objects.get()
    page.goto(f"/admin/pages/add/pages/formpage/{home.pk}/")
    page.locator("#id_title").fill("Đăng ký xe công tác")
    page.locator("#panel-child-noi_dung-sections-content .c-sf-add-button").click()
    page.locator("[name=sections-0-value-title]").fill("Chuyến đi")
    for number, (kind, label) in enumerate(QUESTIONS):
        add_question(page, kind, number)
        page.locator(f"[name=sections-0-value-questions-{number}-value-label]").fill(label)
    page.locator("[name=sections-0-value-questions-0-value-required]").check()
    page.get_by_role("button", name="Thao tác khác").click()
    page.get_by_role("button", name="Đăng", exact=True).click()


def test_a_form_is_built_answered_and_exported(visit: Any, tmp_path: Path) -> None:
    admin = visit("huy.lq")
    build(admin)
    expect(admin.get_by_role("status").or_(admin.locator(".messages")).first).to_contain_text(
        "Đăng ký xe công tác"
    )

    staff = visit("an.nv")
    staff.goto("/dang-ky-xe-cong-tac/")
    staff.get_by_role("button", name="Gửi").click()
    expect(staff.get_by_role("alert")).to_contain_text("Nơi đi")
    staff.get_by_label("Nơi đi").fill("Xã Ngân Hà")
    staff.get_by_label("Số người").fill("3")
    staff.get_by_label("Ngày đi").fill("2026-12-01")
    staff.get_by_label("Tạm ứng").fill("1.500.000")
    staff.get_by_role("group", name="Cần xe").get_by_label("Có").check()
    staff.get_by_label("Ghi chú").fill("=1+1")
    staff.get_by_role("button", name="Gửi").click()
    expect(staff.get_by_role("main")).to_contain_text("Đã nhận được câu trả lời")
    assert staff.goto("/forms/answers/").status == 200
    expect(staff.get_by_role("link", name="Đăng ký xe công tác")).to_have_count(0)

    admin.goto("/forms/answers/")
    admin.get_by_role("link", name="Đăng ký xe công tác").click()
    row = admin.get_by_role("row").nth(1)
    for text in ("Nguyễn Văn An", "Xã Ngân Hà", "01/12/2026", "1.500.000"):
        expect(row).to_contain_text(text)
    admin.get_by_text("Xuất dữ liệu").click()
    with admin.expect_download() as download:
        admin.get_by_role("link", name="CSV").click()
    file = tmp_path / "answers.csv"
    download.value.save_as(file)
    header, answer = csv.reader(file.read_text(encoding="utf-8-sig").splitlines())
    assert header[2:] == ["Người gửi", "Tên đăng nhập", *(label for _kind, label in QUESTIONS)]
    given = ["Nguyễn Văn An", "an.nv", "Xã Ngân Hà", "3", "2026-12-01", "1500000", "Có"]
    assert answer[2:] == [*given, "'=1+1"]
