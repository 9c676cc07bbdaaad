"""Who may start which dossier types, and what asking costs."""

from __future__ import annotations

import pytest

from home.people.api import User
from tests.counting import listed, statements
from tests.factories.flows import approve, definition
from workflows.engine.api import startable_by


def restricted(office, number: int, *departments: str) -> None:
    for n in range(number):
        raw = definition(
            approve("sign", {"head_of": "submitter"}),
            code=f"han-che-{'-'.join(departments).lower()}-{n}",
            start={"departments": list(departments)},
        )
        office.publish(raw)


def codes(person: User) -> list[str]:
    return sorted(kind.code for kind in startable_by(User.objects.get(pk=person.pk)))


def test_a_type_for_departments_is_offered_to_them_and_to_what_is_below_them(office):
    restricted(office, 1, "TC")
    restricted(office, 1, "LD")
    assert codes(office.tc1) == ["han-che-ld-0", "han-che-tc-0"]
    assert codes(office.kt1) == ["han-che-ld-0"]
    assert codes(office.outsider) == []
    User.objects.filter(pk=office.tc1.pk).update(is_active=False)
    assert codes(office.tc1) == []


@pytest.mark.parametrize("number", [1, 12])
def test_asking_costs_three_queries_whatever_the_number_of_restricted_types(office, number):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    restricted(office, number, "TC")
    codes(office.tc1)
    person = User.objects.get(pk=office.tc1.pk)
    with CaptureQueriesContext(connection) as capture:
        assert len(startable_by(person)) == number
    assert len(statements(capture)) == 3, listed(statements(capture))
