"""Somebody goes away: says who stands in, is shown as away, comes back and revokes; on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.test_accessible import barriers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("who", "width"), [("khoi.dm", 1280), ("my.ltd", 360)])
def test_going_away_and_coming_back(visit: Callable[..., Any], tmp_path: Any, who: str, width: int) -> None:
    page, axe = visit(who, width=width), Axe()
    today = timezone.localdate()
    page.goto("/")
    page.locator(".top-user-button").click()
    page.get_by_role("link", name="Đi vắng – ủy quyền").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đi vắng – ủy quyền")
    page.get_by_label("Một phần họ tên").fill("the son")
    page.get_by_label("Một phần họ tên").press("Enter")
    page.get_by_label("Nguyễn Thế Sơn (son.nt)").check()
    page.get_by_label("Đến ngày").fill((today - timedelta(days=1)).isoformat())
    page.get_by_label("Lý do").fill("Đi công tác")
    page.get_by_role("button", name="Ủy quyền").click()
    expect(page.get_by_role("alert")).to_contain_text("Chưa lập ủy quyền")
    assert barriers(axe, page) == []
    page.get_by_label("Đến ngày").fill((today + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="Ủy quyền").dblclick()
    given = page.get_by_role("region", name="Người xử lý thay tôi")
    expect(given.get_by_role("listitem")).to_have_count(1)
    expect(given).to_contain_text("Nguyễn Thế Sơn")
    assert barriers(axe, page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    page.screenshot(path=tmp_path / f"away-{width}.png", full_page=True)
    page.goto("/departments/TH/")
    expect(page.get_by_text("đi vắng đến").first).to_contain_text("người thay: Nguyễn Thế Sơn")
    page.goto("/me/away/")
    given.get_by_role("link", name="Thu hồi").click()
    expect(page.get_by_role("button", name="Thu hồi")).to_be_visible()
    assert barriers(axe, page) == []
    page.get_by_role("button", name="Thu hồi").click()
    expect(given).to_contain_text("Hiện không có ai xử lý thay")
    past = page.get_by_role("region", name="Đã hết hạn hoặc đã thu hồi")
    expect(past.get_by_role("listitem")).to_have_count(1)
