"""A step opens dossiers of another type: each once, and the parent goes on when enough of them are closed."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from home.audit.api import entries_for, verify
from home.notifications.api import Notification
from tests.factories.flows import act, approve, definition, make_office, open_for, task_of
from tests.factories.people import UserFactory
from tests.threads import race
from workflows.definitions.api import Definition, check
from workflows.dossiers.api import Dossier, Errand, Pause, SubDossier
from workflows.engine.api import (
    ConflictError,
    InvalidActError,
    hold,
    may_see,
    run_errands,
    subs_of,
    waive_errand,
    wake_waiting,
    way_of,
    withdraw,
)
from workflows.engine.errands import MAX_ATTEMPTS

CHILD = {"code": "ke-hoach", "register": {"code": "KH", "pattern": "{number:02d}/{year}-KH"}}
HEAD = {"position": "chair", "department": "LD"}


def plans(**options):
    return {
        "id": "plans",
        "kind": "sub_dossier",
        "title": "Kế hoạch",
        "type": "ke-hoach",
        "of": {"departments": ["TC", "KT"]},
        "answers": {"subject": "subject", "amount": "amount * 2"},
    } | options


def parent_flow(**options):
    return definition(
        plans(**options),
        {
            "id": "enough",
            "kind": "choice",
            "title": "Đủ?",
            "branches": [
                {"when": "plans_approved >= 2", "steps": [approve("sign", HEAD)]},
                {"otherwise": True, "steps": [approve("talk", HEAD)]},
            ],
        },
    )


def prepared():
    office = make_office()
    office.publish(definition(approve("ok", HEAD, outcomes=["approve", "reject"]), **CHILD))
    return office


@pytest.fixture
def office(db):
    return prepared()


def begin(office, **options):
    dossier = open_for(office, office.publish(parent_flow(**options)))
    assert run_errands() == Errand.objects.filter(dossier=dossier, kind="sub_dossier.open").count()
    return dossier


def children():
    return [link.child for link in SubDossier.objects.order_by("pk")]


def steps_of(dossier):
    dossier.refresh_from_db()
    return dossier.open_steps


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_one_for_each_opened_once(office):
    dossier = open_for(office, office.publish(parent_flow()))
    assert steps_of(dossier) == ["plans"]
    assert way_of(dossier).states["plans"].state == "open"
    assert children() == []
    assert run_errands() == 2
    Errand.objects.update(state="waiting", leased_until=None)  # their worker died before it kept the result
    assert run_errands() == 2
    first, second = children()
    assert [child.submitter for child in (first, second)] == [office.head_tc, office.head_kt]
    assert first.answers == {"subject": "Tờ trình mua máy", "amount": 20_000_000}
    assert first.number != second.number
    assert entries_for(first.target).get(verb="dossier.opened").by is None, "nobody did it themselves"
    [told] = Notification.objects.filter(kind="dossier.told", recipient=office.head_tc)
    assert (told.params["number"], dossier.number in told.params["message"]) == (first.number, True)
    assert [row.number for row in subs_of(dossier)] == [first.number, second.number]
    assert [entry.verb for entry in entries_for(dossier.target)].count("sub.opened") == 2
    assert not may_see(first, office.ann), "number and state are told, no more"
    assert verify() is None


def test_the_parent_goes_on_when_all_are_closed(office, commits):
    dossier = begin(office)
    first, second = children()
    with commits():
        act(first, "ok", office.chair)
    assert steps_of(dossier) == ["plans"]
    with commits():
        act(second, "ok", office.chair)
    assert steps_of(dossier) == ["sign"]
    assert (dossier.answers["plans_approved"], dossier.answers["plans_closed"]) == (2, 2)
    act(dossier, "sign", office.chair)
    assert verify() is None


def test_the_sweep_finds_what_was_missed_and_a_choice_branches(office):
    dossier = begin(office)
    first, second = children()
    act(first, "ok", office.chair, "reject", note="Không")
    withdraw(second.pk, by=office.head_kt, reason="Đổi ý")
    assert steps_of(dossier) == ["plans"], "nothing was committed yet"
    assert wake_waiting() == 1
    assert steps_of(dossier) == ["talk"]
    assert (dossier.answers["plans_approved"], dossier.answers["plans_closed"]) == (0, 2)


def test_any_and_none(office, commits):
    dossier = begin(office, wait_for="any")
    with commits():
        act(children()[0], "ok", office.chair)
    assert steps_of(dossier) == ["talk"]
    other = open_for(office, office.publish(parent_flow(wait_for="none")))
    assert steps_of(other) == ["talk"]
    assert run_errands() == 2
    assert len(subs_of(other)) == 2


@pytest.mark.parametrize(("option", "state"), [("withdraw", "withdrawn"), ("keep", "running")])
def test_the_parent_is_withdrawn(office, option, state):
    dossier = begin(office, with_parent=option)
    withdraw(dossier.pk, by=office.ann, reason="Đổi ý")
    assert task_of(dossier, "plans").status == "CANCELED"
    run_errands()
    assert {child.state for child in children()} == {state}
    assert wake_waiting() == 0
    assert verify() is None


@pytest.mark.parametrize("wait_for", ["none", "any"])
@pytest.mark.parametrize(("option", "state"), [("withdraw", "withdrawn"), ("keep", "running")])
def test_the_parent_ends_after_it_has_gone_on(office, wait_for, option, state):
    """Nobody waits for them any more, but they have lost their ground all the same."""
    refused, gone = (begin(office, wait_for=wait_for, with_parent=option) for _ in range(2))
    if wait_for == "any":
        for dossier in (refused, gone):
            act(SubDossier.objects.filter(parent=dossier).first().child, "ok", office.chair)
        assert wake_waiting() == 2
    owner = task_of(children()[-1], "ok").owner
    act(refused, "talk", office.chair, "reject", note="Không")
    withdraw(gone.pk, by=office.ann, reason="Đổi ý")
    run_errands()
    still = [child for child in children() if child.state != "approved"]
    assert (len(still), {child.state for child in still}) == ({"none": 4, "any": 2}[wait_for], {state})
    notes = [
        entry.data.get("note", "") for child in still for entry in entries_for(child.target) if not entry.by
    ]
    closed = Notification.objects.filter(kind="task.closed", recipient=owner)
    told = closed.filter(params__number__in=[child.number for child in still]).count()
    expected = len(still) if option == "withdraw" else 0
    assert len([note for note in notes if refused.number in note or gone.number in note]) == expected
    assert told == expected
    assert verify() is None


def test_an_approved_parent_leaves_those_alone_that_it_does_not_wait_for(office):
    dossier = begin(office, wait_for="none")
    act(dossier, "talk", office.chair)
    run_errands()
    assert {child.state for child in children()} == {"running"}


def test_rejected_before_any_was_opened(office):
    dossier = open_for(office, office.publish(parent_flow(wait_for="none")))
    act(dossier, "talk", office.chair, "reject", note="Không")
    run_errands()
    assert children() == []


def test_a_step_that_runs_again_replaces_those_that_it_opened(office):
    back = approve("talk", HEAD, return_to=["first"])
    raw = definition(approve("first", HEAD), plans(wait_for="none"), back)
    dossier = open_for(office, office.publish(raw))
    act(dossier, "first", office.chair)
    run_errands()
    earlier = children()
    act(dossier, "talk", office.chair, "return", note="Sửa", to="first")
    assert {child.state for child in children()} == {"running"}, "the step has not run again yet"
    act(dossier, "first", office.chair)
    run_errands()
    states = {child.pk: child.state for child in children()}
    assert [states.pop(child.pk) for child in earlier] == ["withdrawn"] * 2
    assert list(states.values()) == ["running"] * 2


def test_one_that_is_on_hold_is_withdrawn_and_its_pause_ends(office):
    dossier = begin(office)
    held = children()[0]
    hold(held.pk, by=office.chair, reason="Chờ")
    withdraw(dossier.pk, by=office.ann, reason="Đổi ý")
    run_errands()
    held.refresh_from_db()
    assert held.state == "withdrawn"
    assert not Pause.objects.filter(ended_at__isnull=True).exists()


def test_withdrawn_before_any_was_opened(office):
    dossier = open_for(office, office.publish(parent_flow()))
    withdraw(dossier.pk, by=office.ann, reason="Đổi ý")
    run_errands()
    assert children() == []
    assert set(Errand.objects.values_list("kind", "state")) == {
        ("sub_dossier.open", "cancelled"),
        ("sub_dossier.end", "done"),
    }


def test_a_vacant_post_is_seen_and_tried_again(office):
    office.head_tc.is_active = False
    office.head_tc.save()
    open_for(office, office.publish(parent_flow()))
    assert run_errands() == 1
    failing = Errand.objects.get(state="waiting")
    assert office.departments["TC"].name in failing.error, "people read it"


def failed_for_good(office):
    """Return a dossier that waits for two others, one of which can never be opened, and the failed work."""
    office.head_tc.is_active = False
    office.head_tc.save()
    dossier = open_for(office, office.publish(parent_flow()))
    for _ in range(MAX_ATTEMPTS):
        Errand.objects.filter(state="waiting").update(next_at=timezone.now())
        run_errands()
    act(children()[0], "ok", office.chair)
    return dossier, Errand.objects.get(state="failed")


def test_the_dispatchers_let_it_go_on_without_what_cannot_be_opened(office, client, commits):
    dossier, work = failed_for_good(office)
    wake_waiting()
    assert steps_of(dossier) == ["plans"]
    root = UserFactory(is_superuser=True)
    url = f"/dossiers/{dossier.pk}/errands/{work.pk}/without/"
    client.force_login(office.ann)  # its submitter sees the dossier, and has no such page
    assert (client.get(url).status_code, client.post(url, {"reason": "x"}).status_code) == (404, 404)
    with pytest.raises(ConflictError):
        waive_errand(work.pk, by=office.ann, reason="x")
    client.force_login(root)
    assert url in client.get(f"/dossiers/{dossier.pk}/").content.decode()
    assert client.post(url, {"reason": ""}).status_code == 200
    work.refresh_from_db()
    assert work.state == "failed"
    with commits():
        assert client.post(url, {"reason": "Phòng đã giải thể"}).status_code == 302
    assert steps_of(dossier) == ["talk"]
    assert (dossier.answers["plans_approved"], dossier.answers["plans_closed"]) == (1, 1)
    entry = entries_for(dossier.target).get(verb="errand.waived")
    assert (entry.by, entry.data["note"]) == (root, "Phòng đã giải thể")
    assert client.post(url, {"reason": "lần nữa"}).status_code == 302, "pressed twice"
    with pytest.raises(InvalidActError):
        waive_errand(work.pk, by=root, reason="x")
    assert verify() is None


def test_the_submitter_may_be_that_of_the_parent(office):
    begin(office, submitter="parent")
    assert {child.submitter for child in children()} == {office.ann}


def codes(raw):
    return {finding.code for finding in check(Definition.parse(raw))}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"type": "nothing"}, "flows.E132"),
        ({"type": "trinh-ky"}, "flows.E133"),
        ({"answers": {"subject": "subject", "amount": "subject"}}, "flows.E134"),
        ({"answers": {"subject": "subject", "amount": "nothing + 1"}}, "flows.E134"),
        ({"answers": {"subject": "subject", "amount": "1 +"}}, "flows.E134"),
        ({"answers": {"subject": "subject", "amount": "1", "more": "1"}}, "flows.E134"),
        ({"answers": {"subject": "subject"}}, "flows.E135"),
        ({"of": {"departments": ["XX"]}}, "flows.E010"),
    ],
)
def test_findings(office, options, code):
    office.publish(parent_flow())
    assert code in codes(parent_flow(**options))


def test_a_circle_through_another_type(office):
    office.publish(parent_flow())
    raw = definition(
        plans(type="trinh-ky", answers={"subject": "subject", "amount": "amount"}),
        approve("ok", HEAD),
        **CHILD,
    )
    assert "flows.E133" in codes(raw)


def test_a_circle_that_came_later_stops_at_run_time(office):
    """Both versions were published before they named each other."""
    dossier = begin(office)
    child = children()[0]
    Errand.objects.create(
        kind="sub_dossier.open",
        dossier=child,
        step="plans",
        task_id=task_of(child, "ok").pk,
        payload={"type": "trinh-ky", "item": f"user:{office.ann.pk}", "submitter": "unit", "answers": {}},
    )
    assert run_errands() == 0
    assert Errand.objects.latest("pk").error
    assert Dossier.objects.filter(type=dossier.type).count() == 1


@pytest.mark.django_db(transaction=True)
def test_all_close_at_once_and_the_parent_goes_on_once():
    office = prepared()
    dossier = begin_committed(office)
    tasks = [(child, task_of(child, "ok")) for child in children()]
    results = race(
        *[lambda child=child: act(child, "ok", office.chair) for child, _task in tasks], wake_waiting
    )
    assert not [result for result in results if isinstance(result, Exception)], results
    wake_waiting()
    assert steps_of(dossier) == ["sign"]
    verbs = [entry.verb for entry in entries_for(dossier.target)]
    assert verbs.count("wait.over") == 1
    assert verify() is None


@pytest.mark.django_db(transaction=True)
def test_opening_meets_the_rejection(monkeypatch):
    """Whichever comes first, nothing is left open that a rejected dossier has wanted."""
    office = prepared()
    monkeypatch.setattr("workflows.engine.errands.wake", lambda _task: None)
    dossier = open_for(office, office.publish(parent_flow(wait_for="none")))
    reject = partial(act, dossier, "talk", office.chair, "reject", note="Không")
    results = race(run_errands, reject)
    assert not [result for result in results if isinstance(result, Exception)], results
    run_errands()
    assert not SubDossier.objects.filter(child__state__in=Dossier.OPEN).exists()
    assert verify() is None


def begin_committed(office):
    """Open a parent; its errands run after the commit by themselves."""
    assert not transaction.get_connection().in_atomic_block
    dossier = open_for(office, office.publish(parent_flow()))
    assert len(children()) == 2
    return dossier
