"""Running dossiers move to another version on purpose, one by one, and what cannot move says why."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.core.management import CommandError, call_command
from viewflow.workflow.models import Task

from home.audit.api import entries_for, verify
from tests.factories.flows import (
    act,
    approve,
    definition,
    open_for,
    opinions,
    review,
    signature_flow,
    task_of,
)
from workflows.dossiers.api import Dossier
from workflows.engine import migrating
from workflows.engine.api import (
    InvalidActError,
    NotVisibleError,
    decide,
    migrate,
    open_tasks,
    plan_migration,
    way_of,
)

CHAIR = {"position": "chair", "department": "LD"}


@pytest.fixture
def admin(office):
    office.chief.is_superuser = True
    office.chief.save()
    return office.chief


def renamed_flow():
    """Return the signature flow with another name for the last step and one more step before it."""
    raw = signature_flow()
    raw["flow"]["steps"][2]["id"] = "final"
    raw["flow"]["steps"].insert(2, approve("check", {"head_of": "VP"}))
    return raw


def at_sign(office, version):
    """Return a dossier that waits for the leader."""
    dossier = open_for(office, version)
    act(dossier, "op_tc", office.tc1, "agree")
    return act(dossier, "op_kt", office.kt1, "agree")


def test_a_dry_run_lists_every_dossier_and_changes_nothing(office, version):
    standing, asking = at_sign(office, version), open_for(office, version)
    target = office.publish(renamed_flow())
    moves = {move.dossier_id: move for move in plan_migration(version, target, {"sign": "final"})}
    assert moves[standing.pk].steps == (("sign", "final"),)
    assert [old for old, _new in moves[asking.pk].steps] == ["op_tc", "op_kt", "op_dt"]
    assert all(move.moves for move in moves.values())
    assert set(Dossier.objects.values_list("version", flat=True)) == {version.pk}


def test_a_moved_dossier_goes_on_in_the_new_flow(office, version, admin):
    dossier = at_sign(office, version)
    due_at, task = dossier.due_at, task_of(dossier, "sign")
    target = office.publish(renamed_flow())
    [move] = migrate(version, target, {"sign": "final"}, by=admin, reason="Quy chế mới")
    assert move.moves
    dossier.refresh_from_db()
    assert (dossier.version, dossier.open_steps, dossier.due_at) == (target, ["final"], due_at)
    [moved] = open_tasks(dossier)
    assert moved.pk == task.pk
    assert way_of(dossier).states["final"].state == "open"
    assert way_of(dossier).states["opinions"].state == "done"
    assert entries_for(dossier.target).last().verb == "dossier.migrated"
    decide(task.pk, by=office.chair, outcome="approve")
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.APPROVED
    assert verify() is None


def test_a_block_goes_on_gathering_votes_after_the_move(office, version, admin):
    dossier = open_for(office, version)
    act(dossier, "op_tc", office.tc1, "agree")
    target = office.publish(renamed_flow())
    assert [move.reason for move in migrate(version, target, {"sign": "final"}, by=admin)] == [""]
    dossier.refresh_from_db()
    act(dossier, "op_kt", office.kt1, "agree")
    dossier.refresh_from_db()
    assert dossier.open_steps == ["check"]


def test_what_cannot_move_says_why_and_keeps_nobody_else(office, version, admin):
    asking, standing = open_for(office, version), at_sign(office, version)
    raw = signature_flow()
    raw["flow"]["steps"][0] = opinions(
        branches=[{"steps": [review("op_tc", "TC")]}, {"steps": [review("op_kt", "KT")]}]
    )
    target = office.publish(raw)
    moves = {move.dossier_id: move for move in migrate(version, target, by=admin)}
    assert "op_dt" not in moves[asking.pk].reason
    assert "Ý kiến DT" in moves[asking.pk].reason or "Lấy ý kiến" in moves[asking.pk].reason
    assert moves[standing.pk].moves
    asking.refresh_from_db()
    standing.refresh_from_db()
    assert (asking.version, standing.version) == (version, target)
    assert {
        t.flow_task.flow_class.__name__ for t in Task.objects.filter(process__dossierprocess__dossier=asking)
    } == {version.class_name}


def test_one_that_breaks_keeps_nobody_else(office, version, admin, monkeypatch):
    broken, sound = at_sign(office, version), at_sign(office, version)
    real = migrating.rename_steps

    def breaking(dossier, renamed):
        if dossier.pk == broken.pk:
            raise KeyError("plugin")
        real(dossier, renamed)

    monkeypatch.setattr(migrating, "rename_steps", breaking)
    target = office.publish(renamed_flow())
    moves = {move.dossier_id: move for move in migrate(version, target, {"sign": "final"}, by=admin)}
    assert (moves[broken.pk].moves, moves[sound.pk].moves) == (False, True)
    broken.refresh_from_db()
    assert (broken.version, broken.open_steps) == (version, ["sign"])
    act(broken, "sign", office.chair)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ({"key": "amount", "kind": "text", "label": "Số tiền"}, "Số tiền"),
        ({"key": "basis", "kind": "text", "label": "Căn cứ", "required": True}, "Căn cứ"),
    ],
)
def test_answers_that_do_not_fit_keep_a_dossier_where_it_is(office, admin, field, words):
    raw = definition(approve("sign", CHAIR))
    version = office.publish(raw)
    open_for(office, version)
    changed = deepcopy(raw)
    fields = changed["form"]["sections"][0]["fields"]
    changed["form"]["sections"][0]["fields"] = [one for one in fields if one["key"] != field["key"]] + [field]
    target = office.publish(changed)
    [move] = migrate(version, target, by=admin)
    assert not move.moves
    assert words in move.reason


def test_new_clocks_only_when_asked(office, admin):
    raw = definition(approve("sign", CHAIR, days=5), days=10)
    version = office.publish(raw)
    first = open_for(office, version)
    before = task_of(first, "sign").scheduled
    shorter = office.publish(definition(approve("sign", CHAIR, days=2), days=4))
    list(migrate(version, shorter, by=admin))
    first.refresh_from_db()
    due_at = first.due_at
    assert task_of(first, "sign").scheduled == before
    back = list(migrate(shorter, version, by=admin, new_clocks=False))
    assert back[0].moves
    list(migrate(version, shorter, by=admin, new_clocks=True))
    first.refresh_from_db()
    assert first.due_at < due_at
    assert task_of(first, "sign").scheduled < before


def test_only_administrators_move_and_only_within_a_type(office, version):
    other = office.publish(definition(approve("sign", CHAIR), code="khac"))
    with pytest.raises(NotVisibleError):
        list(migrate(version, version, by=office.ann))
    with pytest.raises(InvalidActError):
        list(plan_migration(version, other))
    with pytest.raises(InvalidActError):
        list(plan_migration(version, office.publish(renamed_flow()), {"nothing": "final"}))


def test_the_command_looks_first_and_moves_when_told(office, version, admin, capsys):
    dossier = at_sign(office, version)
    office.publish(renamed_flow())
    words = ["trinh-ky", "--from", "1", "--to", "2"]
    with pytest.raises(CommandError, match="1 dossiers stay"):
        call_command("migrate_dossiers", *words)
    call_command("migrate_dossiers", *words, "--map", "sign=final")
    assert "sign → final" in capsys.readouterr().out
    dossier.refresh_from_db()
    assert dossier.version == version
    call_command("migrate_dossiers", *words, "--map", "sign=final", "--execute", "--by", "chief")
    dossier.refresh_from_db()
    assert dossier.version.number == 2
