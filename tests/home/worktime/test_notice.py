"""Reminders before a due date and escalations after it come when somebody works."""

from datetime import datetime, timedelta
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from home.worktime.arithmetic import working_days_between, working_time_between
from home.worktime.notice import after_due, before_due
from home.worktime.office_calendar import utc

from .office import OFFICE, ZONE, ZONES, anywhere, at, calendars, terms


@pytest.mark.parametrize(
    ("due", "back", "moment"),
    [
        pytest.param(at(2026, 11, 6, 17), {"days": 1}, at(2026, 11, 5, 7, 30), id="Thursday when it opens"),
        pytest.param(at(2026, 11, 9, 17), {"days": 1}, at(2026, 11, 6, 7, 30), id="over the weekend"),
        pytest.param(
            at(2026, 11, 6, 17), {"days": 0.5}, at(2026, 11, 5, 13), id="the afternoon of the day before"
        ),
        pytest.param(
            at(2026, 11, 6, 17), {"days": 1.5}, at(2026, 11, 4, 13), id="the afternoon two days before"
        ),
        pytest.param(
            at(2026, 11, 6, 11, 30), {"days": 0.5}, at(2026, 11, 5, 13), id="due at noon, one half-day lies between"
        ),
        pytest.param(at(2026, 2, 23, 17), {"days": 1}, at(2026, 2, 13, 7, 30), id="over Tết"),
        pytest.param(at(2026, 8, 24, 17), {"days": 1}, at(2026, 8, 22, 7, 30), id="the make-up Saturday"),
        pytest.param(at(2026, 12, 28, 17), {"days": 1}, at(2026, 12, 25, 13), id="a morning off"),
        pytest.param(at(2026, 12, 25, 17), {"days": 0.5}, at(2026, 12, 24, 7, 30), id="only a morning"),
        pytest.param(at(2026, 11, 6, 17), {"hours": 2}, at(2026, 11, 6, 15), id="two hours"),
        pytest.param(at(2026, 11, 6, 9), {"hours": 2}, at(2026, 11, 5, 16, 30), id="over the night"),
        pytest.param(at(2026, 11, 9, 8, 30), {"hours": 1}, at(2026, 11, 9, 7, 30), id="exactly at opening"),
        pytest.param(at(2026, 11, 6, 17), {"days": 1, "hours": 1}, at(2026, 11, 4, 16), id="a day and an hour"),
        pytest.param(at(2026, 11, 6, 17), {}, at(2026, 11, 6, 17), id="at the due date"),
        pytest.param(at(2026, 11, 6, 12), {}, at(2026, 11, 6, 11, 30), id="due at lunch: before lunch"),
        pytest.param(at(2026, 11, 9, 0), {}, at(2026, 11, 6, 17), id="due at midnight: on Friday"),
        pytest.param(at(2026, 11, 9, 7, 30), {}, at(2026, 11, 9, 7, 30), id="due at opening"),
        pytest.param(at(2026, 11, 8, 12), {"days": 1}, at(2026, 11, 6, 7, 30), id="due on a Sunday"),
        pytest.param(at(2026, 11, 24, 12), {"hours": 1}, at(2026, 11, 23, 16), id="due on a holiday"),
    ],
)  # fmt: skip
def test_reminders(due, back, moment):
    assert before_due(OFFICE, due, **back) == moment


@pytest.mark.parametrize(
    ("due", "on", "moment"),
    [
        pytest.param(at(2026, 11, 6, 17), {}, at(2026, 11, 9, 7, 30), id="closing time: when it opens next"),
        pytest.param(at(2026, 11, 6, 11, 30), {}, at(2026, 11, 6, 13), id="due at noon: after lunch"),
        pytest.param(at(2026, 11, 6, 10), {}, at(2026, 11, 6, 10), id="due while people work: at once"),
        pytest.param(at(2026, 11, 6, 17), {"days": 1}, at(2026, 11, 10, 7, 30), id="when Monday has passed"),
        pytest.param(at(2026, 11, 6, 9), {"days": 1}, at(2026, 11, 10, 7, 30), id="a whole working day later"),
        pytest.param(at(2026, 11, 6, 17), {"days": 0.5}, at(2026, 11, 9, 13), id="when Monday morning has passed"),
        pytest.param(at(2026, 2, 13, 17), {"days": 1}, at(2026, 2, 24, 7, 30), id="over Tết"),
        pytest.param(at(2026, 8, 21, 17), {"days": 1}, at(2026, 8, 24, 7, 30), id="after the make-up Saturday"),
        pytest.param(at(2026, 12, 23, 17), {"days": 1}, at(2026, 12, 25, 13), id="between two half holidays"),
        pytest.param(at(2026, 11, 6, 17), {"hours": 2}, at(2026, 11, 9, 9, 30), id="two hours"),
        pytest.param(at(2026, 11, 6, 17), {"hours": 8}, at(2026, 11, 10, 7, 30), id="eight hours end at closing"),
        pytest.param(at(2026, 11, 6, 17), {"days": 1, "hours": 1}, at(2026, 11, 10, 8, 30), id="a day and an hour"),
        pytest.param(at(2026, 11, 7, 23), {"days": 1}, at(2026, 11, 10, 7, 30), id="due on a Saturday night"),
        pytest.param(at(2026, 11, 23, 17), {}, at(2026, 11, 25, 7, 30), id="over a holiday"),
    ],
)  # fmt: skip
def test_escalations(due, on, moment):
    assert after_due(OFFICE, due, **on) == moment


@pytest.mark.parametrize("when", [before_due, after_due])
@pytest.mark.parametrize("much", [{"days": -1}, {"days": 0.25}, {"hours": -1}, {"hours": float("nan")}])
def test_what_cannot_be_counted_is_refused(when, much):
    with pytest.raises(ValueError, match="cannot be counted"):
        when(OFFICE, at(2026, 11, 6, 17), **much)


# --- any calendar ------------------------------------------------------------------------------------------


def somebody_works(calendar, moment, *, closing=False):
    inside = (s.start <= utc(moment) < s.end + timedelta(minutes=closing) for s in spans(calendar, moment))
    return any(inside)


def spans(calendar, moment):
    return calendar.spans(calendar.day(moment))


hours = st.integers(0, 200).map(lambda quarters: quarters / 4)


@settings(max_examples=200, deadline=None)
@given(calendars(ZONES), anywhere, terms, hours)
def test_a_reminder_comes_in_time_and_while_somebody_works(calendar, due, days, much):
    moment = before_due(calendar, due, days=days, hours=much)
    assert moment <= due
    assert somebody_works(calendar, moment, closing=not (days or much))
    assert working_time_between(calendar, moment, due) >= timedelta(hours=much)
    day = timedelta(days=1)
    between = working_days_between(calendar, moment.date() - day, calendar.day(due) - day)
    assert between >= days
    if not much:
        assert between == ceil(days) or not days
    if not days:
        assert working_time_between(calendar, moment, due) == timedelta(hours=much)


@settings(max_examples=200, deadline=None)
@given(calendars(ZONES), anywhere, terms, hours)
def test_an_escalation_comes_afterwards_and_while_somebody_works(calendar, due, days, much):
    moment = after_due(calendar, due, days=days, hours=much)
    assert moment >= due
    assert somebody_works(calendar, moment)
    assert working_time_between(calendar, due, moment) >= timedelta(hours=much)
    assert working_days_between(calendar, calendar.day(due), moment.date()) >= days
    if not days:
        assert working_time_between(calendar, due, moment) == timedelta(hours=much)


@settings(max_examples=150, deadline=None)
@given(calendars(ZONES), anywhere, anywhere, terms, terms, hours, hours)
def test_more_notice_is_never_given_later(calendar, one, other, days, more_days, much, more):
    early, late = sorted([one, other])
    for when, sign in ((before_due, -1), (after_due, 1)):
        first = when(calendar, early, days=days, hours=much)
        assert first <= when(calendar, late, days=days, hours=much)
        further = when(calendar, early, days=days + more_days, hours=much + more)
        assert (further - first) * sign >= timedelta(0)


def test_a_reminder_of_midnight_in_another_zone_is_the_same_moment():
    due = datetime(2026, 11, 6, 17, tzinfo=ZONE)
    for zone in ZONES:
        assert before_due(OFFICE, due.astimezone(zone), days=1) == before_due(OFFICE, due, days=1)
        assert after_due(OFFICE, due.astimezone(zone), days=1) == after_due(OFFICE, due, days=1)
