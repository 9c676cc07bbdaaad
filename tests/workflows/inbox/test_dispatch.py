"""The queue of the dispatchers names the reason, and is no page for anybody else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.flows import approve, definition, open_for, task_of

ADDRESS = "/dispatch/"


@pytest.fixture
def stranded(office):
    """Return dossiers whose step finds nobody: the post is vacant, and so is the fallback."""
    office.chair.memberships.all().delete()
    office.chief.memberships.all().delete()
    office.ann.is_superuser = True
    office.ann.save()
    version = office.publish(definition(approve("sign", {"position": "chair", "department": "LD"})))
    return [open_for(office, version, by=office.tc1) for _ in range(3)]


def test_the_queue_names_dossier_step_and_reason(office, stranded, client):
    client.force_login(office.ann)
    page = client.get(ADDRESS)
    assert page.status_code == 200
    text = page.content.decode()
    for dossier in stranded:
        assert dossier.number in text
        assert f"/tasks/{task_of(dossier, 'sign').pk}/reassign/" in text
    assert "chair, Phòng LD" in text and "chief, Phòng VP" in text
    assert [row.tried[0]["why"] for row, _light, _reasons in page.context["rows"]] == ["vacant"] * 3


def test_others_find_no_such_page(office, stranded, client):
    client.force_login(office.head_tc)
    assert client.get(ADDRESS).status_code == 404
    assert ADDRESS not in client.get("/inbox/").content.decode()
    client.logout()
    assert client.get(ADDRESS).status_code == 302


def test_an_empty_queue_says_so(office, client):
    office.ann.is_superuser = True
    office.ann.save()
    client.force_login(office.ann)
    page = client.get(ADDRESS, {"page": "x"})
    assert page.status_code == 200
    assert page.context["rows"] == []


def test_it_costs_the_same_for_three_and_for_thirty(office, stranded, client):
    client.force_login(office.ann)
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as few:
        client.get(ADDRESS)
    for _ in range(12):
        open_for(office, stranded[0].version, by=office.tc1)
    with CaptureQueriesContext(connection) as many:
        client.get(ADDRESS)
    assert len(many) == len(few)
