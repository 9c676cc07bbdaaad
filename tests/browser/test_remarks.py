"""A remark is written with the keyboard: a name is found while it is typed, and the bell rings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from home.notifications.models import Notification
from tests.browser.cases import open_slip, person, task_at
from workflows.dossiers.api import Visit
from workflows.engine.api import draft_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_is_named_with_the_keyboard_and_told(visit: Callable[..., Any], site: Any) -> None:
    dossier = open_slip("Báo cáo quý")
    task = task_at(dossier, "opinion_finance")
    page = visit("bao.lg")
    page.goto(f"/tasks/{task}/")
    text = page.get_by_label("Viết trao đổi")
    text.press_sequentially("Nhờ @nhung")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("nhung.bth")
    text.press("Enter")
    expect(text).to_have_value("Nhờ @nhung.bth ")
    text.press_sequentially("xem giúp")
    page.get_by_role("button", name="Gửi trao đổi").click()
    expect(page.locator(".remark .mention")).to_have_text(str(person("nhung.bth")))
    assert page.url.split("#")[0].endswith(f"/tasks/{task}/")
    told = Notification.objects.get(recipient=person("nhung.bth"), kind="remark.mentioned")
    other = visit("nhung.bth")
    other.goto(told.url)
    expect(other.locator(".remark")).to_contain_text("xem giúp")
    submitter = visit("an.nv")
    submitter.goto(f"/dossiers/{dossier.pk}/")
    expect(submitter.locator(".remark")).to_have_count(0)


def test_an_opinion_is_kept_while_it_is_typed_and_a_look_is_remembered(
    visit: Callable[..., Any], site: Any
) -> None:
    dossier = open_slip("Báo cáo năm")
    task = task_at(dossier, "opinion_finance")
    page = visit("bao.lg")
    page.goto(f"/tasks/{task}/")
    page.get_by_label("Ý kiến, lý do").press_sequentially("Đang xem xét")
    expect(page.locator("#draft-state")).to_contain_text("Đã lưu nháp")
    draft = draft_of(task, person("bao.lg"))
    assert draft is not None and draft.note == "Đang xem xét"
    page.goto(f"/tasks/{task}/")
    expect(page.get_by_label("Ý kiến, lý do")).to_have_value("Đang xem xét")
    assert Visit.objects.filter(user=person("bao.lg"), dossier=dossier).exists()
