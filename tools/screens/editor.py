"""Screens of the editor of dossier types, as a department's administrator passes through them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tools.screens.screen import Screen

TYPES = "/admin/snippets/designer/flowdraft/"
BUILDER = "son.nt"
FORM, FLOW = 1, 2
EDIT, TRY, SAMPLES, VERSIONS = range(4)


def _choose_departments(page: Any) -> None:
    for number, select in enumerate(page.locator("main form select").all()):
        if not select.input_value():
            select.select_option(index=5 + number)


def _open(page: Any) -> None:
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/edit/\d+/"))
    _drawn(page)


def _drawn(page: Any) -> None:
    page.frame_locator("[data-side-panel=preview] iframe").last.locator("svg.flow-diagram").first.wait_for()


def _tab(page: Any, number: int) -> None:
    page.get_by_role("tab").nth(number).click()
    page.evaluate("window.scrollTo(0, 0)")


def _unfold(page: Any, step: int) -> None:
    """Open a step of the flow and bring its heading to the top."""
    title = page.locator(f'[name="flow-{step}-value-title"]')
    block = page.locator("[data-streamfield-child]", has=title).first
    toggle = block.locator("[data-panel-toggle]").first
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    page.locator(f'[name="flow-{step}-value-title"]').evaluate(
        "field => field.scrollIntoView({block: 'center'})"
    )


def _form(page: Any) -> None:
    _tab(page, FORM)


def _kinds(page: Any) -> None:
    _tab(page, FLOW)
    page.locator("[data-contentpath=flow] .c-sf-add-button").last.click()
    page.locator(".designer-help").first.wait_for()


def _step(page: Any) -> None:
    page.keyboard.press("Escape")
    _unfold(page, 0)


def _condition(page: Any) -> None:
    _unfold(page, 2)
    rows = page.locator('[name="flow-2-value-branches-0-value-when-rows-0-value-op"]')
    rows.evaluate("field => field.scrollIntoView({block: 'center'})")


def _finding(page: Any) -> None:
    """Take the fallback away from the first step, and wait for what the checks say beside it."""
    page.locator('[id="flow-0-value-fallback-choice"]').select_option(index=0)
    page.locator(".designer-mark.error").first.wait_for()
    page.locator(".designer-mark.error").first.evaluate("note => note.scrollIntoView({block: 'center'})")


def _mend_and_try(page: Any) -> None:
    page.locator('[id="flow-0-value-fallback-choice"]').select_option(value="head_of_submitter")
    page.locator(".designer-mark.error").first.wait_for(state="detached")
    page.locator(".tryout-tabs a").nth(TRY).click()
    page.locator(".tryout-step").first.wait_for()


def _keep(page: Any) -> None:
    page.locator("[name=name]").fill("Mua máy in, 20 triệu đồng")
    page.locator("[name=save]").click()
    page.wait_for_url(re.compile("case="))
    page.locator(".tryout-tabs a").nth(SAMPLES).click()
    page.locator(".tryout-run summary").first.click()


def _publish(page: Any) -> None:
    page.locator(".tryout-tabs a").nth(EDIT).click()
    _drawn(page)
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator("[name=action-publish]").click()
    page.locator(".designer-asks button[name=action-publish]").wait_for()


def _publish_all_the_same(page: Any) -> None:
    page.locator(".designer-asks button[name=action-publish]").click()
    page.wait_for_url(f"**{TYPES}")


def _first(page: Any) -> None:
    """Open the first type of the list, at its flow."""
    page.locator("td.title a").first.click()
    page.wait_for_url(re.compile(r"/edit/\d+/"))
    _tab(page, FLOW)


def _versions(page: Any) -> None:
    _first(page)
    page.locator(".tryout-tabs a").nth(VERSIONS).click()


def _file(page: Any) -> None:
    """Export the first type, change its term, and look at what taking it in would change."""
    page.locator("td.title a").first.click()
    page.wait_for_url(re.compile(r"/edit/\d+/"))
    number = re.findall(r"/edit/(\d+)/", page.url)[0]
    text = page.request.get(f"{TYPES}export/{number}/yaml/").text()
    changed = re.sub(r"(?m)^days: \d+$", "days: 20", text)
    page.goto(f"{TYPES}take-in/")
    file = {"name": "loai-ho-so.yaml", "mimeType": "application/yaml", "buffer": changed.encode()}
    page.locator("[name=file]").set_input_files(file)
    page.locator("main form button[type=submit]").last.click()
    page.locator("#plan").wait_for()


_SERIES = [
    Screen("editor-gallery", BUILDER, f"{TYPES}gallery/"),
    Screen("editor-start", BUILDER, f"{TYPES}gallery/template/purchase/", _choose_departments),
    Screen("editor-general", BUILDER, "", _open),
    Screen("editor-form", BUILDER, "", _form),
    Screen("editor-kinds", BUILDER, "", _kinds),
    Screen("editor-step", BUILDER, "", _step),
    Screen("editor-condition", BUILDER, "", _condition),
    Screen("editor-finding", BUILDER, "", _finding),
    Screen("editor-try", BUILDER, "", _mend_and_try, height=1100),
    Screen("editor-samples", BUILDER, "", _keep),
    Screen("editor-publish", BUILDER, "", _publish),
    Screen("editor-list", BUILDER, "", _publish_all_the_same, height=500),
]

SCREENS: list[Screen] = [
    *(replace(screen, series="editor") for screen in _SERIES),
    Screen("editor-versions", BUILDER, TYPES, _versions, height=600),
    Screen("editor-file", BUILDER, TYPES, _file),
    Screen("editor-dark", BUILDER, TYPES, _first, dark=True),
    Screen("editor-phone", BUILDER, TYPES, _first, width=360, height=740),
]
