"""The front door of this room: deadlines in working time.

All functions take the hours of `department` when it (or one above it) has its own, else those of the office.
They cost one query while the calendar is unchanged.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from . import arithmetic
from .arithmetic import Calendar, CountedDay, NoWorkingTimeError
from .calendars import calendar_for

if TYPE_CHECKING:
    from home.people.models import Department

__all__ = [
    "Calendar",
    "CountedDay",
    "NoWorkingTimeError",
    "add_working_days",
    "add_working_hours",
    "add_working_time",
    "calendar_for",
    "explain",
    "is_working_day",
    "subtract_working_days",
    "working_days_between",
    "working_time_between",
]


def add_working_days(start: datetime, days: float, *, department: Department | None = None) -> datetime:
    """Return the end of the working day `days` working days after receipt at `start`.

    `start` is aware, `days` a multiple of 0.5. The day of receipt is not counted; intake after
    hours or on a day off is received on the next working day.
    """
    return arithmetic.add_working_days(calendar_for(department), start, days)


def subtract_working_days(end: datetime, days: int, *, department: Department | None = None) -> datetime:
    """Return the end of the working day `days` working days before the one of `end` (reminders)."""
    return arithmetic.subtract_working_days(calendar_for(department), end, days)


def add_working_hours(start: datetime, hours: float, *, department: Department | None = None) -> datetime:
    """Return the moment after `hours` hours of working time; a negative number goes back."""
    return arithmetic.add_working_time(calendar_for(department), start, timedelta(hours=float(hours)))


def add_working_time(start: datetime, amount: timedelta, *, department: Department | None = None) -> datetime:
    """Return the moment after `amount` of working time: a due date moved by the length of a pause."""
    return arithmetic.add_working_time(calendar_for(department), start, amount)


def working_time_between(
    start: datetime, end: datetime, *, department: Department | None = None
) -> timedelta:
    """Return the working time between two moments (negative when reversed)."""
    return arithmetic.working_time_between(calendar_for(department), start, end)


def is_working_day(day: date, *, department: Department | None = None) -> bool:
    """Return whether any part of `day` is worked."""
    return arithmetic.is_working_day(calendar_for(department), day)


def working_days_between(first: date, last: date, *, department: Department | None = None) -> int:
    """Return how many working days lie after `first`, up to and including `last` (negative when reversed)."""
    return arithmetic.working_days_between(calendar_for(department), first, last)


def explain(start: datetime, days: float, *, department: Department | None = None) -> list[CountedDay]:
    """Return the days between receipt and due date, each counted or with the reason why not."""
    return arithmetic.explain(calendar_for(department), start, days)
