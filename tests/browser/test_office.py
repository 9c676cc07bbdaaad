"""News, notices, meetings, the import of people, and a forgotten password."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import expect

from home.meetings.models import Meeting
from home.pages.models import NewsIndexPage, NoticePage
from home.people.api import Department, User
from tests.browser.desk import more

pytestmark = pytest.mark.django_db(transaction=True)


def test_news_is_written_moderated_and_read(visit: Any) -> None:
    editor, head, staff = visit("uyen.np"), visit("oanh.ptk"), visit("an.nv")
    section = NewsIndexPage.objects.order_by("depth", "path").first()
    title = "Khánh thành thư viện điện tử"
    editor.goto(f"/admin/pages/add/pages/newspage/{section.pk}/")
    editor.locator("#id_title").fill(title)
    editor.locator("#id_lead").fill("Hai nghìn đầu sách đã được số hóa.")
    more(editor, "Gửi")
    expect(editor.locator(".messages")).to_contain_text(title)
    address = "/tin-tuc/khanh-thanh-thu-vien-dien-tu/"
    assert staff.goto(address).status == 404

    head.goto("/admin/")
    head.get_by_role("link", name=title).first.click()
    more(head, "Phê duyệt")
    expect(head.locator(".messages")).to_contain_text(title)
    assert staff.goto(address).status == 200
    expect(staff.get_by_role("main")).to_contain_text("Hai nghìn đầu sách")
    staff.goto("/tin-tuc/")
    expect(staff.get_by_role("link", name=title)).to_be_visible()


def test_a_notice_of_one_department_is_unknown_to_others(visit: Any) -> None:
    notice = (
        NoticePage.objects.filter(audience="departments").exclude(audience_departments__code="TH").first()
    )
    assert notice
    inside = User.objects.filter(
        memberships__department__in=notice.audience_departments.all(), is_superuser=False
    ).first()
    for username, sees in ((inside.username, True), ("khoi.dm", False)):
        page = visit(username)
        assert page.goto(notice.url).status == (200 if sees else 404)
        assert (notice.title in page.content()) is sees
        found = []
        for number in (1, 2, 3):
            answer = page.goto(f"/thong-bao/?page={number}")
            found.append(answer.status == 200 and page.get_by_text(notice.title).count() > 0)
        assert any(found) is sees
        page.goto("/")
        page.get_by_role("combobox").first.fill(notice.title)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/search/"))
        assert page.get_by_role("main").get_by_role("link", name=notice.title).count() == int(sees)


def test_a_room_is_not_booked_twice_and_the_form_stays(visit: Any) -> None:
    page = visit("son.nt")

    def fill(title: str, starts: str, ends: str) -> None:
        page.goto("/meetings/new/")
        page.get_by_label("Nội dung").fill(title)
        page.get_by_label("Ngày").fill("2026-12-10")
        page.get_by_label("Từ", exact=False).first.fill(starts)
        page.get_by_label("Đến").fill(ends)
        page.get_by_label("Phòng họp").select_option(label="Phòng họp số 3")
        page.get_by_label("Chương trình họp").fill("1. Rà soát\n2. Phân công")
        page.get_by_label("Nguyễn Văn An").check()
        page.get_by_role("button", name="Lên lịch họp").click()

    fill("Rà soát hồ sơ quý IV", "08:00", "10:00")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rà soát hồ sơ quý IV")
    fill("Họp trùng giờ", "09:00", "11:00")
    alert = page.get_by_role("main")
    expect(alert).to_contain_text("Rà soát hồ sơ quý IV")
    expect(page.get_by_label("Nội dung")).to_have_value("Họp trùng giờ")
    expect(page.get_by_label("Chương trình họp")).to_have_value("1. Rà soát\n2. Phân công")
    expect(page.get_by_label("Nguyễn Văn An")).to_be_checked()
    assert not Meeting.objects.filter(title="Họp trùng giờ").exists()
    page.get_by_label("Từ", exact=False).first.fill("10:00")
    page.get_by_role("button", name="Lên lịch họp").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Họp trùng giờ")

    guest = visit("an.nv")
    guest.goto("/meetings/?week=2026-W50")
    guest.goto("/notifications/")
    expect(guest.get_by_role("main")).to_contain_text("Rà soát hồ sơ quý IV")


def test_an_import_names_the_bad_row_and_stores_nothing(visit: Any, tmp_path: Any) -> None:
    page = visit("huy.lq")
    file = tmp_path / "nhan-su.csv"
    head = "Tên đăng nhập,Họ và tên đệm,Tên,Thư điện tử\n"
    file.write_text(head + "moi.nv,Nguyễn Văn,Mới,moi.nv@saomai.example\nsai ten,Trần,Sai,khong-phai-thu\n")
    people = User.objects.count()
    page.goto("/admin/people/import/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Kiểm tra").click()
    table = page.locator("table.listing")
    expect(table.get_by_role("row").nth(1)).to_contain_text("3")
    expect(table.get_by_role("row").nth(1)).to_contain_text("Tên đăng nhập")
    expect(table.get_by_role("row").nth(2)).to_contain_text("Thư điện tử")
    assert User.objects.count() == people

    file.write_text(head + "moi.nv,Nguyễn Văn,Mới,moi.nv@saomai.example\n")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Kiểm tra").click()
    assert User.objects.count() == people
    page.get_by_role("button", name="Nhập ngay").click()
    expect(page.locator(".messages")).to_be_visible()
    assert User.objects.get(username="moi.nv").last_name == "Nguyễn Văn"
    assert Department.objects.count() == 12


def test_a_forgotten_password_is_set_anew(visit: Any) -> None:
    page = visit()
    page.goto("/")
    page.get_by_role("link", name="Quên mật khẩu").click()
    page.get_by_role("textbox").fill("my.ltd@saomai.example")
    page.get_by_role("button", name="Gửi liên kết").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    (letter,) = mail.outbox
    assert letter.to == ["my.ltd@saomai.example"]
    link = re.search(r"https?://\S+", letter.body).group()
    page.goto(re.sub(r"^https?://[^/]+", "", link))
    for field in page.locator("input[type=password]").all():
        field.fill("Mot-mat-khau-moi-26")
    page.locator("main form button.btn-primary, form[method=post] button.btn-primary").last.click()
    page.get_by_role("link", name="Đăng nhập").click()
    page.get_by_label("Tên đăng nhập").fill("my.ltd")
    page.get_by_label("Mật khẩu").fill("Mot-mat-khau-moi-26")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Xin chào, Lê Thị Diễm My")).to_be_visible()
    assert page.goto(re.sub(r"^https?://[^/]+", "", link)).status == 200
    expect(page.locator("input[type=password]")).to_have_count(0)
