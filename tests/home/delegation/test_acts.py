"""The acts: who may, what is refused, what is recorded, and that the same twice is one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from home.audit.api import Entry, entries_for
from home.delegation.api import delegate, give_authority, revoke, revoke_authority
from home.people.api import ADMIN_GROUP, Delegation, MatterSource, SigningAuthority, matters, stand_ins_for
from tests.factories.people import DelegationFactory, SigningAuthorityFactory, UserFactory
from tests.threads import race

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
WEEK = timedelta(days=6)
LEAVE = MatterSource(code="office", label=lambda: [("leave", "Nghỉ phép"), ("car", "Xe công")])


@pytest.fixture
def an():
    return UserFactory(first_name="An")


@pytest.fixture
def binh():
    return UserFactory(first_name="Bình")


@pytest.fixture
def admin():
    person = UserFactory(first_name="Quản trị")
    person.groups.add(Group.objects.get_or_create(name=ADMIN_GROUP)[0])
    return person


@pytest.fixture(autouse=True)
def known():
    with matters.override(LEAVE, without=matters.codes()):
        yield


def give(an, binh, by=None, **values):
    days = {"since": TODAY(), "until": TODAY() + WEEK}
    return delegate(by=by or an, principal=an, delegate=binh, **{**days, **values})


def sign(admin, an, binh, **values):
    return give_authority(
        **{"by": admin, "holder": binh, "on_behalf_of": an, "capacity": "KT", "since": TODAY(), **values}
    )


def test_a_delegation_holds_and_is_recorded(an, binh):
    row = give(an, binh, matters=["leave", "leave"], reason=" Nghỉ  phép ")
    assert stand_ins_for(an, matter="leave") == binh and stand_ins_for(an, matter="car") is None
    [entry] = entries_for(f"delegation:{row.pk}")
    assert (entry.verb, entry.by, row.made_by) == ("delegation.made", an, an)
    assert entry.data["matters"] == row.matters == ["leave"]
    assert (entry.data["principal"], entry.data["delegate"]) == (an.pk, binh.pk)


def test_the_same_again_is_the_same_row_and_one_entry(an, binh):
    first, second = give(an, binh, reason="Phép"), give(an, binh, reason=" Phép")
    assert first == second
    assert Delegation.objects.count() == Entry.objects.count() == 1


def test_something_else_on_the_same_days_is_refused_and_leaves_no_entry(an, binh):
    give(an, binh)
    with pytest.raises(ValidationError) as refused:
        give(an, UserFactory())
    assert "since" in refused.value.error_dict
    assert Delegation.objects.count() == Entry.objects.count() == 1


def test_after_a_revocation_the_same_can_be_given_again(an, binh):
    first = give(an, binh)
    revoke(first.pk, by=an)
    assert give(an, binh) != first


def test_matters_that_nobody_knows_are_refused(an, binh):
    with pytest.raises(ValidationError) as refused:
        give(an, binh, matters=["leave", "treasure"])
    assert refused.value.message_dict.keys() == {"matters"} and "treasure" in str(refused.value)
    assert not Delegation.objects.exists()


def test_an_administrator_delegates_for_somebody_who_fell_ill(an, binh, admin):
    row = give(an, binh, by=admin)
    assert (row.made_by, row.principal) == (admin, an)
    assert entries_for(f"delegation:{row.pk}").get().by == admin


def test_nobody_delegates_for_somebody_else(an, binh):
    for stranger in (binh, UserFactory(), UserFactory(is_superuser=True, is_active=False)):
        with pytest.raises(PermissionDenied):
            give(an, binh, by=stranger)
    assert not Delegation.objects.exists() and not Entry.objects.exists()


def test_who_gave_it_and_administrators_revoke_it_once(an, binh, admin):
    for by in (an, admin):
        row = give(an, binh)
        revoke(row.pk, by=by)
        revoke(row.pk, by=by)
        row.refresh_from_db()
        assert (row.state, row.revoked_by) == ("revoked", by)
        assert [e.verb for e in entries_for(f"delegation:{row.pk}")] == [
            "delegation.made",
            "delegation.revoked",
        ]
        assert stand_ins_for(an) is None


def test_the_stand_in_may_not_revoke_and_strangers_do_not_find_it(an, binh):
    row = give(an, binh)
    with pytest.raises(PermissionDenied):
        revoke(row.pk, by=binh)
    with pytest.raises(Delegation.DoesNotExist):
        revoke(row.pk, by=UserFactory())
    row.refresh_from_db()
    assert row.state == "running" and Entry.objects.count() == 1


def test_what_is_over_is_not_revoked(an, binh):
    row = DelegationFactory(principal=an, delegate=binh)
    Delegation.objects.filter(pk=row.pk).update(since=TODAY() - 2 * WEEK, until=TODAY() - timedelta(days=1))
    with pytest.raises(ValidationError):
        revoke(row.pk, by=an)
    assert not Entry.objects.exists()


def test_an_authority_is_given_once_and_recorded(an, binh, admin):
    row = sign(admin, an, binh)
    assert sign(admin, an, binh) == row
    [entry] = entries_for(f"authority:{row.pk}")
    assert (entry.verb, entry.by, entry.data["capacity"]) == ("authority.given", admin, "KT")
    assert SigningAuthority.objects.count() == 1


def test_the_rules_of_authorities_hold_for_the_act(an, binh, admin):
    with pytest.raises(ValidationError) as refused:
        sign(admin, an, binh, capacity="TUQ")
    assert refused.value.error_dict.keys() == {"until", "document", "matters"}
    with pytest.raises(ValidationError):
        sign(admin, an, binh, matters=["treasure"])
    assert not SigningAuthority.objects.exists() and not Entry.objects.exists()


def test_only_administrators_give_and_revoke_authorities(an, binh, admin):
    row = SigningAuthorityFactory()
    for person in (an, binh, row.holder, row.on_behalf_of):
        with pytest.raises(PermissionDenied):
            sign(person, an, binh)
        with pytest.raises(PermissionDenied):
            revoke_authority(row.pk, by=person)
    row.refresh_from_db()
    assert row.state == "running" and not Entry.objects.exists()
    revoke_authority(row.pk, by=admin)
    revoke_authority(row.pk, by=admin)
    row.refresh_from_db()
    assert (row.state, row.revoked_by) == ("revoked", admin)
    assert Entry.objects.get().verb == "authority.revoked"


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_make_one_row(an, binh):
    rows = race(*[lambda: give(an, binh)] * 3)
    assert [getattr(row, "pk", row) for row in rows] == [Delegation.objects.get().pk] * 3
    assert Entry.objects.count() == 1
    done = race(*[lambda: revoke(rows[0].pk, by=an)] * 3)
    assert [getattr(row, "pk", row) for row in done] == [rows[0].pk] * 3
    assert Entry.objects.count() == 2
