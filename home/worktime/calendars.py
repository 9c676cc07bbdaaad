"""The calendars of the office and of its departments, cached in each process until the stamp changes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from plugins.api.api import Prepared

from .models import CalendarStamp, Holiday, MakeUpDay, WorkingHours
from .office_calendar import Calendar, DayOff, ExtraDay, Interval

if TYPE_CHECKING:
    from home.people.models import Department

Week = dict[int, tuple[Interval, ...]]

#: Calendars by department id (None is the office) under the stamp that they were read with.
_cached: tuple[UUID | None, dict[int | None, Calendar]] | None = None


def calendar_for(department: Department | None = None) -> Calendar:
    """Return the calendar of a department, or of the office. One query, four when the rows have changed."""
    calendars = _calendars()
    if department is None:
        return calendars[None]
    own_first = [int(pk) for pk in reversed(department.path.strip("/").split("/")) if pk]
    for pk in [department.pk, *own_first]:
        if pk in calendars:
            return calendars[pk]
    return calendars[None]


def _calendars() -> dict[int | None, Calendar]:
    global _cached
    # The stamp is read before the rows: rows that are newer than their stamp are merely read once more.
    rows = _stamp.rows()
    stamp = rows[0][0] if rows else None
    held = _cached
    if held is None or held[0] != stamp:
        held = (stamp, _load())
        _cached = held
    return held[1]


_stamp: Prepared[CalendarStamp] = Prepared(
    lambda: CalendarStamp.objects.order_by("pk").values_list("value")[:1], keyed=True
)


def _load() -> dict[int | None, Calendar]:
    weeks: dict[int | None, Week] = defaultdict(dict)
    weeks[None] = {}
    for row in WorkingHours.objects.order_by():
        weeks[row.department_id][row.weekday] = tuple(Interval(*half) for half in row.halves())
    days_off = {row.on: DayOff(row.name, row.part) for row in Holiday.objects.order_by()}
    extra_days = {row.on: ExtraDay(row.name, row.as_weekday) for row in MakeUpDay.objects.order_by()}
    zone = ZoneInfo(settings.TIME_ZONE)
    return {pk: Calendar(zone, week, days_off, extra_days) for pk, week in weeks.items()}
