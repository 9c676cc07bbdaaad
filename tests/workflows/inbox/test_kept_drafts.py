"""What is typed on a task is kept while it is typed, for its author alone."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.flows import act, open_for, task_of
from workflows.engine.api import draft_of


@pytest.fixture
def dossier(office, version):
    return open_for(office, version)


def keep(client, dossier, note):
    return client.post(f"/tasks/{task_of(dossier, 'op_tc').pk}/draft/", {"note": note})


def test_what_is_typed_is_there_again_on_another_device_and_only_for_its_author(office, dossier, as_user):
    answer = keep(as_user(office.tc1), dossier, "Đang xem")
    assert answer.status_code == 200 and "Đã lưu nháp" in answer.content.decode()
    url = f"/tasks/{task_of(dossier, 'op_tc').pk}/"
    assert "Đang xem</textarea>" in as_user(office.tc1).get(url).content.decode()
    assert "Đang xem" not in as_user(office.tc2).get(url).content.decode()
    keep(as_user(office.tc1), dossier, "")
    assert draft_of(task_of(dossier, "op_tc").pk, office.tc1) is None


def test_one_that_is_too_long_is_refused_and_the_last_one_stays(office, dossier, as_user):
    keep(as_user(office.tc1), dossier, "Đang xem")
    answer = keep(as_user(office.tc1), dossier, "x" * 5_001)
    assert "5000" in answer.content.decode()
    assert draft_of(task_of(dossier, "op_tc").pk, office.tc1).note == "Đang xem"


def test_a_decision_uses_the_draft_up(office, dossier, as_user):
    keep(as_user(office.tc1), dossier, "Đang xem")
    act(dossier, "op_tc", office.tc1, "agree")
    assert draft_of(task_of(dossier, "op_tc").pk, office.tc1) is None


def test_an_outsider_keeps_nothing(office, dossier, as_user, unchanged):
    with unchanged():
        assert keep(as_user(office.outsider), dossier, "x").status_code == 404
        assert "/login" in keep(Client(), dossier, "x")["Location"]
    assert draft_of(task_of(dossier, "op_tc").pk, office.outsider) is None
