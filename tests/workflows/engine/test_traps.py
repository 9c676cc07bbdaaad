"""The traps of viewflow 2.4 (VIEWFLOW.md), each closed: what stock viewflow would do is named in the test."""

from __future__ import annotations

import pytest
from django.db.models import ProtectedError
from django.urls import NoReverseMatch
from viewflow.workflow.models import Process, Task

from home.forms.api import submit
from home.people.api import DeletionRefusedError, Membership
from tests.factories.flows import act, approve, definition, open_for, task_of
from tests.factories.forms import StoredFileFactory
from workflows.dossiers.api import Dossier
from workflows.engine.api import (
    ConflictError,
    InvalidActError,
    NotVisibleError,
    claim,
    decide,
    my_tasks,
    release,
    withdraw,
)


@pytest.fixture
def dossier(office, version):
    return open_for(office, version)


def snapshot(dossier):
    """Return everything that an act could change."""
    tasks = Task.objects.filter(process__dossierprocess__dossier=dossier)
    row = Dossier.objects.filter(pk=dossier.pk).values().get()
    return row, list(tasks.order_by("pk").values("pk", "status", "owner_id", "data"))


def test_deciding_twice_names_who_decided_and_when(office, dossier):
    act(dossier, "op_tc", office.tc1, "agree")
    before = snapshot(dossier)
    with pytest.raises(ConflictError) as caught:
        act(dossier, "op_tc", office.tc2, "disagree", note="Không")
    conflict = caught.value
    assert (conflict.reason, conflict.by, conflict.outcome) == ("decided", office.tc1, "agree")
    assert conflict.at is not None
    assert snapshot(dossier) == before


def test_claiming_what_a_colleague_has_names_the_colleague(office, dossier):
    task = task_of(dossier, "op_tc")
    claim(task.pk, by=office.tc1)
    with pytest.raises(ConflictError) as caught:
        claim(task.pk, by=office.tc2)
    assert (caught.value.reason, caught.value.by) == ("claimed", office.tc1)


def test_a_claimed_task_is_only_its_owners(office, dossier):
    claim(task_of(dossier, "op_tc").pk, by=office.tc1)
    with pytest.raises(ConflictError):
        act(dossier, "op_tc", office.tc2, "agree")


def test_a_released_task_is_open_to_its_pool_again_and_to_nobody_else(office, dossier):
    """Stock: a revived task has neither owner nor permission, and is open to everybody."""
    task = claim(task_of(dossier, "op_tc").pk, by=office.tc1)
    release(task.pk, by=office.tc1)
    with pytest.raises(NotVisibleError):
        claim(task.pk, by=office.outsider)
    with pytest.raises(ConflictError):
        claim(task.pk, by=office.kt1)
    assert claim(task.pk, by=office.tc2).owner == office.tc2


def test_nobody_outside_the_pool_can_act_on_it(office, dossier):
    """Stock: no owner and no permission means that anyone may claim."""
    before = snapshot(dossier)
    with pytest.raises(NotVisibleError):
        act(dossier, "op_tc", office.outsider, "agree")
    with pytest.raises(ConflictError):
        act(dossier, "op_tc", office.ann, "agree")
    assert snapshot(dossier) == before


def test_a_role_that_was_lost_after_claiming_is_asked_again(office, dossier):
    """Stock: execution asks for the owner only."""
    claim(task_of(dossier, "op_tc").pk, by=office.tc1)
    Membership.objects.filter(user=office.tc1).delete()
    person = type(office.tc1).objects.get(pk=office.tc1.pk)
    with pytest.raises(ConflictError) as caught:
        act(dossier, "op_tc", person, "agree")
    assert caught.value.reason == "not_yours"


def test_a_deactivated_person_can_do_nothing(office, dossier):
    claim(task_of(dossier, "op_tc").pk, by=office.tc1)
    office.tc1.is_active = False
    office.tc1.save()
    with pytest.raises(NotVisibleError):
        act(dossier, "op_tc", office.tc1, "agree")


def test_a_vacant_post_falls_back(office):
    raw = definition(approve("sign", {"position": "chair", "department": "LD"}))
    Membership.objects.filter(user=office.chair).delete()
    dossier = open_for(office, office.publish(raw))
    task = task_of(dossier, "sign")
    assert (task.owner, task.data["why"]) == (office.chief, "fallback:position")


def test_when_nobody_is_left_the_dispatchers_get_it(office):
    raw = definition(approve("sign", {"position": "chair", "department": "LD"}))
    version = office.publish(raw)
    Membership.objects.filter(user__in=[office.chair, office.chief]).delete()
    dossier = open_for(office, version)
    task = task_of(dossier, "sign")
    assert (task.owner, task.owner_permission, task.data["why"]) == (None, "dispatch", "vacant")
    office.outsider.is_superuser = True
    office.outsider.save()
    administrator = type(office.outsider).objects.get(pk=office.outsider.pk)
    assert act(dossier, "sign", administrator).state == Dossier.State.APPROVED


def test_a_deleted_user_would_take_history_along_so_deletion_is_refused(office, dossier):
    """Stock: `Task.owner` is CASCADE."""
    act(dossier, "op_tc", office.tc1, "agree")
    with pytest.raises((DeletionRefusedError, ProtectedError)):
        office.tc1.delete()
    assert task_of(dossier, "op_tc").owner == office.tc1


def test_titles_are_never_compiled_as_templates(office):
    """Stock: `task.brief` renders the title as a Django template."""
    raw = definition(approve("sign", {"position": "chair", "department": "LD"}))
    evil = "{{ task.process.flow_class.definition }}{{ 7|add:7 }}<b>"
    raw["flow"]["steps"][0]["title"] = evil
    dossier = open_for(office, office.publish(raw))
    task = task_of(dossier, "sign")
    assert task.brief == "n_sign_"
    assert Process.objects.get(pk=task.process_id).brief == str(task.process_id)
    assert my_tasks(office.chair)[0].title == evil


def test_viewflow_itself_has_no_addresses(office, dossier):
    task = task_of(dossier, "op_tc")
    for action in ("execute", "assign", "index", "cancel", "undo", "revive"):
        with pytest.raises(NoReverseMatch):
            task.reverse(action)


def test_nobody_decides_on_their_own_dossier(office, version):
    dossier = open_for(office, version, by=office.tc1)
    with pytest.raises(InvalidActError, match=r"[Oo]wn|mình"):
        act(dossier, "op_tc", office.tc1, "agree")
    act(dossier, "op_tc", office.tc2, "agree")


def test_a_head_who_submits_is_decided_upon_by_the_next_head(office):
    raw = definition(approve("head", {"head_of": "submitter"}))
    version = office.publish(raw)
    assert task_of(open_for(office, version), "head").owner == office.head_dt
    assert task_of(open_for(office, version, by=office.head_dt), "head").owner == office.chair


def test_unknown_outcomes_and_missing_reasons_change_nothing(office, dossier):
    before = snapshot(dossier)
    task = task_of(dossier, "op_tc")
    for outcome, note, field in (
        ("aprove", "", "outcome"),
        ("disagree", "  ", "note"),
        ("agree", "x" * 5001, "note"),
    ):
        with pytest.raises(InvalidActError) as caught:
            decide(task.pk, by=office.tc1, outcome=outcome, note=note)
        assert caught.value.field == field
    assert snapshot(dossier) == before


def test_only_the_submitter_withdraws_and_only_while_it_runs(office, dossier):
    with pytest.raises(NotVisibleError):
        withdraw(dossier.pk, by=office.outsider, reason="x")
    with pytest.raises(ConflictError):
        withdraw(dossier.pk, by=office.tc1, reason="x")
    with pytest.raises(InvalidActError):
        withdraw(dossier.pk, by=office.ann, reason=" ")
    withdraw(dossier.pk, by=office.ann, reason="Đổi ý")
    dossier.refresh_from_db()
    assert (dossier.state, dossier.open_steps) == (Dossier.State.WITHDRAWN, [])
    assert not Task.objects.filter(process__dossierprocess__dossier=dossier, finished=None).exists()
    with pytest.raises(ConflictError):
        withdraw(dossier.pk, by=office.ann, reason="Lần nữa")
    with pytest.raises(ConflictError) as caught:
        act(dossier, "op_tc", office.tc1, "agree")
    assert caught.value.reason == "closed"


def test_a_join_that_was_decided_leaves_nothing_armed(office, dossier):
    act(dossier, "op_tc", office.tc1, "agree")
    act(dossier, "op_kt", office.kt1, "agree")
    with pytest.raises(ConflictError) as caught:
        act(dossier, "op_dt", office.dt1, "agree")
    assert caught.value.reason == "closed"
    assert Task.objects.filter(process__dossierprocess__dossier=dossier, finished=None).count() == 1


def test_naming_the_file_of_another_dossier_does_not_take_it_away_from_there(office):
    """The ids of kept files come from the browser; the file of a closed dossier stays where it is."""
    raw = definition(approve("sign", {"position": "chair", "department": "LD"}))
    raw["form"]["sections"][0]["fields"].append({"key": "files", "kind": "file", "label": "Tệp"})
    version = office.publish(raw)
    stored = StoredFileFactory(uploaded_by=office.ann, holder_kind="", holder_id="")
    given = {"files": [{"id": str(stored.pk), "name": stored.name, "size": stored.size, "type": "x"}]}

    def send(key):
        answers = {"subject": "Tờ trình", "amount": 1, **given}
        context = {"version": version.pk}
        return submit(
            version.schema,
            by=office.ann,
            answers=answers,
            handler="dossier",
            source="t",
            key=key,
            context=context,
        )

    send("first")
    first = Dossier.objects.get()
    stored.refresh_from_db()
    assert (stored.holder_kind, stored.holder_id) == ("dossier", str(first.pk))
    send("second")
    assert Dossier.objects.count() == 2
    stored.refresh_from_db()
    assert (stored.holder_kind, stored.holder_id) == ("dossier", str(first.pk))
