"""A dossier is filed and decided without scripts, and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.desk import decide, file_dossier, open_task, stages
from workflows.dossiers.api import Dossier

pytestmark = pytest.mark.django_db(transaction=True)


def width(page: Any) -> int:
    """Return how wide the page is, scrolled or not."""
    return page.evaluate("document.scrollingElement.scrollWidth")


@pytest.mark.parametrize(
    ("subject", "options"),
    [("Không dùng mã lệnh", {"java_script_enabled": False}), ("Bằng điện thoại", {"width": 360})],
)
def test_a_dossier_is_filed_and_decided(
    visit: Callable[..., Any], attachment: Any, subject: str, options: dict[str, Any]
) -> None:
    officer, unit = visit("an.nv", **options), visit("bao.lg", **options)
    address = file_dossier(officer, subject=subject, files=[attachment])
    unit.goto("/")
    open_task(unit, subject, pool=True)
    decide(unit, "Không đồng ý")
    expect(unit.get_by_role("alert")).to_contain_text("nêu lý do")
    decide(unit, "Không đồng ý", "Chưa đủ hồ sơ.")
    expect(unit.get_by_role("status")).to_contain_text("Xong")
    officer.goto(address)
    expect(officer.locator(".act-note")).to_contain_text("Chưa đủ hồ sơ.")
    assert stages(officer)["Ý kiến Phòng Tài chính"] == "done"


def test_a_phone_never_scrolls_sideways(visit: Callable[..., Any], attachment: Any) -> None:
    page = visit("an.nv", width=360)
    seen = {}

    def look(path: str) -> None:
        page.goto(path)
        seen[path] = width(page)

    subject = "Một trích yếu rất dài không có chỗ ngắt " + "a" * 90
    address = file_dossier(page, subject=subject, files=[attachment])
    dossier = Dossier.objects.get(subject=subject)
    assert width(page) <= 360
    for path in ("/", "/inbox/", "/inbox/?tab=claim", "/dossiers/", "/dossiers/?tab=all", "/dossiers/new/"):
        look(path)
    look("/dossiers/new/trinh-ky/")
    look(f"{address}withdraw/")
    unit = visit("diep.ttn", width=360)
    open_task(unit, subject[:39], pool=True)
    seen["task"] = width(unit)
    unit.get_by_role("link", name="Xử lý").click()
    decide(unit, "Không đồng ý", "x" * 200)
    expect(unit.get_by_role("status")).to_contain_text("Xong")
    look(f"/dossiers/{dossier.pk}/")
    assert {path: size for path, size in seen.items() if size > 360} == {}


def test_the_menu_of_a_phone_opens_without_scripts(visit: Callable[..., Any]) -> None:
    page = visit("an.nv", width=360, java_script_enabled=False)
    page.goto("/inbox/")
    link = page.get_by_role("link", name="Danh bạ")
    expect(link).not_to_be_in_viewport()
    page.get_by_role("link", name="Mở trình đơn").click()
    expect(link).to_be_in_viewport()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danh bạ")
    expect(page.get_by_text("0280 555 0011").first).to_be_visible()
