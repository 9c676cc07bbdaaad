"""The main job of the product, done by the people of the demo office in their browsers."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD
from tests.browser.desk import SUBJECT, bell, decide, drawn, file_dossier, log_in, open_task, stages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]

OFFICER, FINANCE, LEGAL, CHAIRMAN, CHIEF, CLERK = (
    "an.nv",
    "bao.lg",
    "nhung.bth",
    "vinh.tq",
    "phuoc.dh",
    "van.tt",
)
OPINIONS = "Lấy ý kiến các đơn vị"
FINANCE_STEP, LEGAL_STEP, ADMIN_STEP = (
    f"Ý kiến Phòng {name}" for name in ("Tài chính", "Nội chính", "Hành chính – Tổ chức")
)
COST = "Kinh phí trên 50 triệu đồng"
CHAIRMAN_STEP, CHIEF_STEP = "Chủ tịch quyết định", "Chánh Văn phòng quyết định"
REASON = "Giảm kinh phí còn dưới 50 triệu đồng.\nChia làm hai đợt."


def read_all(page: Any) -> None:
    """Empty the bell, so that what follows can be counted."""
    page.goto("/notifications/")
    button = page.get_by_role("button", name="Đánh dấu tất cả đã đọc")
    if button.count():
        button.click()
    assert bell(page) == 0


def newest(page: Any) -> str:
    """Return the words of the newest notification."""
    page.goto("/notifications/")
    return page.locator(".list-group-item").first.inner_text()


def acts(page: Any) -> list[str]:
    """Return the lines of the timeline, each without its time."""
    found = []
    for act in page.locator(".act").all():
        act.locator("time").evaluate("time => time.remove()")
        found.append(" | ".join(act.inner_text().split("\n\n")).replace("\n", " ").strip(" |"))
    return found


def test_a_document_is_signed(visit: Any, attachment: Any) -> None:
    people = {name: visit(name) for name in (FINANCE, LEGAL, CHAIRMAN, CHIEF, CLERK)}
    officer = visit()
    log_in(officer, OFFICER, PASSWORD)
    for page in (officer, *people.values()):
        read_all(page)

    # The officer files the dossier: it has a number and stands with three units at once.
    address = file_dossier(officer, amount="80.000.000", files=[attachment])
    main = officer.get_by_role("main")
    expect(main.get_by_role("heading", level=1)).to_have_text(SUBJECT)
    number = main.locator(".facts-number").inner_text()
    assert number.startswith("01/") and number.endswith("-TTr")
    expect(main.get_by_role("region", name="Hồ sơ đang ở đâu").get_by_role("listitem")).to_have_count(3)
    way = stages(officer)
    assert [way[step] for step in (OPINIONS, FINANCE_STEP, LEGAL_STEP, ADMIN_STEP)] == ["open"] * 4
    assert way[COST] == way[CHAIRMAN_STEP] == way[CHIEF_STEP] == "waiting"
    assert drawn(officer) == ["open"] * 3 + ["waiting"] * 3

    # Two of three units take the task from their pool and agree: the third is no longer needed.
    for unit, note in ((FINANCE, "Nguồn kinh phí đã bố trí."), (LEGAL, "")):
        page = people[unit]
        page.goto("/")
        assert bell(page) == 1
        open_task(page, pool=True)
        expect(page.locator(".facts-subject")).to_have_text(SUBJECT)
        decide(page, "Đồng ý", note)
        expect(page.get_by_role("status")).to_contain_text(f"Xong: hồ sơ {number}")
    officer.goto(address)
    way = stages(officer)
    assert (way[OPINIONS], way[FINANCE_STEP], way[LEGAL_STEP]) == ("done", "done", "done")
    assert (way[ADMIN_STEP], way[COST]) == ("cancelled", "done")
    assert (way[CHAIRMAN_STEP], way[CHIEF_STEP]) == ("open", "waiting")
    assert drawn(officer) == ["done", "done", "cancelled", "open", "waiting", "waiting"]

    # The cost decides that the chairman signs; he returns it, which needs a reason.
    chairman = people[CHAIRMAN]
    assert number in newest(chairman)
    open_task(chairman)
    expect(chairman.get_by_text("Nguồn kinh phí đã bố trí.")).to_be_visible()
    decide(chairman, "Trả lại")
    expect(chairman.get_by_role("alert")).to_contain_text("nêu lý do")
    decide(chairman, "Trả lại", REASON)
    expect(chairman.get_by_role("status")).to_contain_text("được trả lại người nộp")

    # The officer hears of it, sees why, changes the answers, and sends it again.
    officer.goto("/")
    assert bell(officer) == 1
    assert "Trả lại" in newest(officer)
    open_task(officer)
    expect(officer.get_by_text("Chia làm hai đợt.")).to_be_visible()
    expect(officer.get_by_role("link", name="du-thao.pdf").first).to_be_visible()
    officer.get_by_label("Kinh phí thực hiện").fill("45.000.000")
    decide(officer, "Gửi lại", "Đã tách thành hai đợt.")
    expect(officer.get_by_role("status")).to_contain_text(FINANCE_STEP)
    officer.goto(address)
    way = stages(officer)
    assert [way[step] for step in (OPINIONS, FINANCE_STEP, LEGAL_STEP, ADMIN_STEP)] == ["open"] * 4
    assert way[CHAIRMAN_STEP] == "waiting"

    # The units agree again, seeing what is new; now the chief of office signs.
    for unit in (FINANCE, LEGAL):
        open_task(people[unit], pool=True)
        expect(people[unit].locator(".is-changed")).to_contain_text("45.000.000")
        decide(people[unit], "Đồng ý")
    chief = people[CHIEF]
    open_task(chief)
    decide(chief, "Phê duyệt")
    expect(chief.get_by_role("status")).to_contain_text(number)

    # Everybody sees how it went.
    officer.goto(address)
    expect(main.locator(".facts")).to_contain_text("Đã phê duyệt")
    assert main.locator(".facts-number").inner_text() == number
    way = stages(officer)
    assert (way[CHAIRMAN_STEP], way[CHIEF_STEP], way["Báo văn thư"]) == ("waiting", "done", "done")
    assert drawn(officer)[-3:] == ["waiting", "done", "done"]
    assert "Đã phê duyệt" in newest(officer)
    assert number in newest(people[CLERK]) and bell(people[CLERK]) >= 1
    officer.goto(address)
    assert acts(officer) == [
        "Nguyễn Văn An đã nộp hồ sơ",
        f"Lâm Gia Bảo đã nhận việc | {FINANCE_STEP}",
        f"Lâm Gia Bảo Đồng ý | {FINANCE_STEP} | Nguồn kinh phí đã bố trí.",
        f"Bùi Thị Hồng Nhung đã nhận việc | {LEGAL_STEP}",
        f"Bùi Thị Hồng Nhung Đồng ý | {LEGAL_STEP}",
        f"Trịnh Quang Vinh Trả lại | {CHAIRMAN_STEP} | {REASON}".replace("\n", " "),
        "Nguyễn Văn An Gửi lại | Người nộp hoàn thiện lại | Đã tách thành hai đợt. | Đã sửa: Kinh phí thực hiện",
        f"Lâm Gia Bảo đã nhận việc | {FINANCE_STEP}",
        f"Lâm Gia Bảo Đồng ý | {FINANCE_STEP}",
        f"Bùi Thị Hồng Nhung đã nhận việc | {LEGAL_STEP}",
        f"Bùi Thị Hồng Nhung Đồng ý | {LEGAL_STEP}",
        f"Đặng Hữu Phước Phê duyệt | {CHIEF_STEP}",
        "Đặng Hữu Phước đã cho gửi thông báo | Báo văn thư",
    ]

    # Who had no part in it finds no trace; the record of all acts holds.
    stranger = visit("khoi.dm")
    assert stranger.goto(address).status == 404
    assert number not in stranger.content()
    call_command("verify_audit")
