"""Several tasks at once: each is an act of its own, with a result of its own."""

from __future__ import annotations

import pytest
from viewflow.workflow.models import Task

from home.audit.api import Entry
from tests.factories.flows import act, approve, definition, open_for, review, task_of
from workflows.dossiers.api import Dossier
from workflows.engine.api import claim, hold


@pytest.fixture
def plain(office):
    """A decision by tc1."""
    return office.publish(definition(approve("check", {"user": "tc1"}), code="mot"))


@pytest.fixture
def pooled(office):
    """An opinion out of the pool of TC."""
    return office.publish(definition(review("op", "TC"), code="hai"))


def _key(dossier, step="check") -> int:
    return task_of(dossier, step).pk


def _offer(answer, words: str) -> str:
    return next(offer.key for offer in answer.context["offers"] if offer.outcome.code == words)


def _send(client, act, tasks, **more):
    return client.post("/inbox/several/", {"act": act, "task": tasks, **more})


def test_each_chosen_dossier_is_decided_and_says_how_it_went(office, plain, as_user):
    mine, gone, held = (open_for(office, plain) for _ in range(3))
    client, keys = as_user(office.tc1), [_key(dossier) for dossier in (mine, gone, held)]
    asked = _send(client, "choose", keys)
    assert Entry.objects.filter(verb="task.decided").count() == 0
    approve_all = _offer(asked, "approve")
    act(gone, "check", office.tc1, "approve")
    hold(held.pk, by=office.head_dt, reason="Chờ")
    answer = _send(client, "decide", keys, outcome=approve_all, note="Nhất trí")
    assert [result.row.dossier for result in answer.context["done"]] == [mine]
    assert [result.row.dossier for result in answer.context["failed"]] == [gone, held]
    assert all(result.words for result in answer.context["failed"])
    assert Dossier.objects.get(pk=mine.pk).state == "approved"
    assert Dossier.objects.get(pk=held.pk).state == "held"
    assert task_of(mine, "check").data["note"] == "Nhất trí"
    assert Entry.objects.filter(verb="task.decided", target=mine.target).count() == 1


def test_the_same_request_twice_decides_once(office, plain, as_user):
    dossier = open_for(office, plain)
    client, key = as_user(office.tc1), _key(dossier)
    chosen = _offer(_send(client, "choose", [key, key]), "approve")
    first = _send(client, "decide", [key, key], outcome=chosen)
    second = _send(client, "decide", [key], outcome=chosen)
    assert (len(first.context["done"]), len(first.context["failed"])) == (1, 0)
    assert second.status_code == 200 and not second.context.get("done")
    assert Entry.objects.filter(verb="task.decided", target=dossier.target).count() == 1


def test_nobody_approves_their_own_dossier_among_others(office, pooled, as_user):
    own, other = open_for(office, pooled, by=office.tc1), open_for(office, pooled)
    client, keys = as_user(office.tc1), [_key(own, "op"), _key(other, "op")]
    agree = _offer(_send(client, "choose", keys), "agree")
    answer = _send(client, "decide", keys, outcome=agree)
    decided = {dossier.pk: task_of(dossier, "op").status for dossier in (own, other)}
    assert decided[other.pk] == "DONE"
    submitters_may = not task_of(own, "op").flow_task.not_submitter
    assert (decided[own.pk] == "DONE") == submitters_may
    strict = office.publish(definition(approve("sign", {"pool": {"department": "TC"}}), code="ba"))
    mine = open_for(office, strict, by=office.tc1)
    key = _key(mine, "sign")
    yes = _offer(_send(client, "choose", [key]), "approve")
    answer = _send(client, "decide", [key], outcome=yes)
    assert not answer.context["done"] and len(answer.context["failed"]) == 1
    assert Dossier.objects.get(pk=mine.pk).state == "running"


def test_a_reason_that_is_required_is_asked_for_once_and_before_anything_is_decided(office, plain, as_user):
    dossiers = [open_for(office, plain) for _ in range(2)]
    client, keys = as_user(office.tc1), [_key(dossier) for dossier in dossiers]
    reject = _offer(_send(client, "choose", keys), "reject")
    answer = _send(client, "decide", keys, outcome=reject)
    assert answer.context["error"]
    assert {dossier.state for dossier in Dossier.objects.all()} == {"running"}
    answer = _send(client, "decide", keys, outcome=reject, note="Không phù hợp")
    assert len(answer.context["done"]) == 2
    assert {dossier.state for dossier in Dossier.objects.all()} == {"rejected"}


@pytest.mark.parametrize("outcome", ["", "x", "approve"])
def test_without_a_known_decision_nothing_happens(office, plain, as_user, unchanged, outcome):
    key = _key(open_for(office, plain))
    with unchanged():
        answer = _send(as_user(office.tc1), "decide", [key], outcome=outcome)
    assert answer.context["error"]


def test_a_step_that_does_not_offer_the_decision_is_left_alone(office, plain, pooled, as_user):
    decision, opinion = open_for(office, plain), open_for(office, pooled)
    client, keys = as_user(office.tc1), [_key(decision), _key(opinion, "op")]
    asked = _send(client, "choose", keys)
    answer = _send(client, "decide", keys, outcome=_offer(asked, "approve"))
    assert [result.row.dossier for result in answer.context["failed"]] == [opinion]
    assert task_of(opinion, "op").status == "NEW"


def test_a_step_with_questions_of_its_own_is_not_decided_with_others(office, as_user):
    version = office.publish(
        definition(
            {
                "id": "fill",
                "kind": "data_entry",
                "title": "Bổ sung số tiền",
                "ask_again": ["amount"],
                "who": {"user": "tc1"},
                "fallback": {"user": "tc2"},
            },
            code="bon",
        )
    )
    answer = _send(as_user(office.tc1), "choose", [_key(open_for(office, version), "fill")])
    assert not list(answer.context["offers"])


def test_claiming_and_giving_back_several(office, pooled, as_user):
    dossiers = [open_for(office, pooled) for _ in range(3)]
    keys = [_key(dossier, "op") for dossier in dossiers]
    claim(keys[0], by=office.tc2)
    client = as_user(office.tc1)
    answer = _send(client, "claim", keys, tab="claim")
    assert [result.row.task_id for result in answer.context["done"]] == keys[1:]
    assert "Tc2" in answer.context["failed"][0].words
    answer = _send(client, "release", keys)
    assert [result.row.task_id for result in answer.context["done"]] == keys[1:]
    assert list(Task.objects.filter(pk__in=keys[1:]).values_list("status", flat=True)) == ["NEW", "NEW"]


@pytest.mark.parametrize("act", ["choose", "decide", "claim", "release"])
def test_tasks_of_which_one_may_not_know_leave_no_trace(office, plain, as_user, unchanged, act):
    hidden = open_for(office, plain, subject="Rất kín")
    with unchanged():
        answers = [_send(as_user(office.outsider), act, [key]) for key in (_key(hidden), 10**12)]
    texts = [answer.content.decode() for answer in answers]
    assert not any("Rất kín" in text or hidden.number in text for text in texts)
    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("keys", [[], ["x"], ["9" * 40], ["-1"]])
def test_choosing_nothing_leads_back(office, as_user, keys):
    answer = _send(as_user(office.tc1), "claim", keys, tab="claim")
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/?tab=claim")


def test_visitors_log_in_first(client, db):
    answer = client.post("/inbox/several/", {"act": "claim", "task": ["1"]})
    assert (answer.status_code, "next=/inbox/" in answer["Location"]) == (302, True)
    assert client.get("/inbox/several/").status_code in (302, 405)
