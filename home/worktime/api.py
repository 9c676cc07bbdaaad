"""The front door of this room: deadlines in working time.

All functions take the hours of `department` when it (or one above it) has its own, else those of the office.
Moments must be aware, and come back in the office's time zone. Each call costs one query while the calendar is
unchanged.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from . import arithmetic, explanation, notice, office_calendar
from .arithmetic import Pauses
from .calendars import calendar_for
from .explanation import CountedDay, day_words
from .office_calendar import Calendar, NoWorkingTimeError

if TYPE_CHECKING:
    from home.people.models import Department

__all__ = [
    "Calendar",
    "CountedDay",
    "NoWorkingTimeError",
    "Pauses",
    "add_working_days",
    "add_working_hours",
    "add_working_time",
    "after_due",
    "before_due",
    "calendar_for",
    "day_words",
    "due_after",
    "explain_due",
    "explain_hours",
    "is_working_day",
    "shift_due",
    "subtract_working_days",
    "working_days_between",
    "working_time_between",
    "working_times",
]


def add_working_days(start: datetime, days: float, *, department: Department | None = None) -> datetime:
    """Return the end of the working day `days` working days after receipt at `start`.

    `days` is a multiple of 0.5. The day of receipt is not counted; intake after hours or on a day off is received on
    the next working day.
    """
    return arithmetic.add_working_days(calendar_for(department), start, days)


def subtract_working_days(end: datetime, days: int, *, department: Department | None = None) -> datetime:
    """Return the end of the working day `days` working days before the one of `end`."""
    return arithmetic.subtract_working_days(calendar_for(department), end, days)


def add_working_hours(start: datetime, hours: float, *, department: Department | None = None) -> datetime:
    """Return the moment after `hours` hours of working time; a negative number goes back."""
    return arithmetic.add_working_time(calendar_for(department), start, timedelta(hours=float(hours)))


def add_working_time(start: datetime, amount: timedelta, *, department: Department | None = None) -> datetime:
    """Return the moment after `amount` of working time; a negative one goes back."""
    return arithmetic.add_working_time(calendar_for(department), start, amount)


def due_after(
    start: datetime,
    *,
    days: float | None = None,
    hours: float | None = None,
    department: Department | None = None,
) -> datetime:
    """Return the due date of a step that begins at `start`: in `days` (multiples of 0.5) or in working `hours`.

    Raises `ValueError` unless exactly one of them is given, and for hours that are not above 0.
    """
    return arithmetic.due_after(calendar_for(department), start, days=days, hours=hours)


def shift_due(due_at: datetime, pauses: Pauses, *, department: Department | None = None) -> datetime:
    """Return the due date moved by exactly the working time inside the pauses.

    Pauses that overlap or touch count once, one wholly outside working time moves nothing, and a due date that had
    passed before a pause began moves too. Raises `ValueError` on a pause that ends before it begins.
    """
    return arithmetic.shift_due(calendar_for(department), due_at, pauses)


def before_due(
    due_at: datetime, *, days: float = 0, hours: float = 0, department: Department | None = None
) -> datetime:
    """Return when to remind: within working time, never after `due_at`, with at least so much of it left.

    One day before a date on Friday is the first hour of Thursday; hours go back to the minute.
    """
    return notice.before_due(calendar_for(department), due_at, days=days, hours=hours)


def after_due(
    due_at: datetime, *, days: float = 0, hours: float = 0, department: Department | None = None
) -> datetime:
    """Return when to escalate: within working time, never before `due_at`, after at least so much of it.

    One day after a date on Friday is the first hour of Tuesday, when Monday has passed.
    """
    return notice.after_due(calendar_for(department), due_at, days=days, hours=hours)


def explain_due(
    start: datetime, days: float, *, pauses: Pauses = (), department: Department | None = None
) -> list[CountedDay]:
    """Return each day from receipt to the due date, with its number or why it was not counted.

    The last line is the day of `shift_due(add_working_days(start, days), pauses)`.
    """
    return explanation.explain_due(calendar_for(department), start, days, pauses=pauses)


def explain_hours(
    start: datetime, hours: float, *, pauses: Pauses = (), department: Department | None = None
) -> list[CountedDay]:
    """Return the same for a term in working hours, which begins at `start` itself."""
    return explanation.explain_hours(calendar_for(department), start, hours, pauses=pauses)


def working_time_between(
    start: datetime, end: datetime, *, department: Department | None = None
) -> timedelta:
    """Return the working time between two moments (negative when reversed)."""
    return arithmetic.working_time_between(calendar_for(department), start, end)


def working_times(spans: Pauses, *, department: Department | None = None) -> list[timedelta]:
    """Return the working time of each interval (negative when reversed), all for the cost of one."""
    calendar = calendar_for(department)
    return [arithmetic.working_time_between(calendar, start, end) for start, end in spans]


def is_working_day(day: date, *, department: Department | None = None) -> bool:
    """Return whether any part of `day` is worked."""
    return office_calendar.is_working_day(calendar_for(department), day)


def working_days_between(first: date, last: date, *, department: Department | None = None) -> int:
    """Return how many working days lie after `first`, up to and including `last` (negative when reversed)."""
    return arithmetic.working_days_between(calendar_for(department), first, last)
