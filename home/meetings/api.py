"""The front door of this room: meetings that a person may see."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from home.people.api import department_ids_of
from plugins.api.api import PreparedFamily, example_keys

from .booking import ChangedMeanwhileError, RoomTakenError, cancel_meeting, people_clashes, save_meeting
from .models import Meeting, Room

__all__ = [
    "ChangedMeanwhileError",
    "Meeting",
    "Room",
    "RoomTakenError",
    "cancel_meeting",
    "people_clashes",
    "save_meeting",
    "today_for",
]


def today_for(user: Any) -> list[Meeting]:
    """Return today's scheduled meetings that concern the person, in order; `room` and `chair` at hand.

    One query, asked for on every home page: its SQL is built once for everybody in as many departments.
    """
    if not (user.is_authenticated and user.is_active):
        return []
    start = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    departments = sorted(department_ids_of(user))
    return _between.of(len(departments)).all(start, start + timedelta(days=1), user.pk, *departments)


def _concerning(_number: int, start: Any, end: Any, person: Any, *departments: Any) -> QuerySet[Meeting]:
    rows = Meeting.objects.concerning_one(person, departments).scheduled().between(start, end)
    return rows.select_related("room", "chair").order_by("starts_at", "pk")


_EXAMPLE_DAY = (datetime(1900, 1, 1, tzinfo=UTC), datetime(1900, 1, 2, tzinfo=UTC))
_between: PreparedFamily[Meeting] = PreparedFamily(
    _concerning, lambda number: [*_EXAMPLE_DAY, *example_keys(number + 1)]
)
