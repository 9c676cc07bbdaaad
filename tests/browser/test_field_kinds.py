"""Questions of several controls: a period, a matrix, a table that grows, another answer, a signature."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from home.forms.api import Submission
from home.pages.models import HomePage
from tests.factories.forms import field, make_form_page

pytestmark = pytest.mark.django_db(transaction=True)

SCALE = [{"value": "good", "label": "Hài lòng"}, {"value": "bad", "label": "Chưa hài lòng"}]
ASPECTS = [{"value": "food", "label": "Nhà ăn"}, {"value": "rooms", "label": "Phòng họp"}]
COLUMNS = [
    {"key": "what", "kind": "text", "label": "Nội dung", "required": True},
    {"key": "day", "kind": "date", "label": "Ngày"},
    {"key": "cost", "kind": "money", "label": "Số tiền"},
]
QUESTIONS = [
    field("title", "heading", label="Chuyến công tác", help="Điền trước ngày đi."),
    field("note", "static_text", label="Lưu ý", text="Định mức theo quy chế chi tiêu nội bộ."),
    field("period", "date_range", label="Thời gian", required=True),
    field("by", "choice", label="Phương tiện", choices=[{"value": "car", "label": "Xe cơ quan"}], other=True),
    field("costs", "table", label="Chi phí", columns=COLUMNS, totals=["cost"], required=True, max_rows=5),
    field("view", "matrix", label="Mức độ hài lòng", rows=ASPECTS, columns=SCALE),
    field("sign", "signature", label="Chữ ký"),
]


def form_page(title: str) -> str:
    """Publish a form of all these questions; return its address."""
    page = make_form_page(*QUESTIONS, parent=HomePage.objects.get(), title=title)
    return f"/{page.slug}/"


def test_a_form_of_many_controls_is_filled_in_on_a_phone(visit: Any) -> None:
    page = visit("an.nv", width=360)
    page.goto(form_page("Đề nghị thanh toán"))
    page.get_by_label("Từ", exact=True).fill("2026-11-20")
    page.get_by_label("Đến", exact=True).fill("2026-11-25")
    # Saturday and Sunday, and 24 November, which is a holiday since 2026.
    expect(page.locator(".forms-days")).to_have_text("3 ngày làm việc")
    other = page.get_by_label("Phương tiện: câu trả lời khác")
    expect(other).to_be_hidden()
    page.get_by_label("Khác", exact=True).check()
    expect(other).to_be_focused()
    other.fill("Tàu hỏa")
    table = page.get_by_role("group", name="Chi phí")
    table.get_by_label("Nội dung").fill("Vé tàu")
    table.get_by_label("Số tiền").fill("1.250.000")
    table.get_by_role("button", name="Thêm dòng").click()
    expect(table.get_by_label("Nội dung").nth(1)).to_be_focused()
    table.get_by_label("Số tiền").nth(1).fill("750000")
    expect(table.locator("output[data-total]")).to_have_text("2.000.000\u00a0₫")
    table.get_by_role("button", name="Thêm dòng").click()
    table.get_by_role("button", name="Xóa dòng này").nth(2).click()
    expect(table.locator("tbody tr")).to_have_count(2)
    page.get_by_role("radio", name="Nhà ăn Chưa hài lòng").check()
    pad = page.locator("canvas")
    pad.scroll_into_view_if_needed()
    frame = pad.bounding_box()
    page.mouse.move(frame["x"] + 20, frame["y"] + 60)
    page.mouse.down()
    page.mouse.move(frame["x"] + 160, frame["y"] + 20, steps=5)
    page.mouse.up()
    expect(page.get_by_text("Chữ ký sẽ được gửi")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        "nothing is wider than the phone"
    )
    page.get_by_role("button", name="Gửi", exact=True).click()

    # The second row says what it costs but not what for; everything else is still there.
    expect(page.get_by_role("alert")).to_contain_text("Dòng 2, Nội dung")
    expect(page.get_by_role("img", name="chu-ky.png")).to_be_visible()
    expect(page.get_by_label("Phương tiện: câu trả lời khác")).to_have_value("Tàu hỏa")
    page.get_by_role("group", name="Chi phí").get_by_label("Nội dung").nth(1).fill("Khách sạn")
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Đã nhận được câu trả lời")
    submission = Submission.objects.get()
    answers = submission.answers
    assert answers["period"] == {"from": "2026-11-20", "to": "2026-11-25", "days": 3}
    assert answers["by"] == {"other": "Tàu hỏa"} and answers["view"] == {"food": "bad"}
    assert answers["costs"] == [{"what": "Vé tàu", "cost": 1_250_000}, {"what": "Khách sạn", "cost": 750_000}]
    page.goto(f"/forms/submissions/{submission.pk}/")
    expect(page.get_by_role("table", name="Chi phí")).to_contain_text("2.000.000")
    expect(page.get_by_role("img", name="chu-ky.png")).to_have_js_property("complete", True)
    assert page.evaluate("document.querySelector('main img').naturalWidth") > 0


def test_rows_are_added_and_removed_without_a_script(visit: Any) -> None:
    page = visit("an.nv", java_script_enabled=False)
    page.goto(form_page("Đề nghị tạm ứng"))
    page.get_by_label("Nội dung").fill("Vé tàu")
    page.get_by_role("button", name="Thêm dòng").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_label("Nội dung").first).to_have_value("Vé tàu")
    page.get_by_label("Nội dung").nth(1).fill("Bỏ đi")
    page.get_by_role("button", name="Xóa dòng này").nth(1).click()
    expect(page.get_by_label("Nội dung")).to_have_count(1)
    page.get_by_label("Từ", exact=True).fill("2026-11-20")
    page.get_by_label("Đến", exact=True).fill("2026-11-25")
    page.get_by_label("Phương tiện: câu trả lời khác").fill("Tàu hỏa")
    page.get_by_label("Nội dung").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Đã nhận được câu trả lời")
    answers = Submission.objects.latest("pk").answers
    assert answers["by"] == {"other": "Tàu hỏa"} and answers["costs"] == [{"what": "Vé tàu"}]
