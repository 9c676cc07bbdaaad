"""Why is this due on that day? Every day from receipt to the due date, and what the count made of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from .arithmetic import (
    Pauses,
    add_working_days,
    due_after,
    merge,
    received_on,
    shift_due,
    split_days,
)
from .office_calendar import (
    NOTHING,
    ONE_DAY,
    Calendar,
    Span,
    is_working_day,
    utc,
    working_days,
    working_time_in,
)


class CountedDay(NamedTuple):
    """One line of the explanation.

    `number` is what the count has reached at the end of the day, in working days (or working hours, if the term is
    in hours); it is None on a day on which the count stands still. `reason` says what is special:

    - `after_hours`: handed in after the last working hour, received on the next working day
    - `received`: the day of receipt
    - `weekend`: a day of the week without working hours
    - `holiday`, `half_holiday`: a day off, `name` says which
    - `make_up`: a make-up day, worked and counted
    - `paused`: the clock stood for `paused` of the working time of this day
    - `carried`: a working day that makes up for a pause before the count began or after it was over
    - empty: an ordinary working day

    `counted` is the working time that this day gave to the term; over all days it adds up to the whole term.
    """

    day: date
    number: float | None
    reason: str
    name: str
    counted: timedelta
    paused: timedelta


@dataclass(frozen=True)
class _Count:
    """One count: the clock runs from `began` until `due_at`, stands in the pauses, and `reads` its sum."""

    calendar: Calendar
    handed_in: date
    received: date
    began: datetime
    due_at: datetime
    pauses: list[Span]
    term: timedelta
    reads: Callable[[timedelta], float]


def explain_due(calendar: Calendar, start: datetime, days: float, *, pauses: Pauses = ()) -> list[CountedDay]:
    """Return the days from the one of `start` to `shift_due(add_working_days(start, days), pauses)`."""
    received = received_on(calendar, start)
    due_at = add_working_days(calendar, start, days)
    marks = list(_marks(calendar, received, days))
    count = _Count(
        calendar,
        handed_in=calendar.day(start),
        received=received,
        began=calendar.closes(received),
        due_at=utc(shift_due(calendar, due_at, pauses)),
        pauses=merge(pauses),
        term=marks[-1][0],
        reads=lambda passed: _reading(marks, passed),
    )
    return list(_lines(count))


def explain_hours(
    calendar: Calendar, start: datetime, hours: float, *, pauses: Pauses = ()
) -> list[CountedDay]:
    """Return the days from the one of `start` to `shift_due(due_after(start, hours=hours), pauses)`."""
    due_at = due_after(calendar, start, hours=hours)
    count = _Count(
        calendar,
        handed_in=calendar.day(start),
        received=received_on(calendar, start),
        began=utc(start),
        due_at=utc(shift_due(calendar, due_at, pauses)),
        pauses=merge(pauses),
        term=working_time_in(calendar, Span(utc(start), utc(due_at))),
        reads=lambda passed: passed / timedelta(hours=1),
    )
    return list(_lines(count))


def _lines(count: _Count) -> Iterator[CountedDay]:
    # What was paused before the clock started is owed: the clock starts that much below zero.
    passed = -_paused(count, Span(min([count.began, *(p.start for p in count.pauses)]), count.began))
    day = count.handed_in
    while day <= count.calendar.day(count.due_at):
        before = count.reads(_within(passed, count.term))
        counted = -_within(passed, count.term)
        passed += _run(count, day)
        counted += _within(passed, count.term)
        after = count.reads(_within(passed, count.term))
        number = round(after, 2) if after > before else None
        paused = sum((_paused(count, span) for span in count.calendar.spans(day)), NOTHING)
        reason, name = _why(count, day, number, paused)
        yield CountedDay(day, number, reason, name, counted, paused)
        day += ONE_DAY


def _run(count: _Count, day: date) -> timedelta:
    """Return for how much of the working time of a day the clock ran."""
    total = NOTHING
    for span in count.calendar.spans(day):
        start, end = max(span.start, count.began), min(span.end, count.due_at)
        if start < end:
            total += (end - start) - _paused(count, Span(start, end))
    return total


def _paused(count: _Count, stretch: Span) -> timedelta:
    """Return how much working time of a stretch was paused."""
    inside = (
        Span(max(pause.start, stretch.start), min(pause.end, stretch.end))
        for pause in count.pauses
        if pause.overlap(stretch)
    )
    return sum((working_time_in(count.calendar, part) for part in inside), NOTHING)


def _within(passed: timedelta, term: timedelta) -> timedelta:
    return min(max(passed, NOTHING), term)


def _why(count: _Count, day: date, number: float | None, paused: timedelta) -> tuple[str, str]:
    reason, name = _kind(count.calendar, day)
    if day == count.received:
        reason = "received"
    elif not is_working_day(count.calendar, day):
        pass
    elif day < count.received:
        reason = "after_hours"
    elif paused:
        reason = "paused"
    elif number is None:
        reason = "carried"
    return reason, name


def _kind(calendar: Calendar, day: date) -> tuple[str, str]:
    if day in calendar.extra_days:
        return "make_up", calendar.extra_days[day].name
    off = calendar.days_off.get(day)
    if off is not None:
        return ("holiday" if off.part == "day" else "half_holiday"), off.name
    return ("" if is_working_day(calendar, day) else "weekend"), ""


def _marks(calendar: Calendar, received: date, days: float) -> Iterator[tuple[timedelta, float]]:
    """Yield how much working time has passed when each working day of the term ends, days may differ in length."""
    whole, half = split_days(days)
    passed = NOTHING
    yield passed, 0.0
    following = working_days(calendar, received)
    for number, day in enumerate(islice(following, whole), start=1):
        passed += calendar.length(day)
        yield passed, float(number)
    if half:
        yield passed + calendar.spans(next(following))[0].length, float(days)


def _reading(marks: list[tuple[timedelta, float]], passed: timedelta) -> float:
    """Return the working days that so much working time makes: between two marks, their share."""
    at = bisect_right(marks, passed, key=lambda mark: mark[0]) - 1
    sum_before, number = marks[at]
    if at + 1 == len(marks):
        return number
    sum_after, following = marks[at + 1]
    return number + (following - number) * ((passed - sum_before) / (sum_after - sum_before))


_WHY: dict[str, str | Promise] = {
    "after_hours": gettext_lazy("handed in after hours, received on the next working day"),
    "received": gettext_lazy("day of receipt, not counted"),
    "weekend": gettext_lazy("not a working day"),
    "holiday": gettext_lazy("day off"),
    "half_holiday": gettext_lazy("half a day off"),
    "make_up": gettext_lazy("make-up day, counted"),
    "carried": gettext_lazy("makes up for a pause"),
    "": gettext_lazy("working day"),
}


def day_words(day: CountedDay) -> str:
    """Say what the count made of a day, in the reader's language; an unknown reason stands for itself."""
    words = str(_WHY.get(day.reason, day.reason))
    return f"{words}: {day.name}" if day.name else words
