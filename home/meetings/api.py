"""The front door of this room: meetings that a person may see."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

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
    """Return today's scheduled meetings that concern the person, in order; `room` and `chair` at hand."""
    start = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    rows = Meeting.objects.concerning(user).scheduled().between(start, start + timedelta(days=1))
    return list(rows.select_related("room", "chair").order_by("starts_at", "pk"))
