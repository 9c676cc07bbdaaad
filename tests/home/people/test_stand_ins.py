"""Who stands in today, and who follows somebody whose account is closed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from home.people.api import (
    Delegation,
    User,
    absences_of,
    delegations_to,
    stand_ins_for,
    successor_of,
)
from home.people.backends import OfficeBackend
from home.people.remembering import remember_while_reading
from tests.factories.people import (
    DelegationFactory,
    DepartmentFactory,
    MembershipFactory,
    UserFactory,
    make_member,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DAY = timedelta(days=1)


def close(person):
    person.is_active = False
    person.save()


def raw(*rows):
    """Store delegations as an import would: without any rule."""
    return Delegation.objects.bulk_create(rows)


# --- the stand-in --------------------------------------------------------------------------------------------


def test_nobody_stands_in_for_who_is_here():
    assert stand_ins_for(UserFactory()) is None


def test_the_stand_in_acts_from_the_first_day_to_the_last():
    row = DelegationFactory(since=TODAY() + DAY, until=TODAY() + 3 * DAY)
    found = [stand_ins_for(row.principal, on=TODAY() + n * DAY) for n in range(5)]
    assert found == [None, row.delegate, row.delegate, row.delegate, None]
    assert stand_ins_for(row.principal) is None


@pytest.mark.parametrize(
    ("given", "matter", "stands"),
    [
        ([], "", True),
        ([], "leave", True),
        (["leave"], "leave", True),
        (["leave"], "car", False),
        (["leave"], "", False),
    ],
)
def test_the_stand_in_acts_in_the_named_matters(given, matter, stands):
    row = DelegationFactory(matters=given)
    assert stand_ins_for(row.principal, matter=matter) == (row.delegate if stands else None)


def test_each_matter_has_its_own_stand_in():
    one = DelegationFactory(matters=["leave"])
    two = DelegationFactory(principal=one.principal, matters=["car"])
    assert stand_ins_for(one.principal, matter="leave") == one.delegate
    assert stand_ins_for(one.principal, matter="car") == two.delegate


def test_nothing_is_passed_on():
    first = DelegationFactory()
    DelegationFactory(principal=first.delegate)
    assert stand_ins_for(first.principal) == first.delegate


def test_who_is_gone_or_revoked_does_not_stand_in():
    row = DelegationFactory()
    close(row.delegate)
    assert stand_ins_for(row.principal) is None
    other = DelegationFactory()
    other.revoke(by=other.principal)
    assert stand_ins_for(other.principal) is None


def test_what_is_no_list_of_matters_covers_nothing():
    people = UserFactory(), UserFactory()
    raw(DelegationFactory.build(principal=people[0], delegate=people[1], matters="leave"))
    assert stand_ins_for(people[0], matter="leave") is None


# --- delegations to somebody ---------------------------------------------------------------------------------


def reader(person):
    """Return the person as a request that reads gets them."""
    found = OfficeBackend().get_user(person.pk)
    remember_while_reading(found)
    return found


def test_the_delegations_of_today_are_found_with_whom_they_are_from():
    row = DelegationFactory()
    DelegationFactory(delegate=row.delegate, since=TODAY() + DAY)
    person = User.objects.get(pk=row.delegate.pk)
    with CaptureQueriesContext(connection) as queries:
        found = delegations_to(person)
        assert [str(one.principal) for one in found] == [str(row.principal)]
        assert delegations_to(person) == [row]
    assert len(queries) == 1


def test_visitors_and_closed_accounts_stand_in_for_nobody():
    row = DelegationFactory()
    close(row.delegate)
    assert delegations_to(row.delegate) == []
    assert delegations_to(None) == []


def test_reading_costs_no_query_while_nothing_changes():
    row = DelegationFactory()
    delegations_to(reader(row.delegate))
    later = reader(row.delegate)
    with CaptureQueriesContext(connection) as queries:
        assert delegations_to(later) == [row]
    assert len(queries) == 0


def test_what_one_request_changes_on_its_copy_is_its_own():
    row = DelegationFactory()
    [mine] = delegations_to(reader(row.delegate))
    mine.reason, mine.principal.first_name = "khác", "Khác"
    mine.matters.append("car")
    [theirs] = delegations_to(reader(row.delegate))
    assert (theirs.reason, theirs.principal.first_name, theirs.matters) == ("", row.principal.first_name, [])


CHANGES = {
    "revoked": lambda row: row.revoke(by=row.principal),
    "revoked as rows": lambda row: Delegation.objects.update(revoked_at=timezone.now()),
    "given to somebody else": lambda row: _to_somebody_else(row),
    "principal gone": lambda row: close(User.objects.get(pk=row.principal.pk)),
    "principal gone with others": lambda row: User.objects.filter(pk=row.principal.pk).update(
        is_active=False
    ),
}


def _to_somebody_else(row):
    row.delegate = UserFactory()
    row.save()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_every_change_is_seen_by_the_next_request(change):
    row = DelegationFactory()
    delegate = row.delegate
    assert delegations_to(reader(delegate)) == [row]
    change(row)
    assert delegations_to(reader(delegate)) == []


def test_a_new_delegation_is_seen_by_the_next_request():
    person = UserFactory()
    DelegationFactory()
    assert delegations_to(reader(person)) == []
    row = DelegationFactory(delegate=person)
    assert delegations_to(reader(person)) == [row]


def test_a_loaded_person_sees_the_own_new_delegation():
    person = UserFactory()
    assert delegations_to(person) == []
    row = DelegationFactory(delegate=person)
    assert delegations_to(person) == [row]


def test_beginning_and_end_come_at_midnight_by_themselves(monkeypatch):
    row = DelegationFactory(since=TODAY() + DAY, until=TODAY() + DAY)
    same_object = User.objects.get(pk=row.delegate.pk)
    today = TODAY()
    seen = []
    for days in range(3):
        monkeypatch.setattr(timezone, "localdate", lambda days=days: today + days * DAY)
        seen.append((delegations_to(reader(row.delegate)) == [row], delegations_to(same_object) == [row]))
    assert seen == [(False, False), (True, True), (False, False)]


def test_other_days_can_be_asked_for():
    people = UserFactory(), UserFactory()
    past, coming = raw(
        *(
            DelegationFactory.build(principal=people[0], delegate=people[1], since=day, until=day)
            for day in (TODAY() - DAY, TODAY() + DAY)
        )
    )
    person = reader(people[1])
    assert delegations_to(person) == []
    assert delegations_to(person, TODAY() - DAY) == [past]
    assert delegations_to(person, TODAY() + DAY) == [coming]


def test_opening_an_account_again_renews_what_is_remembered():
    row = DelegationFactory()
    close(row.principal)
    assert delegations_to(reader(row.delegate)) == []
    row.principal.is_active = True
    row.principal.save(update_fields=["is_active"])
    assert delegations_to(reader(row.delegate)) == [row]


# --- who is away ---------------------------------------------------------------------------------------------


def test_who_has_handed_over_everything_is_away():
    away, partly = DelegationFactory(), DelegationFactory(matters=["leave"])
    coming = DelegationFactory(since=TODAY() + DAY)
    people = [row.principal for row in (away, partly, coming)]
    with CaptureQueriesContext(connection) as queries:
        found = absences_of(people)
        assert {pk: str(row.delegate) for pk, row in found.items()} == {away.principal_id: str(away.delegate)}
    assert len(queries) == 1
    assert absences_of([]) == {}


# --- the successor -------------------------------------------------------------------------------------------


def test_work_goes_to_the_stand_in_first():
    department = DepartmentFactory()
    make_member(department, "head")
    gone = make_member(department)
    row = DelegationFactory(principal=gone)
    close(gone)
    assert successor_of(gone) == row.delegate


def test_work_goes_along_to_the_first_who_is_there():
    first = DelegationFactory()
    second = DelegationFactory(principal=first.delegate)
    close(first.principal)
    close(first.delegate)
    assert successor_of(first.principal) == second.delegate


def test_without_a_stand_in_work_goes_to_the_head():
    department = DepartmentFactory()
    head, gone = make_member(department, "head"), make_member(department)
    DelegationFactory(principal=gone, matters=["car"])
    close(gone)
    assert successor_of(gone, matter="leave") == head


def test_work_of_a_head_goes_to_the_next_head_up():
    top = DepartmentFactory()
    middle = DepartmentFactory(parent=top)
    below = DepartmentFactory(parent=middle)
    chief, gone = make_member(top, "head"), make_member(below, "head")
    close(gone)
    assert successor_of(gone) == chief


def test_the_last_main_place_counts_when_all_have_ended():
    old, last = DepartmentFactory(), DepartmentFactory()
    make_member(old, "head")
    head = make_member(last, "head")
    gone = UserFactory(is_active=False)
    MembershipFactory(user=gone, department=old, until=TODAY() - 90 * DAY, is_primary=True)
    MembershipFactory(
        user=gone, department=last, since=TODAY() - 80 * DAY, until=TODAY() - DAY, is_primary=True
    )
    assert successor_of(gone) == head


def test_who_belonged_nowhere_has_no_successor():
    assert successor_of(UserFactory(is_active=False)) is None


def test_an_imported_circle_of_the_gone_ends_at_the_head():
    department = DepartmentFactory()
    head = make_member(department, "head")
    people = [make_member(department, is_active=False) for _ in range(3)]
    raw(*(DelegationFactory.build(principal=people[i], delegate=people[(i + 1) % 3]) for i in range(3)))
    assert [successor_of(person) for person in people] == [head] * 3


office_rows = st.fixed_dictionaries(
    {
        "active": st.lists(st.booleans(), min_size=5, max_size=5),
        "delegations": st.lists(
            st.tuples(
                st.integers(0, 4),
                st.integers(0, 4),
                st.integers(-3, 3),
                st.integers(0, 4),
                st.sampled_from([[], ["leave"], ["car"], ["car", "leave"], "leave", {"leave": 1}]),
                st.booleans(),
            ),
            max_size=12,
        ),
        "places": st.lists(
            st.tuples(
                st.integers(0, 4),
                st.integers(0, 2),
                st.sampled_from(["member", "deputy", "head"]),
                st.booleans(),
                st.one_of(st.none(), st.integers(-5, 5)),
            ),
            max_size=8,
        ),
        "closed": st.lists(st.booleans(), min_size=3, max_size=3),
        "matter": st.sampled_from(["", "leave", "car", "unknown"]),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=office_rows)
def test_whatever_rows_exist_the_successor_is_somebody_else_who_is_there(rows):
    with transaction.atomic():
        people, stored = _store(rows)
        for person in people:
            with CaptureQueriesContext(connection) as queries:
                successor = successor_of(person, matter=rows["matter"])
            assert len(queries) <= len(people) + 3
            assert successor is None or (successor.is_active and successor != person)
            if successor is None and stored:
                assert stand_ins_for(person, matter=rows["matter"]) is None
            stand_in = stand_ins_for(person, matter=rows["matter"])
            assert stand_in is None or (stand_in.is_active and stand_in != person)
        transaction.set_rollback(True)


def _store(rows):
    people = [UserFactory(is_active=active) for active in rows["active"]]
    top = DepartmentFactory(is_active=not rows["closed"][0])
    middle = DepartmentFactory(parent=top, is_active=not rows["closed"][1])
    departments = [top, middle, DepartmentFactory(parent=middle, is_active=not rows["closed"][2])]
    delegations = [
        DelegationFactory.build(
            principal=people[one],
            delegate=people[two],
            since=TODAY() + start * DAY,
            until=TODAY() + (start + length) * DAY,
            matters=matters,
            revoked_at=timezone.now() if revoked else None,
        )
        for one, two, start, length, matters, revoked in rows["delegations"]
        if one != two
    ]
    stored = raw(*delegations)
    for who, where, role, primary, until in rows["places"]:
        end = None if until is None else TODAY() + until * DAY
        try:
            MembershipFactory(
                user=people[who], department=departments[where], role=role, is_primary=primary, until=end
            )
        except ValidationError:
            continue  # a second head or main place; the rest of the office stands
    return people, stored
