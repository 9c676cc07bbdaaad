"""A pause moves the due date by exactly the working time inside it."""

from datetime import UTC, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from home.worktime.arithmetic import (
    add_working_days,
    add_working_time,
    merge,
    shift_due,
    working_time_between,
)

from .office import OFFICE, ZONES, amounts, anywhere, at, calendars, pauses, stretches, terms

DUE = at(2026, 11, 9, 17)


def case(reasoning, moved, *spans):
    return pytest.param(spans, moved, id=reasoning)


@pytest.mark.parametrize(
    ("spans", "moved"),
    [
        case("no pause", DUE),
        case("a whole day", at(2026, 11, 10, 17), (at(2026, 11, 4, 7, 30), at(2026, 11, 4, 17))),
        case(
            "5:30 on Wednesday, 8 on Thursday, 6 on Friday: 8 on the 10th, 8 on the 11th, 3:30 on the 12th",
            at(2026, 11, 12, 11),
            (at(2026, 11, 4, 10), at(2026, 11, 6, 15)),
        ),
        case("the lunch hour", DUE, (at(2026, 11, 4, 11, 30), at(2026, 11, 4, 13))),
        case("a night", DUE, (at(2026, 11, 4, 17), at(2026, 11, 5, 7, 30))),
        case("a weekend", DUE, (at(2026, 11, 6, 17), at(2026, 11, 9, 7, 30))),
        case("Tết", DUE, (at(2026, 2, 13, 17), at(2026, 2, 23, 7, 30))),
        case("nothing at all", DUE, (at(2026, 11, 4, 9), at(2026, 11, 4, 9))),
        case("a make-up Saturday", at(2026, 11, 10, 17), (at(2026, 8, 22, 0), at(2026, 8, 23, 0))),
        case(
            "a half holiday is 4 hours", at(2026, 11, 10, 11, 30), (at(2026, 12, 24, 0), at(2026, 12, 25, 0))
        ),
        case(
            "one inside another counts once",
            at(2026, 11, 10, 17),
            (at(2026, 11, 4, 0), at(2026, 11, 5, 0)),
            (at(2026, 11, 4, 9), at(2026, 11, 4, 10)),
        ),
        case(
            "overlapping ones, the later first: Wednesday from 9 to 16 is 5:30",
            at(2026, 11, 10, 14, 30),
            (at(2026, 11, 4, 10), at(2026, 11, 4, 16)),
            (at(2026, 11, 4, 9), at(2026, 11, 4, 11)),
        ),
        case(
            "touching ones: 9 to 10 and 10 to 11",
            at(2026, 11, 10, 9, 30),
            (at(2026, 11, 4, 9), at(2026, 11, 4, 10)),
            (at(2026, 11, 4, 10), at(2026, 11, 4, 11)),
        ),
        case(
            "one that began when the date had passed: 2 hours",
            at(2026, 11, 10, 9, 30),
            (at(2026, 11, 18, 9), at(2026, 11, 18, 11)),
        ),
        case(
            "one over the date itself: 4 on Monday and 2 on Tuesday, so 4 on Tuesday morning and 2 after lunch",
            at(2026, 11, 10, 15),
            (at(2026, 11, 9, 13), at(2026, 11, 10, 9, 30)),
        ),
        case("written in UTC", at(2026, 11, 10, 17), tuple(at(2026, 11, day, 0).astimezone(UTC) for day in (4, 5))),
    ],
)  # fmt: skip
def test_where_the_due_date_goes(spans, moved):
    assert shift_due(OFFICE, DUE, spans) == moved


def test_a_due_date_outside_working_time_moves_on_from_the_next_opening():
    assert shift_due(OFFICE, at(2026, 11, 7, 23), [(at(2026, 11, 4, 9), at(2026, 11, 4, 10))]) == at(
        2026, 11, 9, 8, 30
    )


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="ends before it begins"):
        shift_due(OFFICE, DUE, [(at(2026, 11, 4, 10), at(2026, 11, 4, 9))])


def test_a_pause_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        shift_due(OFFICE, DUE, [(at(2026, 11, 4, 9).replace(tzinfo=None), at(2026, 11, 4, 10))])


@settings(max_examples=200, deadline=None)
@given(calendars(ZONES), anywhere, amounts.filter(bool), anywhere, st.integers(0, 60 * 24 * 20))
def test_pausing_and_resuming_is_the_same_as_shifting(calendar, start, term, paused_at, minutes):
    due = add_working_time(calendar, start, term)
    left = working_time_between(calendar, paused_at, due)
    assume(paused_at < due and left)
    resumed_at = paused_at.astimezone(UTC) + timedelta(minutes=minutes)
    resumed = add_working_time(calendar, resumed_at, left)
    assert shift_due(calendar, due, [(paused_at, resumed_at)]) == resumed


@settings(max_examples=150, deadline=None)
@given(calendars(ZONES), anywhere, terms, pauses)
def test_the_shift_is_the_working_time_of_the_union(calendar, start, days, spans):
    due = add_working_days(calendar, start, days)
    total = sum((working_time_between(calendar, *pause) for pause in merge(spans)), timedelta(0))
    moved = shift_due(calendar, due, spans)
    assert working_time_between(calendar, due, moved) == total
    assert (moved == due) == (not total)
    assert total <= sum((working_time_between(calendar, *pause) for pause in spans), timedelta(0))


@settings(max_examples=150, deadline=None)
@given(calendars(ZONES), anywhere, terms, pauses, st.randoms())
def test_order_repetition_and_cuts_do_not_matter(calendar, start, days, spans, random):
    due = add_working_days(calendar, start, days)
    pieces = list(spans) * 2
    for begin, end in spans:
        middle = begin + (end - begin) / 2
        pieces += [(begin, middle), (middle, end)]
    random.shuffle(pieces)
    assert shift_due(calendar, due, pieces) == shift_due(calendar, due, spans)
    one_by_one = due
    for pause in merge(spans):
        one_by_one = shift_due(calendar, one_by_one, [pause])
    assert one_by_one == shift_due(calendar, due, spans)


@settings(max_examples=150, deadline=None)
@given(calendars(ZONES), anywhere, terms, pauses, stretches)
def test_one_more_pause_is_never_due_earlier(calendar, start, days, spans, more):
    due = add_working_days(calendar, start, days)
    assert shift_due(calendar, due, spans) <= shift_due(calendar, due, [*spans, more])
