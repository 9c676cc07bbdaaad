"""Counting in working days and working hours: pure functions over a `Calendar`, no database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from .office_calendar import (
    NOTHING,
    Calendar,
    NoWorkingTimeError,
    Span,
    is_working_day,
    spans_after,
    spans_before,
    utc,
    working_days,
    working_time_in,
)

#: The longest term that is counted: some forty years.
MOST_DAYS = 10_000
MOST_HOURS = MOST_DAYS * 24

Pauses = Sequence[tuple[datetime, datetime]]


def received_on(calendar: Calendar, moment: datetime) -> date:
    """Return the working day on which something handed in at `moment` counts as received.

    After the last working hour of a day, and on a day off, that is the next working day.
    """
    day = calendar.day(moment)
    if is_working_day(calendar, day) and utc(moment) < calendar.closes(day):
        return day
    return next(working_days(calendar, day))


def add_working_days(calendar: Calendar, start: datetime, days: float) -> datetime:
    """Return the end of the working day that lies `days` working days after the day of receipt.

    The day of receipt is not counted (Civil Code 2015, Art. 147). `days` is a multiple of 0.5, not below 0;
    a half ends with the first half-day of the working day that follows.
    """
    return days_after(calendar, received_on(calendar, start), days)


def days_after(calendar: Calendar, day: date, days: float) -> datetime:
    """Return the end of the working day that lies `days` working days after `day`, which is not counted."""
    whole, half = split_days(days)
    following = working_days(calendar, day)
    for _number in range(whole):
        day = next(following)
    end = calendar.spans(next(following))[0].end if half else calendar.closes(day)
    return calendar.local(end)


def subtract_working_days(calendar: Calendar, end: datetime, days: int) -> datetime:
    """Return the end of the working day that lies `days` working days before the one of `end`.

    The opposite of `add_working_days` for whole days; an `end` on a day off counts from the last
    working day before it.
    """
    whole, half = split_days(days)
    if half:
        raise ValueError(f"{days!r} working days cannot be counted back; give 0, 1, 2, …")
    day = calendar.day(end)
    before = working_days(calendar, day, forward=False)
    if not is_working_day(calendar, day):
        day = next(before)
    for _number in range(whole):
        day = next(before)
    return calendar.local(calendar.closes(day))


def split_days(days: float) -> tuple[int, bool]:
    """Return the whole days of a number, and whether a half comes on top.

    Raises `ValueError` unless it is 0, 0.5, 1, … up to `MOST_DAYS`.
    """
    if not 0 <= days <= MOST_DAYS or days * 2 % 1:
        raise ValueError(f"{days!r} working days cannot be counted; give 0, 0.5, 1, … up to {MOST_DAYS}.")
    return int(days), bool(days % 1)


def duration(hours: float) -> timedelta:
    """Return a number of hours as a stretch of time. Raises `ValueError` below 0 and above `MOST_HOURS`."""
    if not 0 <= hours <= MOST_HOURS:
        raise ValueError(f"{hours!r} working hours cannot be counted; give a number from 0 to {MOST_HOURS}.")
    return timedelta(hours=float(hours))


def working_days_between(calendar: Calendar, first: date, last: date) -> int:
    """Return how many working days lie after `first`, up to and including `last` (negative when reversed)."""
    if last < first:
        return -working_days_between(calendar, last, first)
    return sum(is_working_day(calendar, first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def add_working_time(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """Return the moment at which `amount` of working time after `start` has passed (back when negative).

    Of the end of one stretch of work and the beginning of the next, which are the same to this count, it is the one
    nearer to `start`; no time at all leaves `start` as it is.
    """
    moment = utc(start)
    if amount < NOTHING:
        return calendar.local(_go_back(calendar, moment, -amount))
    return calendar.local(_go_on(calendar, moment, amount) if amount else moment)


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return how much working time lies between two moments (negative when reversed)."""
    stretch = Span(utc(start), utc(end))
    if stretch.end < stretch.start:
        return -working_time_in(calendar, Span(stretch.end, stretch.start))
    return working_time_in(calendar, stretch)


def due_after(
    calendar: Calendar, start: datetime, *, days: float | None = None, hours: float | None = None
) -> datetime:
    """Return the due date of something that begins at `start` and may take `days` working days or working `hours`.

    Days end with the last hour of the last one, hours to the minute. Raises `ValueError` unless exactly one
    is given, and for hours that are not above 0.
    """
    if (days is None) == (hours is None):
        raise ValueError("Give either days or hours.")
    if days is not None:
        return add_working_days(calendar, start, days)
    if not hours:
        raise ValueError("0 working hours leave no time; give more.")
    return add_working_time(calendar, start, duration(hours))


def merge(pauses: Pauses) -> list[Span]:
    """Return pauses in order, those that overlap or touch as one.

    Raises `ValueError` on one that ends before it begins.
    """
    merged: list[Span] = []
    for pause in sorted(Span(utc(start), utc(end)) for start, end in pauses):
        if pause.end < pause.start:
            raise ValueError(f"The pause from {pause.start} ends before it begins, at {pause.end}.")
        if merged and pause.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, pause.end))
        else:
            merged.append(pause)
    return merged


def shift_due(calendar: Calendar, due_at: datetime, pauses: Pauses) -> datetime:
    """Return a due date moved by exactly the working time inside the pauses.

    It does not matter when they were: a due date that had passed before a pause began moves as well.
    """
    paused = sum((working_time_in(calendar, pause) for pause in merge(pauses)), NOTHING)
    return add_working_time(calendar, due_at, paused)


def _go_on(calendar: Calendar, moment: datetime, amount: timedelta) -> datetime:
    for span in spans_after(calendar, moment):
        begin = max(span.start, moment)
        if begin + amount <= span.end:
            return begin + amount
        amount -= span.end - begin
    raise NoWorkingTimeError("The calendar ends.")  # pragma: no cover - the walk raises first


def _go_back(calendar: Calendar, moment: datetime, amount: timedelta) -> datetime:
    for span in spans_before(calendar, moment):
        end = min(span.end, moment)
        if end - amount >= span.start:
            return end - amount
        amount -= end - span.start
    raise NoWorkingTimeError("The calendar ends.")  # pragma: no cover - the walk raises first
