"""A query whose SQL is built once gives what the query itself gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.people.api import Department, Membership, User, people_with_role, places_held
from plugins.api.api import Prepared
from tests.factories.flows import make_office

pytestmark = pytest.mark.django_db
EXAMPLE = 9_007_199_254_740_991


def test_it_gives_whole_rows_with_what_is_loaded_along():
    office = make_office()
    query = Prepared(
        lambda pk: Membership.objects.filter(user=pk).select_related("user", "department"), EXAMPLE
    )
    for person in (office.chair, office.tc1, office.chair):
        expected = list(Membership.objects.filter(user=person).select_related("user", "department"))
        found = query.all(person.pk)
        assert found == expected
        with CaptureQueriesContext(connection) as asked:
            assert [row.department.name for row in found] == [row.department.name for row in expected]
            assert [row.user.date_joined for row in found] == [row.user.date_joined for row in expected]
        assert len(asked) == 0


def test_rows_that_refer_to_one_row_share_its_object():
    office = make_office()
    unit = office.departments["TC"]
    query = Prepared(
        lambda pk: Membership.objects.filter(department=pk).select_related("department", "position", "user"),
        EXAMPLE,
    )
    found = query.all(unit.pk)
    assert len(found) > 1
    assert {id(row.department) for row in found} == {id(found[0].department)}
    assert found[0].department == unit
    assert {row.user for row in found} == {office.head_tc, office.tc1, office.tc2}
    assert query.all(unit.pk)[0].department is not found[0].department
    successors = Prepared(lambda pk: Department.objects.filter(pk=pk).select_related("successor"), EXAMPLE)
    assert [row.successor for row in successors.all(unit.pk)] == [None]


def test_values_are_values_and_never_sql():
    office = make_office()
    query = Prepared(lambda name: User.objects.filter(username=name), "example")
    assert query.first("tc1") == office.tc1
    assert query.first("tc1' OR '1'='1") is None
    assert query.first("%s") is None


def test_an_example_that_is_no_parameter_is_refused():
    query = Prepared(lambda pk: User.objects.all(), EXAMPLE)
    with pytest.raises(ValueError, match="no parameter"):
        query.all(1)


def test_a_day_finds_the_memberships_that_hold_on_it():
    office = make_office()
    place = office.tc1.memberships.get()
    query = Prepared(lambda day, pk: Membership.objects.on(day).filter(user=pk), date(1900, 1, 1), EXAMPLE)
    place.since, place.until = date(2026, 3, 1), date(2026, 3, 31)
    place.save()
    assert query.all(date(2026, 3, 31), office.tc1.pk) == [place]
    assert query.all(date(2026, 4, 1), office.tc1.pk) == []


def test_the_holders_of_places_are_asked_by_any_columns():
    office = make_office()
    unit = office.departments["TC"]
    assert {place.user for place in places_held(department=unit.pk)} == {
        office.head_tc,
        office.tc1,
        office.tc2,
    }
    assert [place.user for place in places_held(department__code="TC", position__code="head")] == [
        office.head_tc
    ]
    assert people_with_role(f"head:{unit.pk}") == [office.head_tc]
    office.tc1.is_active = False
    office.tc1.save()
    assert {place.user for place in places_held(department=unit.pk)} == {office.head_tc, office.tc2}


def test_columns_of_several_queries_put_together_are_given_as_tuples():
    office = make_office()
    query = Prepared(
        lambda pk: (
            Membership.objects.filter(user=pk)
            .order_by()
            .values_list("department_id", "role")
            .union(User.objects.filter(pk=pk).order_by().values_list("pk", "username"), all=True)
        ),
        EXAMPLE,
    )
    place = office.tc1.memberships.get()
    assert sorted(query.rows(office.tc1.pk)) == sorted(
        [(place.department_id, place.role), (office.tc1.pk, "tc1")]
    )
    assert query.rows(0) == []


def test_a_moment_is_compared_as_the_database_keeps_it():
    office = make_office()
    now = timezone.now()
    query = Prepared(
        lambda at: User.objects.filter(date_joined__lte=at, username="tc1"), datetime(1900, 1, 1, tzinfo=UTC)
    )
    assert query.all(now + timedelta(seconds=1)) == [office.tc1]
    assert query.all(now - timedelta(days=1)) == []
