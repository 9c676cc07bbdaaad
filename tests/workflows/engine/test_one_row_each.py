"""Every act on a dossier is one function, one audit row and one revision; one that is refused leaves nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from home.audit.api import entries_for, verify
from tests.factories.flows import ANSWERS, act, approve, definition, open_for, opinions, task_of
from workflows.dossiers.api import Dossier, Pause
from workflows.engine.api import (
    ConflictError,
    EngineError,
    InvalidActError,
    NotVisibleError,
    add_participant,
    claim,
    decide,
    forward,
    hold,
    reassign,
    recall,
    release,
    remove_participant,
    request_supplement,
    resume,
    withdraw,
)

CHAIR = {"position": "chair", "department": "LD"}


@pytest.fixture
def dossier(office):
    first = approve("first", {"user": "tc1"}, recall=30)
    pool = approve("pool", {"pool": {"department": "KT"}}, return_to=["submitter", "first"])
    last = approve("last", CHAIR)
    return open_for(office, office.publish(definition(first, pool, opinions(lead=CHAIR), last)))


def test_each_act_is_one_row_and_one_revision(office, dossier):
    """The whole list of what can be done to a dossier, in an order in which all of it can be done."""
    unit = f"dept:{office.departments['VP'].pk}"

    def pk(step):
        return task_of(dossier, step).pk

    acts = {
        "task.decided": lambda: act(dossier, "first", office.tc1),
        "task.recalled": lambda: recall(pk("first"), by=office.tc1),
        "task.handed.reassigned": lambda: reassign(
            pk("first"), by=office.head_tc, to=office.tc2, reason="Vắng"
        ),
        "task.handed.forwarded": lambda: forward(pk("first"), by=office.tc2, to=office.tc1, reason="Lại"),
        "dossier.held": lambda: hold(dossier.pk, by=office.tc1, reason="Chờ"),
        "dossier.resumed": lambda: resume(dossier.pk, by=office.tc1),
        "dossier.supplement": lambda: request_supplement(pk("first"), by=office.tc1, reason="Thiếu"),
        "dossier.waived": lambda: resume(dossier.pk, by=office.tc1),
        "task.decided ": lambda: act(dossier, "first", office.tc1),
        "task.claimed": lambda: claim(pk("pool"), by=office.kt1),
        "task.released": lambda: release(pk("pool"), by=office.kt1),
        "task.decided  ": lambda: act(dossier, "pool", office.kt2, "return", note="Sửa", to="first"),
        "task.decided   ": lambda: act(dossier, "first", office.tc1),
        "task.decided    ": lambda: act(dossier, "pool", office.kt2, "return", note="Sửa"),
        "task.decided     ": lambda: act(dossier, "rework", office.ann, "resubmit", answers=ANSWERS),
        "task.decided      ": lambda: act(dossier, "first", office.tc1),
        "task.decided       ": lambda: act(dossier, "pool", office.kt2),
        "participant.added": lambda: add_participant(dossier.pk, "opinions", by=office.chair, item=unit),
        "participant.removed": lambda: remove_participant(
            dossier.pk, "opinions", by=office.chair, item=unit, reason="Nhầm"
        ),
        "dossier.withdrawn": lambda: withdraw(dossier.pk, by=office.ann, reason="Đổi ý"),
    }
    for verb, do in acts.items():
        before = list(entries_for(dossier.target))
        dossier.refresh_from_db()
        revision = dossier.revision
        do()
        dossier.refresh_from_db()
        after = list(entries_for(dossier.target))
        assert [entry.verb for entry in after[len(before) :]] == [verb.strip()], verb
        assert dossier.revision == revision + 1, verb
    assert dossier.state == Dossier.State.WITHDRAWN
    assert all(one.ended_at is not None for one in Pause.objects.all())
    moments = [entry.at for entry in entries_for(dossier.target)]
    assert all(earlier <= later for earlier, later in pairwise(moments))
    assert verify() is None


REFUSED = {
    "outsider": NotVisibleError,
    "ann": (ConflictError, InvalidActError),
    "vp1": NotVisibleError,
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_a_refused_act_leaves_nothing(office, dossier, name):
    """Everything that somebody without a part in it may try: no row, no revision, no trace of the dossier."""
    person, task = office.people[name], task_of(dossier, "first").pk
    unit = f"dept:{office.departments['VP'].pk}"
    acts = [
        lambda: decide(task, by=person, outcome="approve"),
        lambda: claim(task, by=person),
        lambda: release(task, by=person),
        lambda: recall(task, by=person),
        lambda: forward(task, by=person, to=office.tc2, reason="x"),
        lambda: reassign(task, by=person, to=office.tc2, reason="x"),
        lambda: request_supplement(task, by=person, reason="x"),
        lambda: hold(dossier.pk, by=person, reason="x"),
        lambda: resume(dossier.pk, by=person),
        lambda: add_participant(dossier.pk, "opinions", by=person, item=unit),
        lambda: remove_participant(dossier.pk, "opinions", by=person, item=unit, reason="x"),
    ]
    if name != "ann":
        acts.append(lambda: withdraw(dossier.pk, by=person, reason="x"))
    before = [entry.pk for entry in entries_for(dossier.target)]
    for do in acts:
        with pytest.raises(EngineError) as refused:
            do()
        assert isinstance(refused.value, REFUSED[name]), refused.value
    stored = Dossier.objects.get(pk=dossier.pk)
    assert (stored.revision, stored.state, stored.open_steps) == (dossier.revision, "running", ["first"])
    assert [entry.pk for entry in entries_for(dossier.target)] == before
