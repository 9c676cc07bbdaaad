"""Whose turn it is while many dossiers come at once: fair shares, and nobody waits for ever."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connection
from viewflow.workflow.models import Task

from home.audit.api import verify
from tests.factories.flows import ANSWERS, approve, definition, make_office, open_for
from tests.threads import race
from workflows.definitions.api import Definition, lint
from workflows.dossiers.api import Dossier, Register, RegisterEntry
from workflows.engine.api import BusyError, open_dossier
from workflows.steps.models import Rotation

pytestmark = pytest.mark.django_db(transaction=True)

TURN = {"round_robin": {"department": "TC"}}
LEAST = {"least_loaded": {"department": "TC"}}
#: Twenty at once wait for one lock; each is short, but SQLite lets them poll for it.
TRIES = 5


@pytest.fixture
def office():
    return make_office()


def number(step="issue", register="QD", **options):
    pattern = "{number:02d}/{year}-" + register
    found = {"id": step, "kind": "number", "title": "Cấp số", "register": register, "pattern": pattern}
    return found | {"key": f"symbol_{step}", "label": "Số"} | options


def side_by_side(*branches):
    return {
        "id": "both",
        "kind": "parallel",
        "title": "Cùng lúc",
        "branches": [{"steps": list(steps)} for steps in branches],
    }


def starter(version, by):
    """Return an act that opens a dossier; who is told that it is busy tries again, as people do."""

    def begin():
        for _try in range(TRIES - 1):
            try:
                return open_dossier(version, by=by, answers=ANSWERS)
            except BusyError:
                assert connection.vendor == "sqlite", "a deadlock, or a wait beyond the limit"
        return open_dossier(version, by=by, answers=ANSWERS)

    return begin


@pytest.mark.parametrize("rule", [TURN, LEAST], ids=["in turn", "least loaded"])
def test_twenty_dossiers_at_once_are_spread_evenly(office, rule):
    version = office.publish(definition(approve("check", rule)))
    results = race(*[starter(version, office.ann)] * 20)
    assert all(isinstance(result, Dossier) for result in results), results
    owners = Task.objects.filter(flow_task_type="HUMAN").values_list("owner__username", flat=True)
    assert sorted(Counter(owners).values()) == [6, 7, 7]
    assert set(owners) == {"tc1", "tc2", "head_tc"}
    assert len(Rotation.objects.get().asked) == 3
    assert verify() is None


def test_turns_and_numbers_never_wait_for_each_other(office):
    """One flow takes a number and then a turn, another a turn and then a number, and both in two registers."""
    first = definition(number(), number("more", "CV"), approve("check", TURN))
    second = definition(
        side_by_side([approve("check", TURN)], [number("more", "CV"), number(), approve("look", LEAST)]),
        code="khac",
        register={"code": "CV", "pattern": "{number:02d}/{year}-CV"},
    )
    third = definition(
        side_by_side([approve("look", LEAST)], [approve("check", TURN)], [number("one", "TTr")]), code="ba"
    )
    versions = [office.publish(raw) for raw in (first, second, third)]
    results = race(*[starter(version, office.ann) for version in versions * 6])
    assert all(isinstance(result, Dossier) for result in results), results
    for register in Register.objects.all():
        taken = RegisterEntry.objects.filter(register=register.code, year=register.year)
        assert sorted(taken.values_list("number", flat=True)) == list(range(1, register.last + 1))
    assert Counter(RegisterEntry.objects.values_list("register", flat=True)) == {
        "QD": 12,
        "CV": 18,
        "TTr": 18,
    }
    checks = Task.objects.filter(flow_task_type="HUMAN", flow_task__endswith=".n_check_")
    assert sorted(Counter(checks.values_list("owner", flat=True)).values()) == [6, 6, 6]
    assert verify() is None


def test_a_flow_with_one_lock_asks_nothing_beforehand(office, django_assert_max_num_queries):
    """What is locked beforehand is no cost to the flows that need no order."""
    version = office.publish(definition(approve("check", TURN)))
    open_for(office, version)
    with django_assert_max_num_queries(200) as captured:
        open_for(office, version)
    rows = [query["sql"] for query in captured.captured_queries if "steps_rotation" in query["sql"]]
    assert len([sql for sql in rows if sql.startswith("SELECT")]) == 1
    assert Register.objects.count() == 1


@pytest.mark.parametrize("rule", [TURN, LEAST])
def test_who_is_asked_in_turn_cannot_lead_a_block(office, rule):
    each = {
        "id": "units",
        "kind": "each",
        "title": "Các đơn vị",
        "of": {"departments": ["TC"]},
        "lead": rule,
        "branches": [{"steps": [approve("unit", {"item": "head"})]}],
    }
    codes = {finding.code for finding in lint(Definition.parse(definition(each)))}
    assert "flows.E044" in codes
