"""Authorities to sign: KT., TL. and TUQ. (Decree 30/2020/NĐ-CP, article 13)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from home.people.api import (
    AuthorityError,
    RevokeInsteadError,
    SigningAuthority,
    authorities_of,
    check_authority,
)
from tests.factories.people import (
    DepartmentFactory,
    MembershipFactory,
    PositionFactory,
    SigningAuthorityFactory,
    UserFactory,
)
from tests.threads import race

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DAY = timedelta(days=1)


def make(**values):
    return SigningAuthorityFactory(**values)


def build(**values):
    given = {"holder": None, "on_behalf_of": None} | values
    return SigningAuthorityFactory.build(
        **{k: v or UserFactory() if k in {"holder", "on_behalf_of"} else v for k, v in given.items()}
    )


def refused(row, field, code=None, by="save"):
    with pytest.raises(ValidationError) as error:
        getattr(row, by)()
    assert field in error.value.error_dict, error.value
    if code is not None:
        assert error.value.error_dict[field][0].code == code


def reason(authority, user=None, matter="leave", **more):
    """Return why an authority is refused, or "" where it holds."""
    try:
        assert check_authority(authority.pk, user or authority.holder, matter=matter, **more) == authority
    except AuthorityError as error:
        assert error.message
        return error.reason_code
    return ""


# --- what may be saved ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["save", "full_clean"])
def test_nobody_signs_for_themselves(by):
    person = UserFactory()
    refused(build(holder=person, on_behalf_of=person), "on_behalf_of", "oneself", by)


@pytest.mark.parametrize("by", ["save", "full_clean"])
@pytest.mark.parametrize(("field", "value"), [("until", None), ("document", " "), ("matters", [])])
def test_an_authorisation_is_written_and_limited_in_time_and_content(field, value, by):
    refused(build(capacity="TUQ", **{field: value}), field, by=by)


def test_the_other_capacities_may_be_open():
    assert [make(capacity=capacity).until for capacity in ("KT", "TL")] == [None, None]


def test_the_end_is_not_before_the_beginning_and_not_over():
    refused(build(until=TODAY() - DAY), "until")
    refused(build(since=TODAY() + 2 * DAY, until=TODAY() + DAY), "until")


@pytest.mark.parametrize("field", ["holder", "on_behalf_of"])
def test_both_people_must_work_here(field):
    refused(build(**{field: UserFactory(is_active=False)}), field, "inactive")


def test_the_represented_position_must_be_held():
    chair = PositionFactory(name="Chủ tịch")
    person = UserFactory()
    refused(build(on_behalf_of=person, position=chair), "position", "post")
    MembershipFactory(user=person, position=chair)
    build(on_behalf_of=person, position=chair).save()


def test_the_database_itself_keeps_the_frame():
    person = UserFactory()
    for row in (
        build(holder=person, on_behalf_of=person),
        build(until=TODAY() - 400 * DAY),
        build(capacity="TUQ", until=None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SigningAuthority.objects.bulk_create([row])


def test_an_authority_is_revoked_and_never_deleted():
    row = make()
    with pytest.raises(RevokeInsteadError):
        row.delete()
    row.revoke(by=row.on_behalf_of)
    assert (row.state, reason(row)) == ("revoked", "revoked")


# --- given on ------------------------------------------------------------------------------------------------


@pytest.fixture
def received():
    return make(capacity="TUQ", matters=["leave", "car"])


def test_what_was_given_by_authorisation_is_not_given_on(received):
    refused(build(capacity="TUQ", on_behalf_of=received.holder), "on_behalf_of", "passed_on")
    refused(build(capacity="TUQ", on_behalf_of=received.holder), "on_behalf_of", "passed_on", by="full_clean")


def test_the_order_in_which_they_are_saved_does_not_matter():
    first = make(capacity="TUQ")
    refused(build(capacity="TUQ", holder=first.on_behalf_of), "holder", "passed_on")


@pytest.mark.parametrize(
    "other",
    [
        {"matters": ["room"]},
        {"since": TODAY() + 60 * DAY, "until": TODAY() + 61 * DAY},
        {"capacity": "KT", "matters": []},
    ],
    ids=["other matter", "other days", "deputy of the own post"],
)
def test_what_is_not_the_same_authority_may_be_given(received, other):
    build(**{"capacity": "TUQ", "on_behalf_of": received.holder, **other}).save()
    assert SigningAuthority.objects.count() == 2


def test_who_may_sign_in_another_capacity_too_gives_their_own(received):
    make(holder=received.holder, capacity="TL", matters=["leave"])
    own = build(capacity="TUQ", on_behalf_of=received.holder)
    own.save()
    assert reason(own) == ""


def test_a_revoked_authorisation_is_not_given_on(received):
    received.revoke(by=received.on_behalf_of)
    build(capacity="TUQ", on_behalf_of=received.holder).save()


def test_authorities_of_departments_that_do_not_meet_are_apart():
    one = make(capacity="TUQ", department=DepartmentFactory())
    build(capacity="TUQ", on_behalf_of=one.holder, department=DepartmentFactory()).save()
    below = DepartmentFactory(parent=one.department)
    refused(build(capacity="TUQ", on_behalf_of=one.holder, department=below), "on_behalf_of", "passed_on")


def test_an_imported_authority_that_was_given_on_is_stopped(received):
    [row] = SigningAuthority.objects.bulk_create([build(capacity="TUQ", on_behalf_of=received.holder)])
    assert reason(row) == "passed_on"
    assert authorities_of(row.holder) == []


@pytest.mark.django_db(transaction=True)
def test_given_and_given_on_at_once_one_is_refused():
    for _ in range(3):
        chair, head, officer = (UserFactory() for _ in range(3))
        rows = [
            build(capacity="TUQ", holder=head, on_behalf_of=chair),
            build(capacity="TUQ", holder=officer, on_behalf_of=head),
        ]
        results = race(*[row.save for row in rows])
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "ValidationError"], results


# --- who may sign today --------------------------------------------------------------------------------------


def test_an_authority_holds_from_its_first_day_to_its_last():
    row = make(since=TODAY() + DAY, until=TODAY() + 2 * DAY)
    reasons = [reason(row, on=TODAY() + n * DAY) for n in range(4)]
    assert reasons == ["not_yet", "", "", "expired"]
    listed = [authorities_of(row.holder, on=TODAY() + n * DAY) == [row] for n in range(4)]
    assert listed == [False, True, True, False]


@pytest.mark.parametrize("key", [0, -1, "9" * 30, "x", None, "٣", ""])
def test_an_unknown_authority_is_refused(key):
    with pytest.raises(AuthorityError) as error:
        check_authority(key, UserFactory(), matter="leave")
    assert error.value.reason_code == "unknown"


def test_nobody_signs_under_the_authority_of_another():
    row = make()
    assert reason(row, row.on_behalf_of) == "not_yours"


def test_a_closed_account_signs_nothing():
    row = make()
    row.holder.is_active = False
    row.holder.save()
    assert reason(row) == "holder_inactive"
    assert authorities_of(row.holder) == []


@pytest.mark.parametrize(
    ("given", "matter", "why"),
    [
        ([], "leave", ""),
        ([], "", ""),
        (["leave"], "leave", ""),
        (["leave"], "car", "other_matter"),
        (["leave"], "", "other_matter"),
    ],
)
def test_an_authority_holds_in_its_matters(given, matter, why):
    assert reason(make(matters=given), matter=matter) == why


def test_authorities_are_listed_for_one_matter_or_for_all():
    row = make(matters=["leave"])
    listed = [authorities_of(row.holder, matter=matter) == [row] for matter in ("", "leave", "car")]
    assert listed == [True, True, False]


def test_an_authority_for_a_department_holds_there_and_below():
    row = make(department=DepartmentFactory())
    below = DepartmentFactory(parent=row.department)
    found = [reason(row, department=place) for place in (row.department, below, DepartmentFactory(), None)]
    assert found == ["", "", "other_department", "other_department"]


# --- the words above the signature ---------------------------------------------------------------------------


def test_the_words_name_capacity_and_position():
    chair = MembershipFactory(position__name="Chủ tịch").user
    row = make(on_behalf_of=chair, position=chair.memberships.get().position)
    assert (row.words(), str(row)) == ("KT. CHỦ TỊCH", f"KT. CHỦ TỊCH – {row.holder}")


def test_without_a_named_position_the_highest_one_stands_there():
    chief = MembershipFactory(position__name="Chánh văn phòng", position__rank=5).user
    MembershipFactory(user=chief, position__rank=50)
    assert make(on_behalf_of=chief, capacity="TL").words() == "TL. CHÁNH VĂN PHÒNG"


def test_who_has_no_position_is_named():
    row = make(on_behalf_of__last_name="Trần Thị", on_behalf_of__first_name="Bình", capacity="TUQ")
    assert row.words() == "TUQ. TRẦN THỊ BÌNH"
