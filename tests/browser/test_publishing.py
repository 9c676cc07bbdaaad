"""A notice that must be read, and a department that publishes by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from home.pages.models import NewsIndexPage, NewsPage, NoticePage
from home.people.api import User
from tests.browser.desk import more

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]


def test_a_notice_is_confirmed_the_others_are_reminded_and_the_list_goes_to_excel(
    visit: Any, tmp_path: Path
) -> None:
    notice = NoticePage.objects.get(must_read=True, title__startswith="Gia hạn chứng thư số")
    reader, editor, late = visit("an.nv", width=360), visit("yen.dth"), visit("huy.lq")
    reader.goto("/")
    panel = reader.get_by_role("region", name="Cần đọc")
    panel.get_by_role("link", name=notice.title).click()
    reader.get_by_role("button", name="Đã đọc và hiểu").click()
    expect(reader.get_by_text("Cảm ơn, hệ thống đã ghi nhận")).to_be_visible()
    expect(reader.get_by_role("button", name="Đã đọc và hiểu")).to_have_count(0)
    reader.goto("/")
    expect(reader.get_by_role("region", name="Thông báo")).to_be_visible()
    expect(panel.get_by_role("link", name=notice.title)).to_have_count(0)

    editor.goto(notice.url)
    editor.get_by_role("link", name="Tình hình xác nhận").click()
    asked = User.objects.active().count()
    expect(editor.get_by_text(f"1/{asked} người")).to_be_visible()
    editor.get_by_role("button", name="Nhắc người chưa xác nhận").click()
    expect(editor.get_by_text(f"Đã nhắc {asked - 1} người.")).to_be_visible()
    with editor.expect_download() as download:
        editor.get_by_role("link", name="Excel").click()
    path = tmp_path / "xac-nhan.xlsx"
    download.value.save_as(path)
    rows = list(load_workbook(path).active.values)
    assert len(rows) == asked + 1
    assert [row[2] for row in rows[1:] if row[4]] == ["an.nv"]

    late.goto("/notifications/")
    late.get_by_role("link", name="Nhắc lại – chưa xác nhận").first.click()
    expect(late.get_by_role("button", name="Đã đọc và hiểu")).to_be_visible()


def test_a_department_publishes_in_its_own_section(visit: Any) -> None:
    admin, head, editor, staff = visit("huy.lq"), visit("son.nt"), visit("an.nv"), visit("uyen.np")
    admin.goto("/sections/")
    admin.get_by_label("Đơn vị").select_option(label="Phòng Tổng hợp")
    admin.get_by_role("button", name="Mở chuyên mục").click()
    expect(admin.get_by_text("Đã mở chuyên mục của Phòng Tổng hợp")).to_be_visible()

    head.goto("/")
    head.get_by_role("link", name="Chuyên mục của đơn vị").click()
    head.get_by_role("link", name="Biên tập viên và thành viên").click()
    row = head.get_by_role("listitem").filter(has_text="an.nv").filter(has=head.locator("select"))
    row.get_by_role("combobox").select_option("editor")
    row.get_by_role("button").click()
    expect(head.get_by_text("viết và trình duyệt.")).to_be_visible()

    section = NewsIndexPage.objects.get(department__code="TH")
    title = "Kế hoạch công tác quý I"
    editor.goto(f"/admin/pages/add/pages/newspage/{section.pk}/")
    editor.locator("#id_title").fill(title)
    editor.locator("#id_lead").fill("Mười hai đầu việc trọng tâm.")
    more(editor, "Gửi")
    expect(editor.locator(".messages")).to_contain_text(title)
    address = f"{section.url}ke-hoach-cong-tac-quy-i/"
    assert staff.goto(address).status == 404

    head.goto("/admin/")
    head.get_by_role("link", name=title).first.click()
    more(head, "Duyệt kèm ý kiến")
    head.get_by_role("dialog").get_by_role("textbox").fill("Đồng ý, cho đăng.")
    head.get_by_role("dialog").get_by_role("button").last.click()
    expect(head.locator(".messages")).to_contain_text(title, timeout=60_000)
    assert staff.goto(address).status == 200
    staff.goto("/tin-tuc/")
    expect(staff.get_by_role("link", name=title)).to_be_visible()


def test_readers_say_that_news_are_useful_and_comment_with_and_without_scripts(
    visit: Any,
) -> None:
    news = NewsPage.objects.get(slug="van-hanh-cong-so-dien-tu")
    reader, editor = visit("an.nv", width=360), visit("huy.lq")
    plain = visit("oanh.ptk", java_script_enabled=False)
    reader.goto(news.url)
    talk = reader.get_by_role("region", name="Đánh giá hữu ích và bình luận")
    talk.get_by_role("button", name="Hữu ích").click()
    expect(talk.get_by_text("1 người thấy hữu ích")).to_be_visible()
    talk.get_by_role("textbox", name="Bình luận của bạn").fill("Rất <b>tiện</b>")
    talk.get_by_role("button", name="Gửi bình luận").click()
    expect(reader.get_by_text("Bình luận sẽ hiện ra sau khi được duyệt")).to_be_visible()

    editor.goto("/news/comments/")
    editor.get_by_role("button", name="Phê duyệt").click()
    expect(editor.get_by_text("Bình luận đã hiển thị.")).to_be_visible()

    plain.goto(news.url)
    plain.get_by_role("link", name="Đánh giá hữu ích và bình luận").click()
    expect(plain.get_by_text("Rất <b>tiện</b>")).to_be_visible()
    plain.get_by_role("button", name="Hữu ích").click()
    expect(plain.get_by_text("2 người thấy hữu ích")).to_be_visible()
