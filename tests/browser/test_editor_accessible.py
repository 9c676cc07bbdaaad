"""The editor of dossier types has no serious barrier: all its screens, light and dark, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from home.people.api import User
from tests.browser.test_accessible import barriers
from workflows.designer.gallery_files import templates
from workflows.designer.intake import take_in
from workflows.designer.models import FlowDraft, SampleCase

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/snippets/designer/flowdraft/"
BUILDER = "son.nt"
#: A page of many blocks on a busy machine.
SLOW = 60_000
PAGES = {
    "list": "",
    "gallery": "gallery/",
    "start": "gallery/template/purchase/",
    "file": "take-in/",
    "try": "try/{pk}/",
    "samples": "try/{pk}/samples/",
    "versions": "versions/{pk}/",
    "preview": "preview/{pk}/",
}
_MADE: dict[str, int] = {}


@pytest.fixture(scope="module", autouse=True)
def _a_published_type(site: Any) -> None:
    """Publish a type with branches and returns, keep a sample, and change a word of the draft since."""
    builder = User.objects.get(username=BUILDER)
    template = templates()["purchase"]
    filled = template.filled({ask.code: "TH" if ask.code == "owner" else "TC" for ask in template.asks})
    draft = take_in(filled, by=builder, source="template:purchase", anew=True)
    draft.latest_revision.publish(user=builder)
    SampleCase.objects.create(draft=draft, name="Mua máy in", submitter=builder)
    changed = FlowDraft.objects.get(pk=draft.pk).get_latest_revision_as_object()
    changed.title = "Đề nghị mua sắm, sửa chữa tài sản và thuê dịch vụ của cơ quan"
    changed.save_revision(user=builder)
    _MADE["pk"] = draft.pk


@pytest.fixture(scope="module")
def axe() -> Axe:
    """Give the checker, read once."""
    return Axe()


def examined(axe: Axe, page: Any) -> dict[str, list[str]]:
    """Examine a page as it stands, in both colour schemes; and whether it is wider than the screen."""
    found = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        # Colours change with a transition; what is measured has to stand.
        page.evaluate("() => Promise.all(document.getAnimations().map(one => one.finished.catch(() => 0)))")
        found[scheme] = barriers(axe, page)
    wide = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
    return {**found, "wider": [f"{wide} px"] if wide > 0 else []}


@pytest.mark.parametrize("width", [1280, 360])
def test_the_screens_around_the_editor_keep_nobody_out(
    visit: Callable[..., Any], axe: Axe, width: int
) -> None:
    page = visit(BUILDER, width=width)
    found = {}
    for name, path in PAGES.items():
        answer = page.goto(LIST + path.format(**_MADE))
        assert answer.status == 200, path
        found[name] = {where: what for where, what in examined(axe, page).items() if what}
    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize("width", [1280, 360])
def test_the_editor_keeps_nobody_out(visit: Callable[..., Any], axe: Axe, width: int) -> None:
    """All five tabs, with all that is folded opened, and the list of kinds where one is chosen."""
    page = visit(BUILDER, width=width)
    page.goto(f"{LIST}edit/{_MADE['pk']}/")
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_count(5, timeout=SLOW)
    found = {}
    for number in range(5):
        tabs.nth(number).click()
        unfold(page)
        what = examined(axe, page)
        found[number] = {where: faults for where, faults in what.items() if faults}
    found["kinds"] = {where: faults for where, faults in open_kinds(axe, page, tabs.nth(2)).items() if faults}
    assert {name: what for name, what in found.items() if what} == {}


def open_kinds(axe: Axe, page: Any, flow: Any) -> dict[str, list[str]]:
    """Examine the page with the list of kinds of steps open."""
    flow.click()
    for _attempt in range(5):  # a press that falls beside what still moves opens nothing
        page.locator("[role=tabpanel]:not([hidden]) .c-sf-add-button:visible").first.click()
        page.wait_for_timeout(1_000)
        if page.get_by_role("option").first.is_visible():
            break
    expect(page.get_by_role("option").first).to_be_visible()
    return examined(axe, page)


def unfold(page: Any) -> None:
    """Open everything that is folded, also what lies inside of what was folded."""
    folded = '[data-panel-toggle][aria-expanded="false"]'
    script = (
        f"() => document.querySelectorAll('{folded}').forEach(one => one.checkVisibility() && one.click())"
    )
    for _depth in range(6):
        page.evaluate(script)
    # Names of fields that stand in lists are given a moment after these have appeared.
    expect(page.locator("select[name$='return_to-0-value-0-value']:not([aria-label])")).to_have_count(
        0, timeout=SLOW
    )
