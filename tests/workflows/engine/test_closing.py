"""Tasks that end without a decision say why, their owners are told in words, and nothing later begins."""

from __future__ import annotations

import pytest
from django.utils import translation
from viewflow.workflow.models import Task

from home.audit.api import verify
from home.notifications.api import Notification, kinds
from tests.factories.flows import act, approve, definition, open_for, task_of
from workflows.engine.api import draft_of, save_draft, withdraw

CHAIR = {"position": "chair", "department": "LD"}


def block(rule="all", lost="reject"):
    branches = [{"steps": [approve(step, {"user": name})]} for step, name in (("a", "tc1"), ("b", "kt1"))]
    return {
        "id": "both",
        "kind": "parallel",
        "title": "Cùng duyệt",
        "rule": rule,
        "veto": rule == "all",
        "if_lost": lost,
        "branches": branches,
    }


def reject(dossier, office):
    act(dossier, "a", office.tc1, "reject", note="Không phù hợp")


def send_back(dossier, office):
    act(dossier, "a", office.tc1, "return", note="Sửa lại")


def withdrawn(dossier, office):
    withdraw(dossier.pk, by=office.ann, reason="Đổi ý")


def enough(dossier, office):
    act(dossier, "a", office.tc1)


@pytest.mark.parametrize(
    ("close", "options", "reason", "words", "left"),
    [
        (reject, {}, "rejected", "Cancelled by rejection.", []),
        (reject, {"lost": "return"}, "returned", "The dossier was returned.", ["rework"]),
        (send_back, {}, "returned", "The dossier was returned.", ["rework"]),
        (withdrawn, {}, "withdrawn", "The submitter withdrew the dossier.", []),
        (enough, {"rule": "any"}, "decided", "The block has been decided by the others.", ["last"]),
    ],
)
def test_the_others_are_closed_with_the_reason(office, close, options, reason, words, left):
    raw = definition(block(**options), approve("last", CHAIR))
    dossier = open_for(office, office.publish(raw))
    other = task_of(dossier, "b")
    save_draft(other.pk, by=office.kt1, outcome="approve", note="Dở dang")
    close(dossier, office)
    other.refresh_from_db()
    assert (other.status, other.data["closed"]) == ("CANCELED", reason)
    assert draft_of(other.pk, office.kt1).note == "Dở dang"
    told = Notification.objects.get(recipient=office.kt1, kind="task.closed")
    assert told.params["reason"] == reason
    with translation.override("en"):
        assert words in kinds.get("task.closed").body(told.params)
    waiting = Task.objects.filter(process__dossierprocess__dossier=dossier, finished=None)
    assert [task.flow_task.spec.id for task in waiting] == left
    dossier.refresh_from_db()
    assert dossier.open_steps == left
    later = Task.objects.filter(process__dossierprocess__dossier=dossier, owner=office.chair)
    assert later.exists() == (left == ["last"])
    assert verify() is None
