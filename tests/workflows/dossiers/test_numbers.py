"""Register numbers have no gaps, whatever happens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tests.threads import race
from workflows.dossiers.api import RegisterEntry, check_pattern, take_number, void_number

PATTERN = "{number:02d}/{year}-TTr"


def take(**changes):
    with transaction.atomic():
        return take_number(**({"register": "TTr", "pattern": PATTERN, "holder": "dossier:1"} | changes))


def test_numbers_begin_at_one_and_are_consecutive(db):
    moment = datetime(2026, 5, 4, tzinfo=UTC)
    assert [take(moment=moment).symbol for _ in range(3)] == ["01/2026-TTr", "02/2026-TTr", "03/2026-TTr"]


def test_each_register_counts_for_itself(db):
    take()
    assert take(register="QĐ").number == 1


def test_the_year_is_that_of_the_office_not_of_the_server(db):
    """17:30 UTC on 31 December is 00:30 on 1 January in Ho Chi Minh City."""
    before, after = datetime(2026, 12, 31, 16, 30, tzinfo=UTC), datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    assert [take(moment=before).symbol, take(moment=after).symbol] == ["01/2026-TTr", "01/2027-TTr"]


def test_a_number_needs_a_transaction(transactional_db):
    with pytest.raises(RuntimeError, match="transaction"):
        take_number(register="TTr", pattern=PATTERN, holder="dossier:1")


def test_a_roll_back_gives_the_number_back(db):
    class UndoError(Exception):
        pass

    assert take().number == 1
    with pytest.raises(UndoError), transaction.atomic():
        take_number(register="TTr", pattern=PATTERN, holder="dossier:2")
        raise UndoError
    assert take().number == 2


@pytest.mark.django_db(transaction=True)
def test_fifty_writers_over_new_years_midnight_take_numbers_without_gaps_though_some_roll_back():
    """All at once, half of them before midnight in the office and half after: each year counts for itself."""
    midnight = datetime(2026, 12, 31, 17, tzinfo=UTC)  # 2027-01-01 00:00 in Ho Chi Minh City

    class UndoError(Exception):
        pass

    def write(index):
        moment = midnight + timedelta(seconds=index - 25)
        with transaction.atomic():
            entry = take_number(register="TTr", pattern=PATTERN, holder=f"dossier:{index}", moment=moment)
            if index % 5 == 0:
                raise UndoError
            return entry.year, entry.number

    results = race(*[lambda index=index: write(index) for index in range(50)])
    assert sum(isinstance(result, UndoError) for result in results) == 10
    taken = sorted(result for result in results if not isinstance(result, Exception))
    assert taken == [(year, number) for year in (2026, 2027) for number in range(1, 21)], results
    assert RegisterEntry.objects.count() == 40


def test_a_number_is_given_out_once(db):
    entry = take()
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterEntry.objects.create(
            register="TTr", year=entry.year, number=entry.number, symbol="x", holder="y"
        )


def test_a_voided_number_stays_with_its_reason(db):
    entry = take()
    void_number(entry, reason=" Ghi nhầm sổ ")
    assert (entry.void_reason, RegisterEntry.objects.count()) == ("Ghi nhầm sổ", 1)
    with pytest.raises(ValidationError):
        void_number(entry, reason="lần nữa")
    with pytest.raises(ValidationError):
        void_number(take(), reason="  ")


@pytest.mark.parametrize("pattern", [PATTERN, "{number}", "{code}-{number:4d}/{year}"])
def test_good_patterns(pattern):
    assert check_pattern(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        "{year}-TTr",
        "{number",
        "{}",
        "{0}",
        "{number.__class__}",
        "{number:{year}d}",
        "{number:0999999999d}",
        "{nummer}/{year}",
        "{number!r}{secret}",
    ],
)
def test_bad_patterns_are_named(pattern):
    assert check_pattern(pattern)
