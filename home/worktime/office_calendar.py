"""When an office works: the values that deadlines are counted with, and walks along them. No database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

#: How far a count looks for working time before it gives up (a calendar without any would loop for ever).
HORIZON_DAYS = 3660

ONE_DAY = timedelta(days=1)
NOTHING = timedelta(0)


class NoWorkingTimeError(ValueError):
    """The calendar holds (nearly) no working time, so that a deadline cannot be counted."""


class Interval(NamedTuple):
    """A half-day of work on any date: `start` is included, `end` is not; `part` is `morning` or `afternoon`."""

    start: time
    end: time
    part: str


class Span(NamedTuple):
    """A stretch of time: two moments in UTC, so that sums are right over a change of the clock."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """Return how long it lasts."""
        return self.end - self.start

    def overlap(self, other: Span) -> timedelta:
        """Return how much of it lies inside another one."""
        return max(min(self.end, other.end) - max(self.start, other.start), NOTHING)


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
        """Return the half-days worked on `day`; a make-up day wins over a holiday.

        Who never works on the weekday that a make-up day stands for keeps the usual hours of that date.
        """
        usual = self.week.get(day.weekday(), ())
        extra = self.extra_days.get(day)
        if extra is not None:
            return self.week.get(extra.weekday) or usual
        off = self.days_off.get(day)
        if off is None:
            return usual
        return tuple(half for half in usual if off.part not in ("day", half.part))

    def spans(self, day: date) -> list[Span]:
        """Return the working time of `day`, in order.

        Hours that a change of the clock leaves out or puts in disorder are cut, so that spans never overlap.
        """
        spans: list[Span] = []
        for half in self.intervals(day):
            start, end = self._moment(day, half.start), self._moment(day, half.end)
            start = max(start, spans[-1].end) if spans else start
            spans.append(Span(start, max(start, end)))
        return spans

    def opens(self, day: date) -> datetime:
        """Return the first moment of a working day."""
        return self.spans(day)[0].start

    def closes(self, day: date) -> datetime:
        """Return the end of a working day."""
        return self.spans(day)[-1].end

    def length(self, day: date) -> timedelta:
        """Return the working time of a day."""
        return sum((span.length for span in self.spans(day)), NOTHING)

    def local(self, moment: datetime) -> datetime:
        """Return an aware moment in the office's own time zone. Raises `ValueError` on a naive one."""
        return utc(moment).astimezone(self.zone)

    def day(self, moment: datetime) -> date:
        """Return the office's date at a moment."""
        return self.local(moment).date()

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)


def utc(moment: datetime) -> datetime:
    """Return an aware moment in UTC. Raises `ValueError` on a naive one: its zone would be the server's."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; give an aware moment.")
    return moment.astimezone(UTC)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Return whether any part of `day` is worked."""
    return bool(calendar.intervals(day))


def working_days(calendar: Calendar, day: date, *, forward: bool = True) -> Iterator[date]:
    """Yield the working days after (or before) `day`; raise when none comes within the horizon."""
    idle = 0
    step = ONE_DAY if forward else -ONE_DAY
    while idle < HORIZON_DAYS:
        try:
            day += step
        except OverflowError:
            break
        if is_working_day(calendar, day):
            idle = 0
            yield day
        else:
            idle += 1
    raise NoWorkingTimeError(
        "The calendar has no working time left to count with: give working hours for at least one weekday."
    )


def spans_after(calendar: Calendar, moment: datetime) -> Iterator[Span]:
    """Yield the stretches of working time that end after `moment`, the nearest first, for as long as there are any."""
    today = calendar.day(moment)
    yield from (span for span in calendar.spans(today) if span.end > moment)
    for day in working_days(calendar, today):
        yield from calendar.spans(day)


def spans_before(calendar: Calendar, moment: datetime) -> Iterator[Span]:
    """Yield the stretches of working time that begin before `moment`, the nearest first."""
    today = calendar.day(moment)
    yield from (span for span in reversed(calendar.spans(today)) if span.start < moment)
    for day in working_days(calendar, today, forward=False):
        yield from reversed(calendar.spans(day))


def working_time_in(calendar: Calendar, stretch: Span) -> timedelta:
    """Return how much working time lies inside a stretch of time."""
    total = NOTHING
    day, last = calendar.day(stretch.start), calendar.day(stretch.end)
    while day <= last:
        total += sum((span.overlap(stretch) for span in calendar.spans(day)), NOTHING)
        day += ONE_DAY
    return total
