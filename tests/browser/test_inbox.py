"""The inbox at a desk and on a phone: keys, choosing, several decisions at once, a saved view."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.cases import open_slip

pytestmark = pytest.mark.django_db(transaction=True)

FINANCE = "bao.lg"
SUBJECTS = ["Kế hoạch số hóa", "Báo cáo quý", "Đề án trụ sở"]


@pytest.fixture(scope="module", autouse=True)
def _slips(site: Any) -> None:
    """Open dossiers that wait in the pool of the finance unit."""
    for subject in SUBJECTS:
        open_slip(subject)


def test_several_tasks_are_claimed_and_decided_by_keys(visit: Any) -> None:
    page = visit(FINANCE)
    page.goto("/inbox/?tab=claim")
    count = page.locator("[data-pick-count]")
    expect(count).to_have_text("Chưa chọn việc nào")
    for _row in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(count).to_have_text("Đã chọn: 2")
    page.locator("[data-pick-bar]").get_by_role("button", name="Nhận việc").click()
    expect(page.get_by_role("heading", name="Đã xong: 2")).to_be_visible()

    page.goto("/inbox/")
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(2)
    page.get_by_label("Chọn mọi việc của trang này").check()
    page.get_by_role("button", name="Xử lý…").click()
    page.get_by_role("radio").first.check()
    page.get_by_label("Ý kiến, lý do").fill("Nhất trí")
    page.get_by_role("button", name="Xử lý", exact=True).click()
    expect(page.get_by_role("heading", name="Đã xong: 2")).to_be_visible()
    page.goto("/inbox/?tab=done")
    expect(page.locator(".flow-title")).to_have_count(2)


def test_a_list_is_kept_under_a_name_and_the_keys_can_be_switched_off(visit: Any) -> None:
    page = visit(FINANCE, width=360)
    page.goto("/inbox/?tab=claim")
    page.keyboard.press("/")
    page.keyboard.type("de an")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=de\\+an"))
    expect(page.locator(".flow-title")).to_have_text([SUBJECTS[2]])
    page.get_by_label("Lưu danh sách này với tên").fill("Trụ sở")
    page.get_by_role("button", name="Lưu danh sách").click()
    view = page.get_by_role("navigation", name="Danh sách đã lưu").get_by_role("link")
    expect(view).to_contain_text("Trụ sở 1")
    expect(view).to_have_attribute("aria-current", "page")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Dùng phím tắt trên thiết bị này").uncheck()
    dialog.get_by_role("button", name="Đóng").click()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
