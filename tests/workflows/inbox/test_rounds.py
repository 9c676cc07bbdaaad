"""A block inside another one runs once for each: its page says for whom, and changes that round alone."""

from __future__ import annotations

import pytest
from viewflow.workflow.models import Task

from tests.factories.flows import act, approve, definition, open_for, review
from workflows.engine.api import decide, open_rounds

INNER = {
    "id": "people",
    "kind": "each",
    "title": "Từng người",
    "of": {"people": ["tc1", "kt1"]},
    "if_lost": "continue",
    "branches": [{"steps": [review("op", "VP") | {"who": {"item": "anyone"}}]}],
}
OUTER = {
    "id": "units",
    "kind": "each",
    "title": "Các đơn vị",
    "of": {"departments": ["TC", "KT"]},
    "branches": [{"steps": [approve("plan", {"item": "head"}), INNER]}],
}


@pytest.fixture
def dossier(office):
    flow = definition(approve("lead", {"user": "vp1"}), OUTER, approve("last", {"user": "chair"}))
    found = open_for(office, office.publish(flow))
    act(found, "lead", office.vp1)
    for head in (office.head_tc, office.head_kt):
        task = Task.objects.get(owner=head, finished=None, flow_task_type="HUMAN")
        decide(task.pk, by=head, outcome="approve")
    found.refresh_from_db()
    return found


def keys(office, dossier):
    """Return the key of each round by the code of the unit around it."""
    codes = {f"dept:{unit.pk}": code for code, unit in office.departments.items()}
    return {codes[one.around[0]]: one.key for one in open_rounds(dossier, "people")}


def size(dossier, key):
    return next(len(one.participants) for one in open_rounds(dossier, "people") if one.key == key)


def test_the_page_names_the_unit_around_each_round(office, dossier, as_user):
    shown = as_user(office.head_tc).get(f"/dossiers/{dossier.pk}/").content.decode()
    found = keys(office, dossier)
    assert "(Phòng TC)" in shown
    assert "(Phòng KT)" in shown
    add = f"/dossiers/{dossier.pk}/participants/people/add/?in="
    assert f"{add}{found['TC']}" in shown
    assert f"{add}{found['KT']}" not in shown


def test_only_the_named_round_changes(office, dossier, as_user):
    found = keys(office, dossier)
    url = f"/dossiers/{dossier.pk}/participants/people/add/?in={found['TC']}"
    client = as_user(office.head_tc)
    assert "Phòng TC" in client.get(url).content.decode()
    assert client.post(url, {"to": f"user:{office.dt1.pk}"}).status_code == 302
    assert (size(dossier, found["TC"]), size(dossier, found["KT"])) == (3, 2)


@pytest.mark.parametrize("named", ["", "?in=x", "?in=999999999999", "?in=KT"])
def test_a_round_that_is_not_named_or_not_theirs_stays(office, dossier, as_user, unchanged, named):
    found = keys(office, dossier)
    query = named.replace("KT", str(found["KT"]))
    url = f"/dossiers/{dossier.pk}/participants/people/add/{query}"
    with unchanged():
        answer = as_user(office.head_tc).post(url, {"to": f"user:{office.dt1.pk}"})
    assert answer.status_code in (302, 404)
    assert {size(dossier, key) for key in found.values()} == {2}
