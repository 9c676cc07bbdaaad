"""The profile section `meetings`: rooms, and meetings around the day of loading."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Literal

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from home.notifications.api import Notification
from home.people.api import Department, User
from home.worktime.api import is_working_day
from plugins.api.api import ProfileContext, ProfileSection, SectionError, Shape, profile_sections

from .booking import RoomTakenError, save_meeting
from .models import Meeting, Room

#: Meetings of profiles get their lasting ids from profile and code.
NAMESPACE = uuid.UUID("5b0f5b0e-6a6e-4c0e-9d0c-8f3b1b6d2a17")


class RoomRow(Shape):
    """A room that can be booked."""

    name: str
    capacity: int | None = Field(default=None, ge=1, le=5000)
    equipment: str = ""


class MeetingRow(Shape):
    """A meeting; `week` 0 is the week of loading, `weekday` 1 is Monday, `start` and `end` are local times."""

    code: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    title: str
    agenda: str = ""
    week: int = Field(default=0, ge=-8, le=8)
    weekday: Literal[1, 2, 3, 4, 5, 6, 7]
    start: time
    end: time
    room: str = ""
    place: str = ""
    chair: str
    organiser: str
    people: list[str] = []
    departments: list[str] = []
    office_wide: bool = False
    preparation: str = ""


class MeetingsFile(Shape):
    """The file `meetings.yaml`."""

    rooms: list[RoomRow] = []
    meetings: list[MeetingRow] = []


@profile_sections.register
class MeetingsSection(ProfileSection):
    """Makes rooms, and meetings that are not there yet; a meeting on a day off is left out."""

    code = "meetings"
    order = 70
    model = MeetingsFile
    records = ("meetings.meeting", "meetings.room")
    bookkeeping = ("meetings.calendarfeed",)

    def stored(self) -> Mapping[str, Iterable[str]]:
        """Return what the database holds."""
        return {"room": Room.objects.values_list("name", flat=True)}

    def provides(self, data: MeetingsFile) -> Mapping[str, Iterable[str]]:
        """Return what the file brings."""
        return {"room": [row.name for row in data.rooms]}

    def check(self, data: MeetingsFile, context: ProfileContext) -> Iterator[tuple[str, str]]:
        """Check that times run forward, codes are unique, and everything named exists."""
        codes = [row.code for row in data.meetings]
        for i, row in enumerate(data.meetings):
            if row.code in codes[:i]:
                yield f"meetings[{i}].code", _("“%(code)s” stands here twice.") % {"code": row.code}
            if row.end <= row.start:
                yield f"meetings[{i}].end", _("The end must be after the beginning.")
            for kind, code, place in _named(row):
                if message := context.unknown(kind, code):
                    yield f"meetings[{i}].{place}", message

    def load(self, data: MeetingsFile, context: ProfileContext) -> None:
        """Write rooms and meetings. Raises `SectionError` when a room is taken."""
        for row in data.rooms:
            context.upsert(Room, {"name": row.name}, {"capacity": row.capacity, "equipment": row.equipment})
        newest = Notification.objects.aggregate(newest=Max("pk"))["newest"] or 0
        for i, meeting in enumerate(data.meetings):
            try:
                context.count(str(Meeting._meta.verbose_name_plural), _load(meeting, context))
            except RoomTakenError as error:
                message = _("The room is taken by “%(other)s”.") % {"other": error.other.title}
                raise SectionError([(f"meetings[{i}].room", message)]) from error
        # Nobody needs a bell or a mail about what was there when they came.
        now = timezone.now()
        Notification.objects.filter(pk__gt=newest).update(planned_at=now, read_at=now)


def _named(row: MeetingRow) -> Iterator[tuple[str, str, str]]:
    yield "person", row.chair, "chair"
    yield "person", row.organiser, "organiser"
    if row.room:
        yield "room", row.room, "room"
    for i, code in enumerate(row.people):
        yield "person", code, f"people[{i}]"
    for i, code in enumerate(row.departments):
        yield "department", code, f"departments[{i}]"


def _load(row: MeetingRow, context: ProfileContext) -> str:
    """Write one meeting and return what happened to it."""
    uid = uuid.uuid5(NAMESPACE, f"{context.profile}:{row.code}")
    if Meeting.objects.filter(uid=uid).exists():
        return "kept"
    monday = context.anchor - timedelta(days=context.anchor.weekday())
    day = monday + timedelta(days=row.week * 7 + row.weekday - 1)
    if not is_working_day(day):
        return "left out"
    by = User.objects.get(username=row.organiser)
    meeting = Meeting(
        uid=uid,
        title=row.title,
        agenda=row.agenda,
        room=Room.objects.filter(name=row.room).first(),
        place=row.place,
        starts_at=timezone.make_aware(datetime.combine(day, row.start)),
        ends_at=timezone.make_aware(datetime.combine(day, row.end)),
        chair=User.objects.get(username=row.chair),
        office_wide=row.office_wide,
        preparation=row.preparation,
        organiser=by,
    )
    meeting.full_clean()
    people = User.objects.filter(username__in=row.people)
    departments = Department.objects.filter(code__in=row.departments)
    save_meeting(meeting, by=by, people=list(people), departments=list(departments))
    return "created"
