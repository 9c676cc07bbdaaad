"""An administrator who never coded builds a leave form; staff fill it in on a telephone, and it becomes a dossier."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from home.forms.draft_models import FormDraft
from home.forms.models import Submission
from home.pages.form_page import FormPage
from home.pages.models import HomePage
from tests.browser.designing import ADD, Editor
from workflows.dossiers.api import Dossier, DossierType

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]

TITLE = "Đơn xin nghỉ phép năm"
TABLE = "Bảng nhiều dòng"
OFFICE = "— Văn phòng UBND thành phố"


class Builder(Editor):
    """The questions of a form, whatever page they stand on; `field` is the name of the list of sections."""

    def __init__(self, page: Any, field: str) -> None:
        super().__init__(page)
        self.field = field

    def section(self, title: str) -> str:
        """Add a section and return its prefix."""
        prefix = self.add(self.field)
        self.fill(prefix, title=title)
        return prefix

    def ask(self, section: str, kind: str, label: str, *, required: bool = False) -> str:
        """Add a question to a section and return its prefix."""
        prefix = self.add(f"{section}-questions", kind)
        self.fill(prefix, label=label)
        if required:
            self.page.locator(f'[name="{prefix}-required"]').check()
        return prefix

    def unfold(self, prefix: str, name: str) -> Any:
        """Show an option that is folded away, and return it."""
        option = self.page.locator(f'[name="{prefix}-{name}"]')
        panels = option.locator("xpath=ancestor::section[.//button[@data-panel-toggle]]")
        for number in range(panels.count()):
            toggle = panels.nth(number).locator("[data-panel-toggle]").first
            if toggle.get_attribute("aria-expanded") == "false":
                toggle.click()
        return option

    def only_if(self, prefix: str, question: str, comparison: str, value: str) -> None:
        """Say when a question is asked."""
        self.unfold(prefix, "show_if-rows-count")  # the panel around the condition
        row = self.add(f"{prefix}-show_if-rows")
        self.pick(f"{row}-field", question)
        self.page.locator(f'[name="{row}-op"]').select_option(label=comparison)
        self.fill(row, value=value)

    def work(self, section: str) -> None:
        """Ask for a table of what is handed over, with the hours and their total."""
        table = self.ask(section, TABLE, "Việc bàn giao")
        self.fill(self.add(f"{table}-columns", "Văn bản ngắn"), label="Nội dung")
        hours = self.add(f"{table}-columns", "Số")
        self.fill(hours, label="Số giờ")
        self.unfold(hours, "total").check()

    def leave_form(self) -> None:
        """Build the two steps."""
        when = self.section("Thời gian nghỉ")
        self.ask(when, "Số", "Số ngày nghỉ", required=True)
        reason = self.ask(when, "Văn bản dài", "Lý do nghỉ dài ngày", required=True)
        self.only_if(reason, "Số ngày nghỉ", "lớn hơn", "5")
        self.work(when)
        last = self.section("Bàn giao")
        self.page.locator(f'[name="{last}-new_step"]').check()
        head = self.ask(last, "Người", "Người duyệt")
        self.unfold(head, "prefill").select_option(label="Trưởng đơn vị")
        self.ask(last, "Tệp", "Đơn có chữ ký")


def fill_first_step(page: Any, days: str) -> None:
    """Answer what the first step asks at once."""
    page.get_by_label("Số ngày nghỉ").fill(days)


def hand_over(page: Any) -> None:
    """Fill in two rows of the table; their total follows."""
    table = page.get_by_role("group", name="Việc bàn giao")
    for number, (what, hours) in enumerate((("Trực tổng đài", "4"), ("Tiếp dân", "3"))):
        if number:
            table.get_by_role("button", name="Thêm dòng").click()
        table.get_by_label("Nội dung").nth(number).fill(what)
        table.get_by_label("Số giờ").nth(number).fill(hours)
    expect(table.locator("output[data-total]")).to_have_text("7")


def walk_through(phone: Any, attachment: Path, *, send: str) -> None:
    """Fill in both steps: a required question stays hidden, then is asked; kept, resumed; sent by a double click."""
    reason = phone.get_by_label("Lý do nghỉ dài ngày")
    fill_first_step(phone, "3")
    expect(reason).to_be_hidden()
    phone.get_by_role("button", name="Tiếp tục").click()
    expect(phone.get_by_text("Bước 2/2")).to_be_visible()
    expect(phone.get_by_label("Người duyệt").locator("option:checked")).to_contain_text("Nguyễn Thế Sơn")
    phone.get_by_role("button", name="Quay lại").click()

    fill_first_step(phone, "8")
    expect(reason).to_be_visible()
    phone.get_by_role("button", name="Tiếp tục").click()
    expect(phone.get_by_role("alert")).to_contain_text("Lý do nghỉ dài ngày")
    reason.fill("Chăm người ốm")
    hand_over(phone)
    phone.get_by_role("button", name="Lưu nháp").click()
    expect(phone.get_by_role("status").filter(has_text="Đã lưu")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    phone.goto(phone.url.partition("?")[0])
    expect(phone.get_by_role("status").filter(has_text="Tiếp tục bản nháp")).to_be_visible()
    expect(reason).to_have_value("Chăm người ốm")
    expect(phone.get_by_label("Số giờ").nth(1)).to_have_value("3")
    phone.get_by_role("button", name="Tiếp tục").click()
    phone.get_by_label("Đơn có chữ ký").set_input_files([attachment])
    phone.get_by_role("button", name=send).dblclick()


def test_a_leave_form_is_built_and_filled_in_on_a_telephone(visit: Any, attachment: Path) -> None:
    admin = visit("huy.lq")
    admin.goto(f"/admin/pages/add/pages/formpage/{HomePage.objects.get().pk}/")
    admin.locator("[name=title]").fill(TITLE)
    admin.get_by_role("tab", name="Nội dung").click()
    builder = Builder(admin, "sections")
    builder.leave_form()
    admin.get_by_role("button", name="Thao tác khác").click()
    admin.get_by_role("button", name="Đăng", exact=True).click()
    expect(admin.locator(".messages")).to_contain_text(TITLE)
    page = FormPage.objects.get(title=TITLE)
    schema = page.form_schema
    assert schema is not None and [len(step) for step in schema.steps] == [1, 1]

    phone = visit("an.nv", width=360)
    phone.goto(str(page.url))
    walk_through(phone, attachment, send="Gửi")
    expect(phone.get_by_role("main")).to_contain_text("Đã nhận được câu trả lời")
    found = Submission.objects.get(source=page.source)
    days, reason, work, head, file = (found.answers[key] for key in list(schema.keys()))
    assert [sorted(map(str, row.values())) for row in work] == [["4", "Trực tổng đài"], ["3", "Tiếp dân"]]
    assert (days, reason) == (8, "Chăm người ốm") and head["code"] and file[0]["name"] == attachment.name
    assert not FormDraft.objects.exists()


def test_the_same_form_becomes_a_dossier(visit: Any, attachment: Path) -> None:
    admin = visit("son.nt")
    admin.goto(ADD)
    admin.locator("[name=title]").fill(TITLE)
    editor = Builder(admin, "form")
    editor.tab("Biểu mẫu")
    editor.leave_form()
    editor.pick("subject", "Lý do nghỉ dài ngày")
    editor.tab("Quy trình")
    step = editor.add("flow", "Phê duyệt")
    editor.fill(step, title="Trưởng phòng duyệt")
    editor.alternative(f"{step}-who", "Trưởng phòng của người nộp")
    editor.position(f"{step}-fallback", "Chánh Văn phòng", OFFICE)
    editor.tab("Cấp số")
    admin.locator("[name=register_code]").fill("DXN")
    admin.locator("[name=register_pattern]").fill("{number:02d}/{year}-DXN")
    editor.publish()
    admin.wait_for_url("**/flowdraft/")
    kind = DossierType.objects.get(title=TITLE)

    phone = visit("an.nv", width=360)
    phone.goto(f"/dossiers/new/{kind.code}/")
    walk_through(phone, attachment, send="Nộp hồ sơ")
    phone.wait_for_url(re.compile(r"/dossiers/\d+/$"))
    dossier = Dossier.objects.get(type=kind)
    assert dossier.subject == "Chăm người ốm" and 8 in dossier.answers.values()
    assert not FormDraft.objects.exists()
