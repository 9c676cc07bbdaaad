"""Before a publication it is told what it means for the dossiers that run."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.audit.api import entries_for
from tests.counting import statements, writes
from tests.factories.flows import act, approve, open_for, signature_flow
from workflows.definitions.api import Definition, publish
from workflows.dossiers.api import DossierType
from workflows.engine.api import NotVisibleError, impact, migrate


def changed(*drop, **changes):
    """Return the signature flow without some of its steps."""
    raw = signature_flow(**changes)
    raw["flow"]["steps"] = [step for step in raw["flow"]["steps"] if step["id"] not in drop]
    return Definition.parse(raw)


def at_sign(office, version):
    dossier = open_for(office, version)
    act(dossier, "op_tc", office.tc1, "agree")
    return act(dossier, "op_kt", office.kt1, "agree")


def test_it_says_how_many_run_and_where_they_stand(office, version):
    at_sign(office, version)
    at_sign(office, version)
    open_for(office, version)
    found = impact(changed("sign"), version.type)
    [running] = found.running
    assert (running.version, running.count, found.count) == (version, 3, 3)
    assert [(one.step, one.count) for one in running.standing] == [
        ("op_tc", 1),
        ("op_kt", 1),
        ("op_dt", 1),
        ("sign", 2),
    ]
    assert [one.step for one in running.stuck] == ["sign"]
    assert found.words() == [
        "3 hồ sơ đang chạy trên phiên bản 1 và tiếp tục theo phiên bản đó.",
        "Trong đó 2 hồ sơ đang ở “Duyệt sign”. Hồ sơ đang ở bước “Duyệt sign” mà phiên bản mới không có.",
    ]


def test_nobody_is_stuck_when_the_steps_stay(office, version):
    open_for(office, version)
    found = impact(changed("tell"), version.type)
    assert [one.stuck for one in found.running] == [[]]
    assert len(found.words()) == 1


def test_versions_are_told_apart_and_closed_dossiers_left_out(office, version):
    old, done = open_for(office, version), at_sign(office, version)
    act(done, "sign", office.chair)
    second = office.publish(signature_flow(days=9))
    at_sign(office, second)
    found = impact(changed("opinions"), version.type)
    assert [(one.version, one.count) for one in found.running] == [(second, 1), (version, 1)]
    assert [one.stuck != [] for one in found.running] == [False, True]
    assert old.version == version


def test_a_question_of_another_kind_keeps_all(office, version):
    open_for(office, version)
    raw = signature_flow()
    raw["form"]["sections"][0]["fields"][2]["kind"] = "text"
    [running] = impact(Definition.parse(raw), version.type).running
    assert "Lý do" in running.trouble


def test_a_new_type_has_no_impact(office):
    assert impact(changed(), None).words() == impact(changed(), DossierType(pk=0)).words()


def test_the_number_of_queries_does_not_grow(office, version):
    new = changed("sign")

    def cost():
        with CaptureQueriesContext(connection) as capture:
            impact(new, version.type)
        assert not writes(statements(capture))
        return len(statements(capture))

    at_sign(office, version)
    first = cost()
    for _number in range(4):
        at_sign(office, version)
    open_for(office, office.publish(signature_flow(days=9)))
    assert (first, cost()) == (3, 3)


def test_a_publication_says_why(office):
    version = publish(changed(), by=office.chief, note="Theo Quyết định 12\x00")
    assert version.note == "Theo Quyết định 12"
    [entry] = entries_for(f"dossier-type:{version.type_id}")
    assert entry.data["note"] == version.note


def test_who_else_may_move_dossiers_is_said_by_the_caller(office, version):
    dossier = open_for(office, version)
    target = office.publish(signature_flow(days=9))
    with pytest.raises(NotVisibleError):
        list(migrate(version, target, by=office.vp1))
    [move] = migrate(version, target, by=office.vp1, may=lambda user: user == office.vp1)
    assert move.moves
    dossier.refresh_from_db()
    assert dossier.version == target


def test_a_step_of_another_kind_keeps_its_dossiers(office, version):
    at_sign(office, version)
    raw = signature_flow()
    raw["flow"]["steps"][2] = {"id": "sign", "kind": "notify", "title": "x", "to": [{"submitter": True}]}
    raw["flow"]["steps"].append(approve("last", {"head_of": "LD"}))
    [running] = impact(Definition.parse(raw), version.type).running
    assert [one.step for one in running.stuck] == ["sign"]
