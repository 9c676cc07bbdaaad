"""Counting in working days and hours, on values alone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from home.worktime.arithmetic import (
    add_working_days,
    add_working_time,
    due_after,
    subtract_working_days,
    working_days_between,
    working_time_between,
)
from home.worktime.office_calendar import Calendar, Interval, NoWorkingTimeError, is_working_day

from .office import (
    HALVES,
    OFFICE,
    PLAIN,
    ZONE,
    ZONES,
    amounts,
    anywhere,
    at,
    calendars,
    terms,
)


def test_the_real_case_of_twenty_five_days():
    assert add_working_days(PLAIN, at(2019, 11, 20), 25) == at(2019, 12, 25, 17)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (at(2026, 2, 13), 1, at(2026, 2, 23, 17)),  # Friday before Tết
        (at(2026, 2, 13, 17, 0), 1, at(2026, 2, 24, 17)),  # after hours: received on 23/2
        (at(2026, 2, 18), 1, at(2026, 2, 24, 17)),  # handed in during Tết
        (at(2026, 8, 21), 1, at(2026, 8, 22, 17)),  # the Saturday is worked
        (at(2026, 8, 21), 7, at(2026, 9, 3, 17)),  # 22, 24–28/8, then over 31/8–2/9
        (at(2026, 8, 22, 10), 0, at(2026, 8, 22, 17)),
        (at(2026, 4, 24), 1, at(2026, 4, 28, 17)),
        (at(2026, 12, 23), 1, at(2026, 12, 24, 11, 30)),  # a half day is a day
        (at(2026, 11, 2), 0.5, at(2026, 11, 3, 11, 30)),
        (at(2026, 11, 2), 1.5, at(2026, 11, 4, 11, 30)),
    ],
)
def test_due_dates(start, days, due):
    assert add_working_days(OFFICE, start, days) == due


def test_the_servers_time_zone_does_not_matter():
    evening_in_utc = datetime(2026, 11, 2, 10, 30, tzinfo=ZoneInfo("UTC"))  # 17:30 at the office
    assert add_working_days(OFFICE, evening_in_utc, 1) == at(2026, 11, 4, 17)


def test_intake_at_midnight_is_received_that_day():
    assert add_working_days(OFFICE, at(2026, 11, 2, 0, 0), 1) == at(2026, 11, 3, 17)


@pytest.mark.parametrize("days", [-1, 0.3, float("nan"), float("inf"), 10**9])
def test_uncountable_days_are_refused(days):
    with pytest.raises(ValueError, match="cannot be counted"):
        add_working_days(OFFICE, at(2026, 11, 2), days)


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        add_working_days(OFFICE, datetime(2026, 11, 2, 9), 1)


def test_a_calendar_without_working_time_gives_up():
    with pytest.raises(NoWorkingTimeError):
        add_working_days(Calendar(ZONE, {}), at(2026, 11, 2), 1)
    with pytest.raises(NoWorkingTimeError):
        add_working_time(Calendar(ZONE, {}), at(2026, 11, 2), timedelta(hours=1))


def test_half_holidays_leave_the_other_half():
    assert OFFICE.intervals(date(2026, 12, 24)) == HALVES[:1]
    assert OFFICE.intervals(date(2026, 12, 25)) == HALVES[1:]


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(2026, 11, 2, 9), 2, at(2026, 11, 2, 11)),
        (at(2026, 11, 2, 11), 1, at(2026, 11, 2, 13, 30)),
        (at(2026, 11, 2, 16), 2, at(2026, 11, 3, 8, 30)),
        (at(2026, 11, 6, 16), 2, at(2026, 11, 9, 8, 30)),
        (at(2026, 11, 9, 8, 30), -2, at(2026, 11, 6, 16)),
        (at(2026, 12, 24, 11), 1, at(2026, 12, 25, 13, 30)),
    ],
)
def test_working_hours_skip_lunch_nights_and_days_off(start, hours, end):
    assert add_working_time(OFFICE, start, timedelta(hours=hours)) == end


@pytest.mark.parametrize("moment", [at(2026, 11, 2, 3), at(2026, 11, 2, 17), at(2026, 11, 7, 12)])
def test_no_working_time_leaves_a_moment_as_it_is(moment):
    assert add_working_time(OFFICE, moment, timedelta(0)) == moment


@pytest.mark.parametrize(
    ("term", "due"),
    [
        ({"days": 2}, at(2026, 11, 4, 17)),
        ({"days": 0.5}, at(2026, 11, 3, 11, 30)),
        ({"days": 0}, at(2026, 11, 2, 17)),
        ({"hours": 2}, at(2026, 11, 2, 11)),
        ({"hours": 0.25}, at(2026, 11, 2, 9, 15)),
        ({"hours": 10.5}, at(2026, 11, 3, 11, 30)),  # 6:30 on Monday, 4:00 on Tuesday
    ],
)
def test_a_step_is_due_in_days_or_in_hours(term, due):
    assert due_after(OFFICE, at(2026, 11, 2), **term) == due


@pytest.mark.parametrize("start", [at(2026, 11, 2, 2), at(2026, 11, 1, 12), at(2026, 10, 30, 18)])
def test_hours_that_begin_outside_working_time_run_from_the_next_opening(start):
    assert due_after(OFFICE, start, hours=1) == at(2026, 11, 2, 8, 30)


@pytest.mark.parametrize(
    "term",
    [
        {},
        {"days": 1, "hours": 1},
        {"hours": 0},
        {"hours": -1},
        {"hours": float("nan")},
        {"hours": float("inf")},
        {"days": 0.25},
        {"days": -0.5},
        {"days": float("nan")},
        {"days": float("inf")},
        {"days": 10**9},
    ],
)
def test_a_term_that_means_nothing_is_refused(term):
    with pytest.raises(ValueError, match=r"Give either|leave no time|cannot be counted"):
        due_after(OFFICE, at(2026, 11, 2), **term)


def test_counting_past_the_end_of_time_is_told_in_words():
    with pytest.raises(NoWorkingTimeError):
        add_working_days(PLAIN, datetime(9999, 12, 1, tzinfo=UTC), 60)


# --- any calendar ------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(calendars(ZONES), anywhere, st.integers(0, 60))
def test_adding_then_subtracting_days_returns_to_the_day_of_receipt(calendar, start, days):
    due = add_working_days(calendar, start, days)
    assert subtract_working_days(calendar, due, days) == add_working_days(calendar, start, 0)
    received = add_working_days(calendar, start, 0).date()
    assert working_days_between(calendar, received, due.date()) == days
    assert is_working_day(calendar, due.date())
    assert due > start


@settings(max_examples=150, deadline=None)
@given(calendars(ZONES), anywhere, anywhere, terms, terms)
def test_later_intake_and_more_days_are_never_due_earlier(calendar, one, other, days, more):
    early, late = sorted([one, other])
    assert add_working_days(calendar, early, days) <= add_working_days(calendar, late, days)
    assert add_working_days(calendar, early, days) <= add_working_days(calendar, early, days + more)


@settings(max_examples=150, deadline=None)
@given(calendars(ZONES), anywhere, anywhere, amounts, amounts)
def test_later_intake_and_more_hours_are_never_due_earlier(calendar, one, other, amount, more):
    early, late = sorted([one, other])
    assert add_working_time(calendar, early, amount) <= add_working_time(calendar, late, amount)
    assert add_working_time(calendar, early, amount) <= add_working_time(calendar, early, amount + more)


@settings(max_examples=150, deadline=None)
@given(calendars(ZONES), anywhere, amounts)
def test_added_working_time_is_what_lies_between(calendar, start, amount):
    end = add_working_time(calendar, start, amount)
    assert working_time_between(calendar, start, end) == amount
    assert working_time_between(calendar, end, start) == -amount
    assert working_time_between(calendar, add_working_time(calendar, end, -amount), end) == amount


@settings(max_examples=150, deadline=None)
@given(calendars(ZONES), anywhere, amounts.filter(bool))
def test_adding_then_subtracting_hours_returns_to_where_the_clock_began(calendar, start, amount):
    back = add_working_time(calendar, add_working_time(calendar, start, amount), -amount)
    assert back >= start
    assert working_time_between(calendar, start, back) == timedelta(0)
    assert add_working_time(calendar, back, amount) == add_working_time(calendar, start, amount)


@settings(max_examples=60, deadline=None)
@given(calendars(), anywhere, st.integers(0, 60 * 24 * 6))
def test_working_time_is_the_minutes_at_which_somebody_works(calendar, start, minutes):
    start = start.astimezone(UTC)
    worked = 0
    for number in range(minutes):
        local = (start + timedelta(minutes=number)).astimezone(calendar.zone)
        halves = calendar.intervals(local.date())
        worked += any(half.start <= local.time() < half.end for half in halves)
    assert working_time_between(calendar, start, start + timedelta(minutes=minutes)) == timedelta(
        minutes=worked
    )


def test_hours_in_disorder_on_the_night_of_the_clock_are_cut():
    new_york = ZoneInfo("America/New_York")
    halves = (Interval(time(1), time(2, 50), "morning"), Interval(time(3), time(5), "afternoon"))
    calendar = Calendar(new_york, {6: halves})
    first, second = calendar.spans(date(2026, 3, 8))  # 02:00 to 03:00 does not exist
    assert second.start == first.end
    assert calendar.length(date(2026, 3, 8)) == timedelta(hours=3)


def test_a_night_shift_over_the_change_of_the_clock_is_as_long_as_it_was():
    new_york = ZoneInfo("America/New_York")
    night = Calendar(new_york, dict.fromkeys(range(7), (HALVES[0]._replace(start=at(2026, 1, 1, 0).time()),)))
    spring, autumn = date(2026, 3, 8), date(2026, 11, 1)
    assert night.length(date(2026, 3, 9)) == timedelta(hours=11.5)
    assert night.length(spring) == timedelta(hours=10.5)
    assert night.length(autumn) == timedelta(hours=12.5)
    begin = datetime(2026, 3, 8, 0, 0, tzinfo=new_york)
    assert add_working_time(night, begin, timedelta(hours=3)) == datetime(2026, 3, 8, 4, tzinfo=new_york)
