"""The profile section `worktime`: days off, make-up days and working hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from home.people.api import Department
from plugins.api.api import ProfileContext, ProfileSection, Shape, profile_sections

from .models import Holiday, MakeUpDay, WorkingHours


class HolidayRow(Shape):
    """A day off, whole or half; `confirmed: false` while it is only expected."""

    on: date
    name: str
    part: Literal["day", "morning", "afternoon"] = "day"
    confirmed: bool = True


class MakeUpRow(Shape):
    """A day that is worked with the hours of another weekday (0 is Monday)."""

    on: date
    name: str
    as_weekday: int = Field(default=0, ge=0, le=6)


class HoursRow(Shape):
    """The hours of some weekdays (0 is Monday), of the whole office unless a department is named."""

    department: str = ""
    weekdays: list[Literal[0, 1, 2, 3, 4, 5, 6]] = Field(min_length=1)
    morning: tuple[time, time] | None = None
    afternoon: tuple[time, time] | None = None


class WorktimeFile(Shape):
    """The file `worktime.yaml`."""

    holidays: list[HolidayRow] = []
    make_up_days: list[MakeUpRow] = []
    hours: list[HoursRow] = []


@profile_sections.register
class WorktimeSection(ProfileSection):
    """Writes the calendar; days that the file does not name stay as they are."""

    code = "worktime"
    order = 20
    model = WorktimeFile
    records = ("worktime.holiday", "worktime.makeupday", "worktime.workinghours")

    def check(self, data: WorktimeFile, context: ProfileContext) -> Iterator[tuple[str, str]]:
        """Check that days are named once and that departments exist."""
        for key in ("holidays", "make_up_days"):
            days = [row.on for row in getattr(data, key)]
            for i, day in enumerate(days):
                if day in days[:i]:
                    yield f"{key}[{i}].on", _("“%(code)s” stands here twice.") % {"code": day}
        for i, row in enumerate(data.hours):
            if row.department and (message := context.unknown("department", row.department)):
                yield f"hours[{i}].department", message

    def load(self, data: WorktimeFile, context: ProfileContext) -> None:
        """Write days and hours."""
        for holiday in data.holidays:
            values = {"name": holiday.name, "part": holiday.part, "confirmed": holiday.confirmed}
            context.upsert(Holiday, {"on": holiday.on}, values)
        for day in data.make_up_days:
            context.upsert(MakeUpDay, {"on": day.on}, {"name": day.name, "as_weekday": day.as_weekday})
        for row in data.hours:
            _load_hours(row, context)


def _load_hours(row: HoursRow, context: ProfileContext) -> None:
    department = Department.objects.filter(code=row.department).first() if row.department else None
    morning, afternoon = row.morning or (None, None), row.afternoon or (None, None)
    values = {
        "morning_start": morning[0],
        "morning_end": morning[1],
        "afternoon_start": afternoon[0],
        "afternoon_end": afternoon[1],
    }
    for weekday in row.weekdays:
        context.upsert(WorkingHours, {"department": department, "weekday": weekday}, values)
