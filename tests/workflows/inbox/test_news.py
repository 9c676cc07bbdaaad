"""What is marked as new to a reader: since they last looked, or decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from home.forms.api import display
from tests.factories.flows import ANSWERS, act, definition, open_for, review, task_of
from workflows.definitions.api import definition_of
from workflows.dossiers.api import AnswerChange, Visit
from workflows.inbox.news import news_for
from workflows.inbox.timeline import timeline


@pytest.fixture
def dossier(office, version):
    """A dossier that came back with a larger amount."""
    found = open_for(office, version)
    for unit in ("tc", "kt"):
        act(found, f"op_{unit}", office.people[f"{unit}1"], "disagree", "Thiếu báo giá")
    return act(found, "rework", office.ann, "resubmit", answers=ANSWERS | {"amount": 45_000_000})


def news(dossier, reader):
    found = definition_of(dossier.version)
    return news_for(dossier, found, reader, timeline(dossier, found))


def test_a_change_keeps_what_was_answered_before(office, dossier):
    row = AnswerChange.objects.get()
    assert (row.before, row.by) == ({"amount": 10_000_000}, office.ann)


def test_decisions_without_answers_keep_nothing(office, dossier):
    act(dossier, "op_tc", office.tc1, "agree")
    assert AnswerChange.objects.count() == 1


def test_who_decided_before_sees_what_it_was(office, dossier, as_user):
    found = news(dossier, office.tc1)
    assert set(found) == {"amount"} and "10.000.000" in found["amount"].old.text
    shown = as_user(office.tc1).get(f"/tasks/{task_of(dossier, 'op_tc').pk}/").content.decode()
    assert "10.000.000" in shown and "45.000.000" in shown and "is-changed" in shown


def test_it_is_no_news_to_whoever_changed_it(office, dossier):
    assert not news(dossier, office.ann)


def test_it_stays_marked_for_the_visit_and_is_old_at_the_next(office, dossier, as_user):
    client, url = as_user(office.tc1), f"/dossiers/{dossier.pk}/"
    Visit.objects.create(user=office.tc1, dossier=dossier, at=timezone.now() - timedelta(days=2))
    AnswerChange.objects.update(at=timezone.now() - timedelta(days=1))
    reader = office.tc2
    Visit.objects.create(user=reader, dossier=dossier, at=timezone.now() - timedelta(days=2))
    client = as_user(reader)
    for _twice in range(2):
        assert "is-changed" in client.get(url).content.decode()
        assert client.post(f"{url}look/").status_code == 204
    visit = Visit.objects.get(user=reader)
    Visit.objects.filter(pk=visit.pk).update(at=timezone.now() - timedelta(hours=1))
    assert "is-changed" not in client.get(url).content.decode()


def test_the_button_ends_the_marks_at_once(office, dossier, as_user):
    client, url = as_user(office.tc2), f"/dossiers/{dossier.pk}/"
    assert "is-changed" in client.get(url).content.decode()
    assert client.post(f"{url}look/", {"done": "1"})["Location"] == url
    assert "is-changed" not in client.get(url).content.decode()


def test_reading_writes_nothing(office, dossier, as_user, counted):
    for url in (f"/dossiers/{dossier.pk}/", f"/tasks/{task_of(dossier, 'op_tc').pk}/"):
        as_user(office.tc1).get(url)
        assert not Visit.objects.exists()


def test_a_change_that_was_taken_back_is_no_news(office, version):
    found = open_for(office, version)
    for amount in (45_000_000, 10_000_000):
        for unit in ("tc", "kt"):
            act(found, f"op_{unit}", office.people[f"{unit}1"], "disagree", "Sửa")
        act(found, "rework", office.ann, "resubmit", answers=ANSWERS | {"amount": amount})
    Visit.objects.create(user=office.dt1, dossier=found, at=timezone.now() - timedelta(days=1))
    found.refresh_from_db()
    assert AnswerChange.objects.count() == 2
    assert not news(found, office.dt1)


def test_long_texts_are_told_word_by_word(office, version):
    words = "Thiết bị cũ đã hỏng nhiều lần và không còn sửa được nữa"
    found = open_for(office, version, reason=words)
    for unit in ("tc", "kt"):
        act(found, f"op_{unit}", office.people[f"{unit}1"], "disagree", "Sửa")
    changed = ANSWERS | {"reason": words.replace("nhiều lần", "ba lần")}
    act(found, "rework", office.ann, "resubmit", answers=changed)
    found.refresh_from_db()
    (row,) = [row for row in display(definition_of(version).questions, found.answers) if row.key == "reason"]
    pieces = news(found, office.tc1)["reason"].pieces(row.text)
    assert [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"] == [
        ("old", "nhiều"),
        ("new", "ba"),
    ]


def test_what_the_flow_calculates_is_kept_too(office):
    steps = [
        review("first", "TC"),
        {
            "id": "total",
            "kind": "set_value",
            "title": "Tính",
            "values": [{"key": "amount", "to": "amount * 2"}],
        },
        review("second", "KT"),
    ]
    found = open_for(office, office.publish(definition(*steps)))
    act(found, "first", office.tc1, "agree")
    assert AnswerChange.objects.get().before == {"amount": 10_000_000}


def test_what_was_only_added_is_no_news_at_a_first_visit(office):
    entry = {
        "id": "entry",
        "kind": "data_entry",
        "title": "Bổ sung",
        "who": {"pool": {"department": "DT"}},
        "fallback": {"position": "chief", "department": "VP"},
        "own_dossier": True,
        "fields": [{"key": "place", "kind": "text", "label": "Địa điểm"}],
    }
    found = open_for(office, office.publish(definition(entry, review("second", "KT"))), by=office.dt1)
    found = act(found, "entry", office.dt1, "complete", answers={"place": "Tầng 2"})
    assert AnswerChange.objects.get().before == {"place": None}
    assert not news(found, office.kt1)
    Visit.objects.create(user=office.kt1, dossier=found, at=timezone.now() - timedelta(days=1))
    AnswerChange.objects.update(at=timezone.now() - timedelta(hours=2))
    assert set(news(found, office.kt1)) == {"place"}
