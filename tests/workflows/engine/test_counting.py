"""How many tasks wait: one query, and counting stops at a hundred."""

from __future__ import annotations

import pytest

from tests.factories.flows import open_for, task_of
from workflows.engine.api import claim, count_tabs
from workflows.engine.task_counts import COUNT_LIMIT


@pytest.fixture
def three_dossiers(office, version):
    return [open_for(office, version) for _ in range(3)]


def test_own_and_claimable_tasks_are_counted_in_one_query(office, three_dossiers, django_assert_num_queries):
    claim(task_of(three_dossiers[0], "op_tc").pk, by=office.tc1)
    person = type(office.tc1).objects.get(pk=office.tc1.pk)
    with django_assert_num_queries(3):  # roles, delegations, counts
        assert count_tabs(person)[:2] == (1, 2)


def test_counting_stops_at_the_limit(office, three_dossiers, monkeypatch):
    assert COUNT_LIMIT == 100
    monkeypatch.setattr("workflows.engine.task_counts.COUNT_LIMIT", 2)
    assert count_tabs(office.tc1)[:2] == (0, 2)


def test_people_without_roles_and_people_who_left_have_nothing(office, three_dossiers):
    assert count_tabs(office.outsider)[:2] == (0, 0)
    office.tc2.is_active = False
    assert count_tabs(office.tc2)[:2] == (0, 0)
