"""A new server, from the console's token to the first page, as the first administrator lives it; and the bell there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from home.notifications.models import Notification
from home.office.api import Office
from home.people.api import Department, User
from home.setup.door import current_token
from tests.home.notifications.kinds import GREETING
from tests.home.office.test_office import picture

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "Mot-mat-khau-dai-2026"
HEAD = "Tên đăng nhập,Họ và tên đệm,Tên,Thư điện tử\n"


def go_on(page: Any) -> None:
    page.get_by_role("main").locator("button.btn-primary").click()


@pytest.mark.story
def test_an_empty_office_is_opened(page: Any, live_server: Any, tmp_path: Path) -> None:
    logo, drawing, people = tmp_path / "logo.png", tmp_path / "logo.svg", tmp_path / "nhan-su.csv"
    logo.write_bytes(picture().read())
    drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")

    page.goto(f"{live_server.url}/tin-tuc/")
    expect(page).to_have_url(f"{live_server.url}/setup/")
    page.get_by_label("Mã mở").fill("sai")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Mã không đúng")
    page.get_by_label("Mã mở").fill(current_token())
    page.keyboard.press("Enter")

    page.get_by_label("Tên cơ quan").fill("UBND xã Sao Băng")
    page.get_by_label("Tên tiếng Anh").fill("Sao Bang Commune")
    go_on(page)
    page.get_by_label("Biểu trưng", exact=True).set_input_files(drawing)
    page.get_by_label("Màu sắc").fill("#ffd24d")
    go_on(page)
    expect(page.get_by_role("main")).to_contain_text("Chữ trắng trên màu này quá mờ")
    expect(page.get_by_role("main")).to_contain_text("JPEG, PNG hoặc WebP")
    page.get_by_label("Biểu trưng", exact=True).set_input_files(logo)
    page.get_by_label("Màu sắc").fill("#a61c28")
    go_on(page)

    people.write_text(f"{HEAD}sai ten,Trần,Sai,khong\n")
    page.locator("input[type=file]").set_input_files(people)
    go_on(page)
    expect(page.get_by_role("table")).to_contain_text("Tên đăng nhập")
    people.write_text(f"{HEAD}an.nv,Nguyễn Văn,An,an@xa.example\n")
    page.locator("input[type=file]").set_input_files(people)
    go_on(page)

    person = {"last_name": "Lê Thị", "first_name": "Quân", "username": "quan.lt", "email": "quan@xa.example"}
    for name, value in {**person, "password": "12345678", "again": "12345678"}.items():
        page.locator(f"#id_{name}").fill(value)
    go_on(page)
    expect(page.get_by_role("main")).to_contain_text("quá phổ biến")
    page.locator("#id_password").fill(SECRET)
    page.locator("#id_again").fill(SECRET)
    go_on(page)
    go_on(page)

    # Refreshed, gone back to and on again, nothing is lost; pressed twice, it is opened once.
    page.get_by_role("link", name="Cơ quan", exact=False).first.click()
    page.reload()
    expect(page.get_by_label("Tên cơ quan")).to_have_value("UBND xã Sao Băng")
    page.get_by_role("link", name="Mở cơ quan").click()
    expect(page.get_by_role("main")).to_contain_text(["an", "xa.example"][0] and "quan.lt")
    page.get_by_role("main").get_by_role("button", name="Mở cơ quan").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lê Thị Quân")
    expect(page).to_have_title("Trang chủ · UBND xã Sao Băng")
    expect(page.locator("img.brand-logo").first).to_be_visible()
    assert User.objects.filter(is_superuser=True).count() == 1
    assert User.objects.filter(username="an.nv").exists()
    assert not Department.objects.exists()
    assert Office.objects.get().colour == "#a61c28"
    assert page.goto(f"{live_server.url}/setup/").status == 404

    # The bell drops down by keyboard, is read there, and gives the focus back.
    reader = User.objects.get(username="quan.lt")
    Notification.objects.create(recipient=reader, kind=GREETING.code, params={"name": "Lan"}, url="/help/")
    page.goto(f"{live_server.url}/")
    bell = page.locator("[data-bell] > a")
    bell.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#bell-panel")
    expect(panel).to_contain_text("Chào Lan")
    expect(panel.locator("#bell-title")).to_be_focused()
    panel.get_by_role("button", name="Đánh dấu đã đọc").click()
    expect(panel.get_by_text("Chưa đọc")).to_have_count(0)
    expect(page.locator("#bell-count .badge")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(bell).to_be_focused()
    bell.click()
    panel.get_by_role("link", name="Chào Lan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Trợ giúp")
