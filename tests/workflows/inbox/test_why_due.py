"""The page of a dossier says how its due date was counted."""

from __future__ import annotations

from datetime import UTC, datetime

import time_machine
from viewflow.workflow.models import Task

from tests.factories.flows import approve, definition, open_for, task_of
from workflows.engine.api import hold, resume


def opened(office, **changes):
    with time_machine.travel(datetime(2026, 11, 2, 2, tzinfo=UTC), tick=False):  # a Monday, 9:00 in Hanoi
        raw = definition(approve("sign", {"position": "chair", "department": "LD"}), **changes)
        return open_for(office, office.publish(raw))


def page(office, dossier, as_user):
    return as_user(office.ann).get(f"/dossiers/{dossier.pk}/").content.decode()


def test_every_day_is_counted_and_pauses_are_named(office, as_user):
    dossier = opened(office, days=5)
    assert dossier.due_at.date().isoformat() == "2026-11-09"
    text = page(office, dossier, as_user)
    assert "Vì sao hạn là ngày 09/11/2026?" in text
    assert text.count("không phải ngày làm việc") == 2
    with time_machine.travel(datetime(2026, 11, 3, 1, tzinfo=UTC), tick=False):
        hold(dossier.pk, by=office.head_dt, reason="Chờ")
    with time_machine.travel(datetime(2026, 11, 5, 1, tzinfo=UTC), tick=False):
        assert "hạn giải quyết sẽ dời" in page(office, dossier, as_user)
        resume(dossier.pk, by=office.head_dt)
    dossier.refresh_from_db()
    text = page(office, dossier, as_user)
    assert dossier.due_at.date().isoformat() == "2026-11-11"
    assert "Vì sao hạn là ngày 11/11/2026?" in text
    assert text.count("đồng hồ dừng") >= 2
    assert "hạn giải quyết được giữ nguyên" not in text


def test_a_dossier_without_a_term_explains_nothing(office, as_user):
    assert "why-due" not in page(office, opened(office), as_user)


def test_a_long_term_leaves_ordinary_days_out(office, as_user):
    text = page(office, opened(office, days=200), as_user)
    assert text.count('<time datetime="2027-') < 60


def task_page(office, dossier, as_user):
    return as_user(office.chair).get(f"/tasks/{task_of(dossier, 'sign').pk}/").content.decode()


def started(office, **term):
    with time_machine.travel(datetime(2026, 11, 2, 2, tzinfo=UTC), tick=False):
        raw = definition(approve("sign", {"position": "chair", "department": "LD"}, **term), days=10)
        return open_for(office, office.publish(raw))


def test_the_page_of_a_task_counts_the_term_of_its_step_with_the_pauses(office, as_user):
    dossier = started(office, days=2)
    text = task_page(office, dossier, as_user)
    assert "Vì sao hạn là ngày 04/11/2026?" in text and "Thời hạn của bước này: 2 ngày làm việc" in text
    with time_machine.travel(datetime(2026, 11, 3, 1, tzinfo=UTC), tick=False):
        hold(dossier.pk, by=office.head_dt, reason="Chờ")
    with time_machine.travel(datetime(2026, 11, 4, 1, tzinfo=UTC), tick=False):
        resume(dossier.pk, by=office.head_dt)
    text = task_page(office, dossier, as_user)
    assert "Vì sao hạn là ngày 05/11/2026?" in text and "đồng hồ dừng" in text
    assert "Hạn đã thay đổi sau đó" not in text


def test_working_hours_and_the_term_of_the_dossier_are_explained_too(office, as_user):
    assert "Thời hạn của bước này: 12 giờ làm việc" in task_page(office, started(office, hours=12), as_user)
    assert "10 ngày làm việc kể từ khi tiếp nhận" in task_page(office, started(office), as_user)


def test_a_date_that_was_moved_otherwise_is_said_to_be(office, as_user):
    dossier = started(office, days=2)
    Task.objects.filter(pk=task_of(dossier, "sign").pk).update(
        scheduled=datetime(2026, 11, 20, 2, tzinfo=UTC)
    )
    assert "Hạn đã thay đổi sau đó" in task_page(office, dossier, as_user)
