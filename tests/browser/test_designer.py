"""A newcomer builds a department's dossier type from nothing, and others run it to its end: no code, no reload.

The site is served by a gunicorn with two workers, as an office runs it: what is published in one of them has to be
known in the other at once. The editor saves by itself, and its preview stands open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.designing import ADD, Editor
from tests.browser.desk import decide, open_task, stages
from tests.workers import two_workers
from workflows.dossiers.api import Dossier, DossierType

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.story]

BUILDER, OFFICER, FINANCE, ECONOMY, CHAIRMAN = "son.nt", "an.nv", "bao.lg", "tuan.ha", "vinh.tq"
SUBJECT = "Hỗ trợ sửa chữa trụ sở"
OPINIONS, DEAR, LAST = "Lấy ý kiến", "Chủ tịch duyệt", "Trưởng phòng duyệt"
TITLE = "Đề nghị hỗ trợ kinh phí"
OFFICE = "— Văn phòng UBND thành phố"
#: How long the editor may take to save by itself and to check anew; people look elsewhere in the meantime.
SLOW = 60_000


@pytest.fixture(scope="module")
def site(site: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Serve the demo office by two worker processes instead of a thread of the tests."""
    with two_workers(tmp_path_factory.mktemp("files")) as served:
        yield served


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


def mend(editor: Editor, last: str) -> None:
    """Be refused, go from the finding to the step, and give it what it lacks."""
    page = editor.page
    editor.publish()
    expect(page.locator(".messages")).to_contain_text("Chưa ban hành được", timeout=SLOW)
    assert not DossierType.objects.filter(title=TITLE).exists()
    finding = page.locator(".designer-findings li.error")
    expect(finding).to_have_count(1, timeout=SLOW)
    expect(finding).to_contain_text("Chưa điền “Nếu không tìm được ai”")
    finding.get_by_role("link", name=LAST).click()
    beside = page.locator(".designer-mark.error")
    expect(beside).to_be_in_viewport()
    wrong = page.locator(f'[id="{last}-fallback-choice"]').locator("xpath=..")
    expect(wrong.locator(".error-message")).to_have_count(1)
    editor.position(f"{last}-fallback", "Chánh Văn phòng", OFFICE)
    # The automatic save asks the checks again; the preview has been redrawn.
    expect(beside).to_have_count(0, timeout=SLOW)
    expect(editor.preview.locator(".preview-verdict")).to_have_class(
        re.compile("is-good|is-doubtful"), timeout=SLOW
    )


def try_out(page: Any) -> None:
    """Walk the draft with an amount above the limit, then with one below it: the path changes, nothing is stored."""
    page.get_by_role("navigation", name="Các trang của loại hồ sơ này").get_by_role(
        "link", name="Chạy thử"
    ).click()
    page.get_by_label("Người nộp").select_option(label="Nguyễn Văn An")
    result, amount = page.locator("#tryout-result"), page.get_by_label("Kinh phí")
    amount.fill("80.000.000")
    amount.press("Tab")
    walked = result.locator(".tryout-step", has=page.get_by_role("heading", name=DEAR))
    expect(walked).to_contain_text("Trịnh Quang Vinh", timeout=SLOW)
    expect(walked).to_contain_text("Quy tắc:")
    expect(result).to_contain_text("80.000.000", timeout=SLOW)
    amount.fill("20.000.000")
    amount.press("Tab")
    expect(walked).to_have_count(0, timeout=SLOW)
    last = result.locator(".tryout-step", has=page.get_by_role("heading", name=LAST))
    expect(last).to_contain_text("Nguyễn Thế Sơn")
    expect(last).to_contain_text("Báo cho")
    assert not Dossier.objects.filter(type__title=TITLE).exists()
    page.get_by_role("navigation", name="Các trang của loại hồ sơ này").get_by_role(
        "link", name="Sửa"
    ).click()


def file_and_send(page: Any, code: str, amount: str) -> None:
    """Fill in the form that the newcomer made."""
    page.goto(f"/dossiers/new/{code}/")
    page.get_by_label("Nội dung đề nghị").fill(SUBJECT)
    page.get_by_label("Kinh phí").fill(amount)
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url("**/dossiers/*/")


def act(page: Any, button: str, note: str = "") -> None:
    """Decide, and wait for the answer."""
    with page.expect_navigation():
        decide(page, button, note)


def test_a_type_is_built_from_nothing_and_run_to_its_end(visit: Any) -> None:
    page = visit(BUILDER)
    page.goto(ADD)
    editor = Editor(page)
    last = build(editor)
    expect(page).to_have_url(re.compile(r"/edit/\d+/"), timeout=SLOW)
    mend(editor, last)
    try_out(page)
    editor.publish()
    page.wait_for_url("**/flowdraft/")
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

    # Somebody else files a dossier; two of three units suffice, the amount leads to the chairman.
    officer = visit(OFFICER)
    file_and_send(officer, kind.code, "80.000.000")
    dossier = Dossier.objects.get(type=kind)
    assert dossier.number.endswith("-HTKP")
    assert (dossier.subject, len(dossier.open_steps)) == (SUBJECT, 3)
    units = {name: visit(name) for name in (FINANCE, ECONOMY)}
    for unit in units.values():
        open_task(unit, SUBJECT, pool=True)
        act(unit, "Đồng ý")
    chairman = visit(CHAIRMAN)
    open_task(chairman, SUBJECT)
    act(chairman, "Phê duyệt")

    # The head returns it; with a smaller amount it takes the other branch, and ends.
    open_task(page, SUBJECT)
    act(page, "Trả lại", "Giảm kinh phí còn 20 triệu đồng.")
    open_task(officer, SUBJECT)
    officer.get_by_label("Kinh phí").fill("20.000.000")
    act(officer, "Gửi lại")
    for unit in units.values():
        open_task(unit, SUBJECT, pool=True)
        act(unit, "Đồng ý")
    open_task(page, SUBJECT)
    act(page, "Phê duyệt")
    officer.goto(f"/dossiers/{dossier.pk}/")
    expect(officer.locator(".facts")).to_contain_text("Đã phê duyệt")
    way = stages(officer)
    assert (way[OPINIONS], way[LAST]) == ("done", "done")
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.APPROVED
