"""Counting in working days and hours, on values alone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from home.worktime.arithmetic import (
    Calendar,
    DayOff,
    ExtraDay,
    Interval,
    NoWorkingTimeError,
    add_working_days,
    add_working_time,
    explain,
    is_working_day,
    subtract_working_days,
    working_days_between,
    working_time_between,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HALVES = (Interval(time(7, 30), time(11, 30)), Interval(time(13), time(17)))
WEEK = dict.fromkeys(range(5), HALVES)
PLAIN = Calendar(ZONE, WEEK)
OFFICE = Calendar(
    ZONE,
    WEEK,
    {
        **{date(2026, 2, day): DayOff("Tết") for day in range(16, 21)},
        date(2026, 4, 27): DayOff("Giỗ Tổ"),
        date(2026, 8, 31): DayOff("Hoán đổi"),
        date(2026, 9, 1): DayOff("Quốc khánh"),
        date(2026, 9, 2): DayOff("Quốc khánh"),
        date(2026, 12, 24): DayOff("Nghỉ chiều", "afternoon"),
        date(2026, 12, 25): DayOff("Nghỉ sáng", "morning"),
    },
    {date(2026, 8, 22): ExtraDay("Làm bù", 0)},
)


def at(year, month, day, hour=9, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


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


@pytest.mark.parametrize("days", [-1, 0.3])
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


def test_the_explanation_names_each_day():
    lines = explain(OFFICE, at(2026, 8, 28), 2)
    assert [(line.day.day, line.number, line.reason) for line in lines] == [
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


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda m: m.replace(tzinfo=ZONE))
amounts = st.integers(0, 60 * 200).map(lambda minutes: timedelta(minutes=minutes))


@settings(max_examples=150, deadline=None)
@given(moments, st.integers(0, 60))
def test_adding_then_subtracting_days_returns_to_the_day_of_receipt(start, days):
    due = add_working_days(OFFICE, start, days)
    assert subtract_working_days(OFFICE, due, days) == add_working_days(OFFICE, start, 0)
    received = add_working_days(OFFICE, start, 0).date()
    assert working_days_between(OFFICE, received, due.date()) == days
    assert is_working_day(OFFICE, due.date())


@settings(max_examples=150, deadline=None)
@given(moments, moments, st.integers(0, 40), st.integers(0, 10))
def test_later_intake_and_more_days_are_never_due_earlier(one, other, days, more):
    early, late = sorted([one, other])
    assert add_working_days(OFFICE, early, days) <= add_working_days(OFFICE, late, days)
    assert add_working_days(OFFICE, early, days) <= add_working_days(OFFICE, early, days + more)


@settings(max_examples=150, deadline=None)
@given(moments, amounts)
def test_added_working_time_is_what_lies_between(start, amount):
    end = add_working_time(OFFICE, start, amount)
    assert working_time_between(OFFICE, start, end) == amount
    assert working_time_between(OFFICE, end, start) == -amount
    assert working_time_between(OFFICE, add_working_time(OFFICE, end, -amount), end) == amount


@settings(max_examples=100, deadline=None)
@given(moments, amounts, amounts)
def test_a_pause_shifts_a_due_moment_by_exactly_its_length(start, term, pause):
    due = add_working_time(OFFICE, start, term)
    resumed = add_working_time(OFFICE, due, pause)
    assert working_time_between(OFFICE, start, resumed) == term + pause
