"""A newcomer builds a department's dossier type from nothing, and somebody else starts it: no code, no reload."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.designing import ADD, LIST, Editor
from workflows.dossiers.api import Dossier, DossierType

pytestmark = pytest.mark.django_db(transaction=True)

BUILDER, OFFICER = "son.nt", "an.nv"
TITLE = "Đề nghị hỗ trợ kinh phí"
OFFICE = "— Văn phòng UBND thành phố"


def build(editor: Editor) -> str:
    """Fill in all tabs but one thing, the fallback of the last step, and return that step's prefix."""
    page = editor.page
    page.locator("[name=title]").fill(TITLE)
    editor.tab("Biểu mẫu")
    editor.add("form")
    editor.question("Văn bản ngắn", "Nội dung đề nghị")
    editor.question("Số tiền", "Kinh phí")
    editor.pick("subject", "Nội dung đề nghị")

    editor.tab("Quy trình")
    block = editor.add("flow", "Khối song song")
    editor.fill(block, title="Lấy ý kiến")
    for number, unit in enumerate(("Phòng Tài chính", "Phòng Kinh tế", "Phòng Nội chính")):
        editor.opinion(block, number, f"— — {unit}")
    editor.fill(editor.alternative(f"{block}-rule", "Ít nhất một số lượng"), quorum="2")

    choice = editor.add("flow", "Điều kiện")
    editor.fill(choice, title="Kinh phí lớn?")
    row = editor.add(f"{choice}-branches-0-value-when-rows")
    editor.pick(f"{row}-field", "Kinh phí")
    page.locator(f'[name="{row}-op"]').select_option(label="lớn hơn")
    editor.fill(row, value="50.000.000")
    chairman = editor.add(f"{choice}-branches-0-value-steps", "Phê duyệt")
    editor.fill(chairman, title="Chủ tịch duyệt")
    editor.position(f"{chairman}-who", "Chủ tịch", "Lãnh đạo UBND thành phố")
    editor.position(f"{chairman}-fallback", "Chánh Văn phòng", OFFICE)

    last = editor.add("flow", "Phê duyệt")
    editor.fill(last, title="Trưởng phòng duyệt")
    editor.alternative(f"{last}-who", "Trưởng phòng của người nộp")
    editor.tab("Cấp số")
    page.locator("[name=register_code]").fill("HTKP")
    page.locator("[name=register_pattern]").fill("{number:02d}/{year}-HTKP")
    return last


def test_a_type_is_built_from_nothing_and_started(visit: Any) -> None:
    page = visit(BUILDER)
    page.goto(ADD)
    editor = Editor(page)
    last = build(editor)

    # What is missing is said beside the step, and nothing is published.
    editor.publish()
    expect(page.locator(".messages")).to_contain_text("Chưa ban hành được")
    editor.tab("Quy trình")
    wrong = page.locator(f'[id="{last}-fallback-choice"]').locator("xpath=..")
    expect(wrong.locator(".error-message")).to_have_count(1)
    assert not DossierType.objects.filter(title=TITLE).exists()

    editor.position(f"{last}-fallback", "Chánh Văn phòng", OFFICE)
    editor.publish()
    page.wait_for_url(f"**{LIST}")
    kind = DossierType.objects.select_related("current", "department").get(title=TITLE)
    assert (kind.code, kind.current.number, kind.department.code) == ("de-nghi-ho-tro-kinh-phi", 1, "TH")
    block, choice, approval = kind.current.definition["flow"]["steps"]
    assert block["rule"] == {"quorum": 2}
    assert [step["who"] for branch in block["branches"] for step in branch["steps"]] == [
        {"pool": {"department": code}} for code in ("TC", "KT", "NC")
    ]
    money = kind.current.definition["form"]["sections"][0]["fields"][1]["key"]
    assert choice["branches"][0]["when"] == f"{money} > 50000000"
    assert approval["who"] == {"head_of": "submitter"}

    officer = visit(OFFICER)
    officer.goto(f"/dossiers/new/{kind.code}/")
    officer.get_by_label("Nội dung đề nghị").fill("Hỗ trợ sửa chữa trụ sở")
    officer.get_by_label("Kinh phí").fill("80.000.000")
    officer.get_by_role("button", name="Nộp hồ sơ").click()
    officer.wait_for_url("**/dossiers/*/")
    dossier = Dossier.objects.get(type=kind)
    assert dossier.number.endswith("-HTKP")
    assert dossier.subject == "Hỗ trợ sửa chữa trụ sở"
    assert len(dossier.open_steps) == 3
