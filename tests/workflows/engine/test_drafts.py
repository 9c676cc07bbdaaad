"""What people have typed is kept until they send it."""

from __future__ import annotations

import pytest

from tests.factories.flows import act, open_for, task_of
from workflows.engine.api import InvalidActError, NotVisibleError, draft_of, save_draft, withdraw


@pytest.fixture
def dossier(office, version):
    return open_for(office, version)


def test_a_draft_is_kept_replaced_and_gone_when_it_is_sent(office, dossier):
    task = task_of(dossier, "op_tc")
    save_draft(task.pk, by=office.tc1, outcome="", note="Nháp")
    save_draft(task.pk, by=office.tc1, outcome="disagree", note="Chưa rõ")
    save_draft(task.pk, by=office.tc2, outcome="agree", note="Của tôi")
    mine = draft_of(task.pk, office.tc1)
    assert (mine.outcome, mine.note) == ("disagree", "Chưa rõ")
    assert draft_of(task.pk, office.head_tc) is None
    act(dossier, "op_tc", office.tc1, "agree")
    assert draft_of(task.pk, office.tc1) is None
    assert draft_of(task.pk, office.tc2).note == "Của tôi"


def test_a_draft_outlives_its_task(office, dossier):
    task = task_of(dossier, "op_tc")
    save_draft(task.pk, by=office.tc1, outcome="", note="Dở dang")
    withdraw(dossier.pk, by=office.ann, reason="Đổi ý")
    assert draft_of(task.pk, office.tc1).note == "Dở dang"
    save_draft(task.pk, by=office.tc1, outcome="", note="Dở dang nữa")
    assert draft_of(task.pk, office.tc1).note == "Dở dang nữa"


def test_an_empty_draft_is_forgotten(office, dossier):
    task = task_of(dossier, "op_tc")
    save_draft(task.pk, by=office.tc1, outcome="", note="x")
    assert save_draft(task.pk, by=office.tc1, outcome="", note=" ") is None
    assert draft_of(task.pk, office.tc1) is None


def test_drafts_are_bounded_and_only_for_those_who_see_the_task(office, dossier):
    task = task_of(dossier, "op_tc")
    with pytest.raises(NotVisibleError):
        save_draft(task.pk, by=office.outsider, outcome="", note="x")
    with pytest.raises(InvalidActError):
        save_draft(task.pk, by=office.tc1, outcome="", note="x" * 5001)
    with pytest.raises(InvalidActError):
        save_draft(task.pk, by=office.tc1, outcome="x" * 61, note="x")
    with pytest.raises(NotVisibleError):
        save_draft(0, by=office.tc1, outcome="", note="x")
