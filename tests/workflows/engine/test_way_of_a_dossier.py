"""One dossier walks through the signature flow."""

from __future__ import annotations

from home.audit.api import entries_for, verify
from home.notifications.api import Notification
from tests.factories.flows import ANSWERS, act, open_for, task_of
from workflows.dossiers.api import Dossier


def test_two_of_three_agree_then_returned_resubmitted_and_approved(office, version):
    dossier = open_for(office, version)
    assert dossier.number.startswith("01/")
    assert set(dossier.open_steps) == {"op_tc", "op_kt", "op_dt"}
    act(dossier, "op_tc", office.tc1, "agree")
    dossier = act(dossier, "op_kt", office.kt2, "agree")
    assert dossier.open_steps == ["sign"]
    assert task_of(dossier, "op_dt").status == "CANCELED"
    dossier = act(dossier, "sign", office.chair, "return", note="Bổ sung dự toán")
    assert dossier.state == Dossier.State.RETURNED
    assert task_of(dossier, "rework").owner == office.ann
    dossier = act(dossier, "rework", office.ann, "resubmit", answers=ANSWERS | {"amount": 60_000_000})
    assert dossier.state == Dossier.State.RUNNING
    assert dossier.answers["amount"] == 60_000_000
    act(dossier, "op_tc", office.tc2, "agree")
    dossier = act(dossier, "op_dt", office.dt1, "agree")
    assert dossier.open_steps == ["finance"]
    act(dossier, "finance", office.head_tc)
    dossier = act(dossier, "sign", office.chair)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.open_steps) == (Dossier.State.APPROVED, [])
    assert dossier.closed_at is not None
    assert not dossier.processes.get().task_set.filter(finished=None).exists()
    assert dossier.processes.get().status == "DONE"
    verbs = [entry.verb for entry in entries_for(dossier.target)]
    assert verbs.count("task.decided") == 8
    assert verbs[0] == "dossier.opened"
    assert verify() is None
    told = Notification.objects.filter(recipient=office.ann).values_list("kind", flat=True)
    assert {"dossier.returned", "dossier.closed"} <= set(told)


def test_quorum_out_of_reach_returns_to_the_submitter(office, version):
    dossier = open_for(office, version)
    act(dossier, "op_tc", office.tc1, "disagree", note="Thiếu nguồn")
    dossier = act(dossier, "op_kt", office.kt1, "disagree", note="Không rõ")
    assert dossier.state == Dossier.State.RETURNED
    assert task_of(dossier, "op_dt").status == "CANCELED"


def test_rejection_ends_the_dossier(office, version):
    dossier = open_for(office, version)
    act(dossier, "op_tc", office.tc1, "agree")
    act(dossier, "op_kt", office.kt1, "agree")
    dossier = act(dossier, "sign", office.chair, "reject", note="Không phù hợp")
    assert (dossier.state, dossier.open_steps) == (Dossier.State.REJECTED, [])
    assert dossier.processes.get().status == "DONE"
