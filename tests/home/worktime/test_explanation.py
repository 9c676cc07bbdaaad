""" "Why is this due on that day?": every day has its line."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from home.worktime.arithmetic import (
    add_working_days,
    due_after,
    merge,
    received_on,
    shift_due,
    working_time_between,
)
from home.worktime.explanation import explain_due, explain_hours
from home.worktime.office_calendar import Span, is_working_day, utc

from .office import OFFICE, ZONES, anywhere, at, calendars, pauses, terms

HOUR = timedelta(hours=1)


def told(lines):
    return [(line.day.day, line.number, line.reason) for line in lines]


def test_the_explanation_names_each_day():
    lines = explain_due(OFFICE, at(2026, 8, 28), 2)
    assert told(lines) == [
        (28, None, "received"),
        (29, None, "weekend"),
        (30, None, "weekend"),
        (31, None, "holiday"),
        (1, None, "holiday"),
        (2, None, "holiday"),
        (3, 1, ""),
        (4, 2, ""),
    ]
    assert lines[4].name == "Quốc khánh"
    assert [line.counted / HOUR for line in lines] == [0, 0, 0, 0, 0, 0, 8, 8]


def test_intake_after_hours_shows_the_day_of_intake_and_the_day_of_receipt():
    assert told(explain_due(OFFICE, at(2026, 11, 6, 17, 30), 1)) == [
        (6, None, "after_hours"),
        (7, None, "weekend"),
        (8, None, "weekend"),
        (9, None, "received"),
        (10, 1, ""),
    ]


def test_intake_at_the_weekend():
    assert told(explain_due(OFFICE, at(2026, 11, 8), 0.5)) == [
        (8, None, "weekend"),
        (9, None, "received"),
        (10, 0.5, ""),
    ]


def test_make_up_days_and_half_holidays_are_counted_and_named():
    make_up = explain_due(OFFICE, at(2026, 8, 21), 2)
    assert told(make_up) == [
        (21, None, "received"),
        (22, 1, "make_up"),
        (23, None, "weekend"),
        (24, 2, ""),
    ]
    assert make_up[1].name == "Làm bù"
    half = explain_due(OFFICE, at(2026, 12, 23), 2)
    assert told(half) == [(23, None, "received"), (24, 1, "half_holiday"), (25, 2, "half_holiday")]
    assert half[1].counted == half[2].counted == 4 * HOUR


def test_a_paused_day_is_not_counted_and_one_paused_in_part_counts_in_part():
    pause = (at(2026, 11, 4, 13), at(2026, 11, 5, 23))
    lines = explain_due(OFFICE, at(2026, 11, 2), 3, pauses=[pause])
    assert told(lines) == [
        (2, None, "received"),
        (3, 1, ""),
        (4, 1.5, "paused"),
        (5, None, "paused"),
        (6, 2.5, ""),
        (7, None, "weekend"),
        (8, None, "weekend"),
        (9, 3, ""),
    ]
    assert [line.paused / HOUR for line in lines] == [0, 0, 4, 8, 0, 0, 0, 0]
    assert [line.counted / HOUR for line in lines] == [0, 8, 4, 0, 8, 0, 0, 4]
    assert shift_due(OFFICE, at(2026, 11, 5, 17), [pause]) == at(2026, 11, 9, 11, 30)


def test_a_pause_on_the_day_of_receipt_is_carried_into_the_count():
    pause = (at(2026, 11, 2, 10), at(2026, 11, 3, 7, 30))
    lines = explain_due(OFFICE, at(2026, 11, 2), 2, pauses=[pause])  # 5:30 of Monday
    assert told(lines) == [
        (2, None, "received"),
        (3, 0.31, ""),
        (4, 1.31, ""),
        (5, 2, ""),
    ]
    assert lines[0].paused == 5.5 * HOUR
    assert lines[3].counted == 5.5 * HOUR


def test_days_that_only_make_up_for_an_earlier_pause_are_carried():
    pause = (at(2026, 10, 28, 0), at(2026, 10, 30, 0))
    lines = explain_due(OFFICE, at(2026, 11, 2), 1, pauses=[pause])
    assert told(lines) == [(2, None, "received"), (3, None, "carried"), (4, None, "carried"), (5, 1, "")]


def test_a_pause_after_the_due_date_is_shown_up_to_where_it_moves_the_date():
    pause = (at(2026, 11, 5, 7, 30), at(2026, 11, 5, 17))
    lines = explain_due(OFFICE, at(2026, 11, 2), 1, pauses=[pause])
    assert told(lines) == [(2, None, "received"), (3, 1, ""), (4, None, "carried")]


def test_a_pause_of_a_day_shorter_than_the_others_still_ends_at_the_full_count():
    half_day_off = (at(2026, 12, 24, 0), at(2026, 12, 25, 0))  # 4 hours
    lines = explain_due(OFFICE, at(2026, 12, 22), 4, pauses=[half_day_off])
    # 23, 24, 25 and 28/12 have 8 + 4 + 4 + 8 hours, the pause adds 4: noon of the 29th.
    assert told(lines) == [
        (22, None, "received"),
        (23, 1, ""),
        (24, None, "paused"),
        (25, 2, "half_holiday"),
        (26, None, "weekend"),
        (27, None, "weekend"),
        (28, 3.5, ""),
        (29, 4, ""),
    ]


def test_hours_are_explained_from_the_very_moment():
    lines = explain_hours(OFFICE, at(2026, 11, 6, 16), 10, pauses=[(at(2026, 11, 9, 9), at(2026, 11, 9, 10))])
    assert told(lines) == [
        (6, 1, "received"),
        (7, None, "weekend"),
        (8, None, "weekend"),
        (9, 8, "paused"),
        (10, 10, ""),
    ]


def test_no_days_end_on_the_day_of_receipt():
    assert told(explain_due(OFFICE, at(2026, 11, 2), 0)) == [(2, None, "received")]


@pytest.mark.parametrize("days", [-1, 0.3, float("inf")])
def test_what_cannot_be_counted_cannot_be_explained(days):
    with pytest.raises(ValueError, match="cannot be counted"):
        explain_due(OFFICE, at(2026, 11, 2), days)


# --- any calendar ------------------------------------------------------------------------------------------


def check(calendar, lines, start, due, term, total, spans):
    """What every explanation promises."""
    first, last = calendar.day(start), due.date()
    assert [line.day for line in lines] == [
        first + timedelta(days=n) for n in range((last - first).days + 1)
    ] or last < first
    assert sum((line.counted for line in lines), timedelta(0)) == term
    numbers = [line.number for line in lines if line.number is not None]
    assert numbers == sorted(numbers)
    assert not numbers or numbers[-1] == pytest.approx(total, abs=0.01)
    paused = merge(spans)
    for line in lines:
        spans_of_day = calendar.spans(line.day)
        inside = sum(
            (p.overlap(span) for span in spans_of_day for p in paused),
            timedelta(0),
        )
        assert line.paused == inside
        assert bool(line.number) <= is_working_day(calendar, line.day)
        assert line.counted <= calendar.length(line.day)
    assert sum(line.reason == "received" for line in lines) == 1


@settings(max_examples=250, deadline=None)
@given(calendars(ZONES), anywhere, terms, pauses)
def test_the_explanation_ends_at_the_very_due_date(calendar, start, days, spans):
    plain = add_working_days(calendar, start, days)
    due = shift_due(calendar, plain, spans)
    lines = explain_due(calendar, start, days, pauses=spans)
    assert lines[-1].day == due.date()
    began = add_working_days(calendar, start, 0)
    check(calendar, lines, start, due, working_time_between(calendar, began, plain), days, spans)


@settings(max_examples=150, deadline=None)
@given(calendars(ZONES), anywhere, st.integers(1, 300).map(lambda quarters: quarters / 4), pauses)
def test_the_explanation_of_hours_ends_at_the_very_due_date(calendar, start, hours, spans):
    due = shift_due(calendar, due_after(calendar, start, hours=hours), spans)
    lines = explain_hours(calendar, start, hours, pauses=spans)
    assert lines[-1].day == due.date()
    check(calendar, lines, start, due, hours * HOUR, hours, spans)


@settings(max_examples=150, deadline=None)
@given(calendars(ZONES), anywhere, st.integers(1, 40))
def test_without_pauses_each_working_day_after_receipt_has_its_whole_number(calendar, start, days):
    lines = explain_due(calendar, start, days)
    received = received_on(calendar, start)
    counted = [line for line in lines if line.day > received and is_working_day(calendar, line.day)]
    assert [line.number for line in counted] == list(range(1, days + 1))
    assert [line for line in lines if line.number is not None] == counted
    assert not {line.reason for line in lines} & {"paused", "carried"}


@settings(max_examples=100, deadline=None)
@given(calendars(), anywhere, terms, pauses)
def test_no_day_gives_time_that_was_paused(calendar, start, days, spans):
    for line in explain_due(calendar, start, days, pauses=spans):
        assert line.counted + line.paused <= calendar.length(line.day)
        if line.reason == "paused":
            assert line.paused
    assert all(Span(*map(utc, pause)).length >= timedelta(0) for pause in spans)
