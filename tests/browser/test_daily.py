"""What staff open every morning, by keyboard alone: the home page arranged, the chart folded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_home_page_is_arranged_by_keyboard_and_without_scripts(visit: Callable[..., Any]) -> None:
    page = visit("an.nv", width=360, java_script_enabled=False)
    page.goto("/")
    titles = page.locator(".panel-title")
    first, second = (title.strip() for title in titles.all_inner_texts()[:2])
    menu = page.locator(".panel", has=page.locator(".panel-title", has_text=second)).locator("summary")
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-message]")).to_contain_text(second)
    expect(titles.first).to_have_text(second)
    page.goto("/my-page/arrange/")
    page.get_by_role("button", name=f"Ẩn ô “{second}”").press("Enter")
    expect(page.get_by_role("button", name=f"Hiện ô “{second}”")).to_be_visible()
    page.goto("/")
    expect(titles.first).to_have_text(first)
    page.goto("/my-page/arrange/")
    page.get_by_role("button", name="Trở lại như cơ quan đã xếp").press("Enter")
    page.goto("/")
    expect(titles.nth(1)).to_have_text(second)


def test_the_chart_folds_and_is_walked_by_keyboard(visit: Callable[..., Any]) -> None:
    page = visit("an.nv")
    page.goto("/people/chart/")
    office = page.get_by_role("link", name="Văn phòng UBND thành phố", exact=True)
    part = page.get_by_role("link", name="Phòng Tổng hợp", exact=True)
    page.get_by_role("link", name="Lãnh đạo UBND thành phố", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(office).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(part).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(part).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(part).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(office).to_be_focused()
    page.get_by_role("button", name="Thu gọn tất cả").click()
    expect(part).to_be_hidden()
