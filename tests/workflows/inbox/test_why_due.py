"""The page of a dossier says how its due date was counted."""

from __future__ import annotations

from datetime import UTC, datetime

import time_machine

from tests.factories.flows import approve, definition, open_for
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
