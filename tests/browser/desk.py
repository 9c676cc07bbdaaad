"""What people do in front of the screen, told once: log in, file a dossier, find a task, decide."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

SUBJECT = "Dự thảo kế hoạch số hóa hồ sơ lưu trữ"
SLIP = "Trình ký văn bản"


def log_in(page: Any, username: str, password: str) -> None:
    """Log in through the login page, starting from the home page."""
    page.goto("/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Xin chào")).to_be_visible()


def more(page: Any, button: str) -> None:
    """Press a button of the menu at the foot of Wagtail's editor, or the one beside it."""
    wanted = page.locator("footer").get_by_role("button", name=re.compile(f"^{button}"))
    if not wanted.first.is_visible():
        page.get_by_role("button", name="Thao tác khác").click()
    wanted.first.click()


def fill_slip(
    page: Any, *, subject: str = SUBJECT, amount: str = "80.000.000", files: list[Path] | None = None
) -> None:
    """Fill in the submission slip of a document for signature; it is not sent."""
    page.get_by_label("Trích yếu nội dung").fill(subject)
    page.get_by_role("radio", name="Kế hoạch").check()
    page.get_by_label("Kinh phí thực hiện").fill(amount)
    page.get_by_label("Tóm tắt nội dung và đề xuất").fill(
        "Số hóa 12.000 hồ sơ trong quý I.\nĐề nghị phê duyệt."
    )
    if files:
        page.get_by_label("Dự thảo và tài liệu kèm theo").set_input_files(files)


def file_dossier(page: Any, *, files: list[Path] | None = None, **answers: str) -> str:
    """File a document for signature, from the menu on; return the path of the dossier's page."""
    page.goto("/dossiers/new/")
    page.get_by_role("link", name=SLIP).click()
    fill_slip(page, files=files, **answers)
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url(re.compile(r"/dossiers/\d+/$"))
    return re.sub(r"^https?://[^/]+", "", page.url)


def open_task(page: Any, subject: str = SUBJECT, *, pool: bool = False) -> None:
    """Open the task from the inbox; with `pool`, claim it from the unit's tasks first."""
    page.goto("/inbox/")
    if pool:
        page.get_by_role("link", name="Chờ nhận").first.click()
        row = page.get_by_role("row").filter(has_text=subject)
        row.get_by_role("button", name="Nhận việc").click()
    else:
        page.get_by_role("link", name=subject).first.click()
    page.wait_for_url(re.compile(r"/tasks/\d+/"))


def decide(page: Any, button: str, note: str = "") -> None:
    """Decide on the task page that is open."""
    if note:
        page.get_by_label("Ý kiến, lý do").fill(note)
    page.get_by_role("button", name=re.compile(f"^{button}(?!,)")).click()


def bell(page: Any) -> int:
    """Return the number of unread notifications that the bell shows."""
    label = page.locator("a[href='/notifications/']").first.get_attribute("aria-label") or ""
    found = re.search(r"\d+", label)
    return int(found.group()) if found else 0


def stages(page: Any) -> dict[str, str]:
    """Return the states of the steps on the dossier page, by title."""
    found = {}
    for stage in page.locator(".stage").all():
        title = stage.locator(".stage-title").inner_text()
        css = stage.get_attribute("class") or ""
        found[title] = (re.search(r"is-(\w+)", css) or ["", ""])[1]
    return found


def drawn(page: Any) -> list[str]:
    """Return the states of the boxes in the diagram, from top to bottom."""
    boxes = page.locator("svg.flow-diagram rect.step").all()
    return [(re.search(r"is-(\w+)", box.get_attribute("class") or "") or ["", ""])[1] for box in boxes]
