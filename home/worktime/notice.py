"""When to remind before a due date and to escalate after it: always at a moment at which somebody works."""

from __future__ import annotations

from datetime import datetime

from .arithmetic import add_working_time, days_after, duration, split_days
from .office_calendar import Calendar, spans_after, spans_before, utc, working_days


def before_due(calendar: Calendar, due_at: datetime, *, days: float = 0, hours: float = 0) -> datetime:
    """Return the moment of a reminder that leaves at least this much working time, never after `due_at`.

    Days lead to the first hour of the working day that lies so many before the one of the due date (a half more: to
    the last half-day of the day before that one), hours go back from there, or from the due date, to the minute.
    Without either it is the due date, or the end of the last working time before it.
    """
    moment = utc(due_at)
    if days:
        moment = _opening_before(calendar, moment, days)
    if hours:
        return add_working_time(calendar, moment, -duration(hours))
    return calendar.local(moment if days else _last_worked(calendar, moment))


def after_due(calendar: Calendar, due_at: datetime, *, days: float = 0, hours: float = 0) -> datetime:
    """Return the moment of an escalation after at least this much working time, never before `due_at`.

    Days are counted from the one after the due date, and have to be over: the moment is the first working one then.
    Hours go on from there, or from the due date, to the minute. Closing time is never the answer, since nobody
    reads then: it is the next opening.
    """
    moment = utc(due_at)
    if days:
        moment = days_after(calendar, calendar.day(moment), days)
    moment = utc(add_working_time(calendar, moment, duration(hours)))
    return calendar.local(max(moment, next(spans_after(calendar, moment)).start))


def _opening_before(calendar: Calendar, moment: datetime, days: float) -> datetime:
    whole, half = split_days(days)
    before = working_days(calendar, calendar.day(moment), forward=False)
    day = calendar.day(moment)
    for _number in range(whole + half):
        day = next(before)
    return calendar.spans(day)[-1 if half else 0].start


def _last_worked(calendar: Calendar, moment: datetime) -> datetime:
    """Return the moment itself when somebody works then (closing time included), else the closing time before it."""
    if next(spans_after(calendar, moment)).start <= moment:
        return moment
    return next(spans_before(calendar, moment)).end
