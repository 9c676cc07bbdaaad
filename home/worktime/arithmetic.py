"""Counting in working days and working hours: pure functions over a `Calendar`, no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

#: How far a count looks for working time before it gives up (a calendar without any would loop for ever).
HORIZON_DAYS = 3660

ONE_DAY = timedelta(days=1)


class NoWorkingTimeError(ValueError):
    """The calendar holds (nearly) no working time, so that a deadline cannot be counted."""


class Interval(NamedTuple):
    """A half-day of work on any date: `start` is included, `end` is not."""

    start: time
    end: time


class Span(NamedTuple):
    """A stretch of working time on one date, both ends aware."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class DayOff:
    """A holiday, or a half of one: `part` is `day`, `morning` or `afternoon`."""

    name: str
    part: str = "day"


@dataclass(frozen=True)
class ExtraDay:
    """A make-up day (làm bù), worked with the hours of `weekday` (0 is Monday)."""

    name: str
    weekday: int = 0


@dataclass(frozen=True)
class Calendar:
    """When one office works. `week` maps 0 (Monday) … 6 to the half-days worked, in order."""

    zone: tzinfo
    week: Mapping[int, tuple[Interval, ...]]
    days_off: Mapping[date, DayOff] = field(default_factory=dict)
    extra_days: Mapping[date, ExtraDay] = field(default_factory=dict)

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """Return the half-days worked on `day`; a make-up day wins over a holiday."""
        extra = self.extra_days.get(day)
        if extra is not None:
            return self.week.get(extra.weekday) or self.week.get(0, ())
        usual = self.week.get(day.weekday(), ())
        off = self.days_off.get(day)
        if off is None:
            return usual
        if off.part == "morning":
            return tuple(half for half in usual if half.start >= time(12))
        if off.part == "afternoon":
            return tuple(half for half in usual if half.start < time(12))
        return ()

    def spans(self, day: date) -> list[Span]:
        """Return the working time of `day` as aware moments, in order."""
        return [
            Span(datetime.combine(day, half.start, self.zone), datetime.combine(day, half.end, self.zone))
            for half in self.intervals(day)
        ]

    def local(self, moment: datetime) -> datetime:
        """Return an aware moment in the office's own time zone. Raises `ValueError` on a naive one."""
        if moment.tzinfo is None:
            raise ValueError(f"{moment!r} has no time zone; give an aware moment.")
        return moment.astimezone(self.zone)


class CountedDay(NamedTuple):
    """One line of "why is this due then?": `number` is the working day counted, or None with the `reason`.

    `reason` is `received`, `weekend`, `holiday`, `half_holiday`, `make_up` or empty; `name` is the holiday's.
    """

    day: date
    number: float | None
    reason: str
    name: str


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Return whether any part of `day` is worked."""
    return bool(calendar.intervals(day))


def next_working_day(calendar: Calendar, day: date) -> date:
    """Return the first working day after `day`."""
    return next(_working_days(calendar, day, forward=True))


def received_on(calendar: Calendar, moment: datetime) -> date:
    """Return the working day on which something handed in at `moment` counts as received.

    After the last working hour of a day, and on a day off, that is the next working day.
    """
    local = calendar.local(moment)
    spans = calendar.spans(local.date())
    if spans and local < spans[-1].end:
        return local.date()
    return next_working_day(calendar, local.date())


def add_working_days(calendar: Calendar, start: datetime, days: float) -> datetime:
    """Return the end of the working day that lies `days` working days after the day of receipt.

    The day of receipt is not counted (Civil Code 2015, Art. 147). `days` is a multiple of 0.5, not below 0;
    a half ends with the first half-day of the working day that follows.
    """
    halves = days * 2
    if halves < 0 or halves != int(halves):
        raise ValueError(f"{days!r} working days cannot be counted; give 0, 0.5, 1, …")
    day = received_on(calendar, start)
    if days == 0:
        return calendar.spans(day)[-1].end
    following = _working_days(calendar, day, forward=True)
    for _number in range(int(days)):
        day = next(following)
    if halves % 2:
        return calendar.spans(next(following))[0].end
    return calendar.spans(day)[-1].end


def subtract_working_days(calendar: Calendar, end: datetime, days: int) -> datetime:
    """Return the end of the working day that lies `days` working days before the one of `end`.

    The opposite of `add_working_days` for whole days; an `end` on a day off counts from the last
    working day before it.
    """
    if days < 0:
        raise ValueError(f"{days!r} working days cannot be counted; give 0, 1, 2, …")
    day = calendar.local(end).date()
    before = _working_days(calendar, day, forward=False)
    if not is_working_day(calendar, day):
        day = next(before)
    for _number in range(days):
        day = next(before)
    return calendar.spans(day)[-1].end


def working_days_between(calendar: Calendar, first: date, last: date) -> int:
    """Return how many working days lie after `first`, up to and including `last` (negative when reversed)."""
    if last < first:
        return -working_days_between(calendar, last, first)
    return sum(is_working_day(calendar, first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def add_working_time(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """Return the moment at which `amount` of working time after `start` has passed (back when negative)."""
    if amount < timedelta(0):
        return _go_back(calendar, calendar.local(start), -amount)
    moment = calendar.local(start)
    for span in _spans_from(calendar, moment):
        begin = max(span.start, moment)
        if begin + amount <= span.end:
            return begin + amount
        amount -= span.end - begin
    raise _no_time()


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return how much working time lies between two moments (negative when reversed)."""
    if end < start:
        return -working_time_between(calendar, end, start)
    first, last = calendar.local(start), calendar.local(end)
    total = timedelta(0)
    day = first.date()
    while day <= last.date():
        for span in calendar.spans(day):
            total += max(min(span.end, last) - max(span.start, first), timedelta(0))
        day += ONE_DAY
    return total


def explain(calendar: Calendar, start: datetime, days: float) -> list[CountedDay]:
    """Return every day from the one of receipt to the due date, with its number or why it was not counted."""
    due = add_working_days(calendar, start, days).date()
    lines = []
    day = calendar.local(start).date()
    received = received_on(calendar, start)
    number = 0.0
    while day <= due:
        reason, name = _why(calendar, day)
        counted: float | None = None
        if day == received:
            reason = "received"
        elif day > received and is_working_day(calendar, day):
            number = min(number + 1, days)
            counted = number
        lines.append(CountedDay(day, counted, reason, name))
        day += ONE_DAY
    return lines


def _why(calendar: Calendar, day: date) -> tuple[str, str]:
    if day in calendar.extra_days:
        return "make_up", calendar.extra_days[day].name
    off = calendar.days_off.get(day)
    if off is not None:
        return ("holiday" if off.part == "day" else "half_holiday"), off.name
    return ("", "") if is_working_day(calendar, day) else ("weekend", "")


def _working_days(calendar: Calendar, day: date, *, forward: bool) -> Iterator[date]:
    """Yield the working days after (or before) `day`; raise when none comes within the horizon."""
    idle = 0
    while idle < HORIZON_DAYS:
        day = day + ONE_DAY if forward else day - ONE_DAY
        if is_working_day(calendar, day):
            idle = 0
            yield day
        else:
            idle += 1
    raise _no_time()


def _spans_from(calendar: Calendar, moment: datetime) -> Iterator[Span]:
    """Yield the stretches of working time that end after `moment`, for as long as there are any."""
    today = moment.date()
    if is_working_day(calendar, today):
        yield from (span for span in calendar.spans(today) if span.end > moment)
    for day in _working_days(calendar, today, forward=True):
        yield from calendar.spans(day)


def _go_back(calendar: Calendar, moment: datetime, amount: timedelta) -> datetime:
    for span in _spans_before(calendar, moment):
        end = min(span.end, moment)
        if end - amount >= span.start:
            return end - amount
        amount -= end - span.start
    raise _no_time()


def _spans_before(calendar: Calendar, moment: datetime) -> Iterator[Span]:
    today = moment.date()
    if is_working_day(calendar, today):
        yield from (span for span in reversed(calendar.spans(today)) if span.start < moment)
    for day in _working_days(calendar, today, forward=False):
        yield from reversed(calendar.spans(day))


def _no_time() -> NoWorkingTimeError:
    return NoWorkingTimeError(
        "The calendar has no working time left to count with: give working hours for at least one weekday."
    )
