"""Delegations: what may be saved, what is refused, and that those who are told hear of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from home.people.api import Delegation, RevokeInsteadError, delegation_changed
from tests.factories.people import DelegationFactory, UserFactory
from tests.threads import race

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DAY = timedelta(days=1)


def build(principal, delegate, **values):
    return DelegationFactory.build(principal=principal, delegate=delegate, **values)


def refusal(row, by="save"):
    """Return the field and the code of the one refusal."""
    with pytest.raises(ValidationError) as refused:
        getattr(row, by)()
    [(field, [error])] = [
        (field, errors.as_data() if hasattr(errors, "as_data") else errors)
        for field, errors in refused.value.error_dict.items()
    ]
    return field, error.code


@pytest.fixture
def people():
    return [UserFactory(first_name=name) for name in ("An", "Bình", "Chi", "Dũng")]


@pytest.mark.parametrize("by", ["save", "full_clean"])
def test_nobody_stands_in_for_themselves(people, by):
    assert refusal(build(people[0], people[0]), by) == ("delegate", "oneself")


@pytest.mark.parametrize("by", ["save", "full_clean"])
def test_the_end_comes_after_the_beginning(people, by):
    with pytest.raises(ValidationError) as refused:
        getattr(build(people[0], people[1], until=TODAY() - DAY, since=TODAY()), by)()
    assert "until" in refused.value.error_dict


def test_one_day_is_enough(people):
    build(people[0], people[1], until=TODAY()).save()
    assert Delegation.objects.get().state == "running"


def test_days_that_are_over_are_refused(people):
    with pytest.raises(ValidationError) as refused:
        build(people[0], people[1], since=TODAY() - 9 * DAY, until=TODAY() - DAY).save()
    assert "until" in refused.value.error_dict


@pytest.mark.parametrize(("closed", "field"), [(0, "__all__"), (1, "delegate")])
def test_both_people_must_work_here(people, closed, field):
    people[closed].is_active = False
    people[closed].save()
    with pytest.raises(ValidationError) as refused:
        build(people[0], people[1]).save()
    messages = refused.value.message_dict if field != "__all__" else {"__all__": refused.value.messages}
    assert field in messages


@pytest.mark.parametrize(
    ("mine", "theirs", "clash"),
    [([], [], True), ([], ["leave"], True), (["leave", "car"], ["car"], True), (["leave"], ["car"], False)],
)
def test_no_two_delegations_for_one_matter_on_one_day(people, mine, theirs, clash):
    first = build(people[0], people[1], matters=theirs)
    first.save()
    second = build(people[0], people[2], since=first.until, until=first.until + DAY, matters=mine)
    if clash:
        assert refusal(second) == ("since", "overlap")
    else:
        second.save()
    assert Delegation.objects.count() == 1 + (not clash)


def test_one_delegation_follows_the_other(people):
    first = build(people[0], people[1])
    first.save()
    build(people[0], people[2], since=first.until + DAY).save()
    assert Delegation.objects.count() == 2


def test_a_revoked_delegation_is_in_nobodys_way(people):
    first = build(people[0], people[1])
    first.save()
    first.revoke(by=people[0])
    build(people[0], people[2]).save()
    build(people[1], people[0]).save()
    assert Delegation.objects.unrevoked().count() == 2


def test_a_delegation_is_not_in_its_own_way(people):
    row = build(people[0], people[1])
    row.save()
    row.until += DAY
    row.full_clean()
    row.save()
    assert Delegation.objects.get().until == row.until


def test_two_people_do_not_stand_in_for_each_other(people):
    build(people[0], people[1]).save()
    assert refusal(build(people[1], people[0])) == ("delegate", "circle")


def test_a_longer_circle_is_refused_by_the_names(people):
    build(people[0], people[1]).save()
    build(people[1], people[2], matters=["leave", "car"]).save()
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        build(people[2], people[0], matters=["car"]).save()
    names = " → ".join(str(people[i]) for i in (2, 0, 1, 2))
    assert names in refused.value.message_dict["delegate"][0]


def test_a_circle_closes_only_on_shared_days_and_in_shared_matters(people):
    an, binh, chi, _dung = people
    build(an, binh, since=TODAY(), until=TODAY() + 2 * DAY).save()
    build(binh, chi, since=TODAY() + 2 * DAY, until=TODAY() + 5 * DAY, matters=["leave"]).save()
    build(chi, an, since=TODAY() + 3 * DAY, until=TODAY() + 4 * DAY).save()
    build(chi, an, since=TODAY(), until=TODAY() + 2 * DAY, matters=["car"]).save()
    last = build(chi, an, since=TODAY() + 2 * DAY, until=TODAY() + 2 * DAY, matters=["leave"])
    assert refusal(last) == ("delegate", "circle")


def test_checking_ends_among_imported_circles(people):
    an, binh, chi, dung = people
    Delegation.objects.bulk_create(
        [build(binh, chi), build(chi, binh), build(chi, chi.__class__(pk=binh.pk))]
    )
    build(an, binh).save()
    build(dung, an).save()
    assert refusal(build(binh, dung, matters=["x"])) == ("since", "overlap")


def test_the_database_itself_refuses_oneself_and_an_early_end(people):
    for row in (build(people[0], people[0]), build(people[0], people[1], until=date(2020, 1, 1))):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.bulk_create([row])


def test_matters_are_stored_once_each_and_in_order(people):
    row = build(people[0], people[1], matters=["leave", "car", "leave"], reason="  Đi công  tác ")
    row.save()
    assert (row.matters, row.reason) == (["car", "leave"], "Đi công tác")


def test_the_state_follows_the_days(people):
    row = build(people[0], people[1], since=date(2026, 12, 1), until=date(2026, 12, 3))
    states = [row.state_on(date(2026, 11, 30) + n * DAY) for n in range(5)]
    assert states == ["planned", "running", "running", "running", "over"]


def test_nothing_is_deleted(people):
    row = build(people[0], people[1])
    row.save()
    for delete in (row.delete, Delegation.objects.all().delete):
        with pytest.raises(RevokeInsteadError):
            delete()
    assert Delegation.objects.count() == 1


def test_revoking_twice_keeps_the_first_moment(people):
    row = build(people[0], people[1])
    row.save()
    row.revoke(by=people[0])
    first = row.revoked_at
    row.revoke(by=people[2])
    assert (row.revoked_at, row.revoked_by, row.state) == (first, people[0], "revoked")


def test_a_delegation_that_is_over_is_not_changed_but_may_be_revoked(people):
    [row] = Delegation.objects.bulk_create(
        [build(people[0], people[1], since=TODAY() - 3 * DAY, until=TODAY() - DAY)]
    )
    row.reason = "khác"
    with pytest.raises(ValidationError):
        row.save()
    row.revoke(by=people[0])
    assert Delegation.objects.get().state == "revoked"


def test_making_changing_and_revoking_are_told_after_the_commit(people, django_capture_on_commit_callbacks):
    heard = []

    def hear(sender, delegation, **kwargs):
        heard.append((sender, delegation.pk, delegation.state))

    delegation_changed.connect(hear)
    try:
        row = build(people[0], people[1])
        for act in (row.save, row.save, lambda: row.revoke(by=people[0])):
            with django_capture_on_commit_callbacks(execute=True):
                act()
                told_early = len(heard)
            assert len(heard) == told_early + 1
    finally:
        delegation_changed.disconnect(hear)
    assert heard == [(Delegation, row.pk, state) for state in ("running", "running", "revoked")]


def test_a_receiver_that_fails_does_not_undo_the_delegation(
    people, django_capture_on_commit_callbacks, caplog
):
    def fail(sender, **kwargs):
        raise RuntimeError("the engine is broken")

    delegation_changed.connect(fail)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            build(people[0], people[1]).save()
    finally:
        delegation_changed.disconnect(fail)
    assert Delegation.objects.count() == 1
    assert "the engine is broken" in caplog.text


# --- at the same moment --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_delegations_saved_at_once_one_stands():
    an, binh, chi = (UserFactory() for _ in range(3))
    results = race(*[build(an, other).save for other in (binh, chi, binh, chi)])
    refused = [result for result in results if isinstance(result, ValidationError)]
    assert (len(refused), results.count(None)) == (3, 1), results
    assert Delegation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [2, 3, 4])
def test_of_a_circle_closed_at_once_one_part_is_refused(size):
    people = [UserFactory() for _ in range(size)]
    results = race(*[build(people[i], people[(i + 1) % size]).save for i in range(size)])
    refused = [result for result in results if isinstance(result, ValidationError)]
    assert (len(refused), results.count(None)) == (1, size - 1), results


@pytest.mark.django_db(transaction=True)
def test_closing_the_account_while_delegating_leaves_no_half_truth():
    an, binh = UserFactory(), UserFactory()

    def close():
        with transaction.atomic():
            type(binh).objects.filter(pk=binh.pk).update(is_active=False)

    saved, _closed = race(build(an, binh).save, close)
    assert saved is None or "delegate" in saved.error_dict
    assert Delegation.objects.count() == (saved is None)
