"""The weekly schedule (lịch công tác tuần): one row a meeting, by day, mornings before afternoons."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from home.worktime.api import calendar_for

from .models import Meeting

NOON = time(12)
#: Weeks outside are refused: nobody plans there, and dates end at year 9999.
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Week:
    """An ISO week."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Week:
        """Return the week of a day."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, code: str) -> Week | None:
        """Return the week called `2026-W47`, or None when there is none."""
        match = re.fullmatch(r"([0-9]{4})-W([0-9]{1,2})", code)
        if match is None or int(match[1]) not in YEARS:
            return None
        try:
            return cls(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        except ValueError:
            return None

    def __str__(self) -> str:
        year, number, _day = self.monday.isocalendar()
        return f"{year}-W{number:02d}"

    @property
    def number(self) -> int:
        """Return the number of the week in its year."""
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> date:
        """Return the last day."""
        return self.monday + timedelta(days=6)

    @property
    def previous(self) -> Week:
        """Return the week before."""
        return Week(self.monday - timedelta(days=7))

    @property
    def following(self) -> Week:
        """Return the week after."""
        return Week(self.monday + timedelta(days=7))

    def days(self) -> list[date]:
        """Return the seven days."""
        return [self.monday + timedelta(days=n) for n in range(7)]

    def bounds(self) -> tuple[datetime, datetime]:
        """Return the first moment of the week and the first after it, at the office."""
        return _midnight(self.monday), _midnight(self.following.monday)


@dataclass
class Day:
    """One day of the schedule; `note` names a holiday or why a day off is worked."""

    on: date
    is_today: bool
    is_working: bool
    note: str
    morning: list[Meeting] = field(default_factory=list)
    afternoon: list[Meeting] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many table rows the day takes: one at least."""
        return max(len(self.morning) + len(self.afternoon), 1)

    @property
    def halves(self) -> list[tuple[str, list[Meeting]]]:
        """Return the halves that have meetings."""
        both = [("morning", self.morning), ("afternoon", self.afternoon)]
        return [(name, rows) for name, rows in both if rows]


def schedule(user: Any, week: Week, *, mine: bool = False) -> list[Day]:
    """Return the days of the week with what the person may see; empty days off are left out.

    Four queries and those of the person's own departments, whatever the number of meetings.
    """
    rows = Meeting.objects.concerning(user) if mine else Meeting.objects.visible_to(user)
    rows = rows.between(*week.bounds()).select_related("room", "chair")
    return arrange(rows.prefetch_related("people", "departments").order_by("starts_at", "pk"), week)


def arrange(meetings: Iterable[Meeting], week: Week) -> list[Day]:
    """Sort meetings into the days of the week; one that began before stands on Monday morning."""
    calendar = calendar_for()
    today = timezone.localdate()
    days = {}
    for on in week.days():
        off, extra = calendar.days_off.get(on), calendar.extra_days.get(on)
        note = extra.name if extra else off.name if off else ""
        days[on] = Day(on, on == today, bool(calendar.intervals(on)), note)
    for meeting in meetings:
        start = timezone.localtime(meeting.starts_at)
        day = days[max(start.date(), week.monday)]
        early = start.date() < week.monday or start.time() < NOON
        (day.morning if early else day.afternoon).append(meeting)
    return [day for day in days.values() if day.is_working or day.note or day.halves or day.on.weekday() < 5]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
