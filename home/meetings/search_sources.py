"""Meetings, in the search."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.base.api import Entry, Indexed, SearchSource, search_sources

from .models import Meeting


def meeting_entry(meeting: Meeting) -> Entry:
    """Return what is found of a meeting: subject, agenda, place."""
    return Entry(
        title=meeting.title,
        text=" · ".join(filter(None, [meeting.agenda, meeting.where, meeting.preparation])),
        url=meeting.get_absolute_url(),
        day=timezone.localdate(meeting.starts_at),
    )


def visible_meetings(user: Any) -> Any:
    """Return the meetings that the reader may know of."""
    return Meeting.objects.visible_to(user)


search_sources.register(
    SearchSource(
        code="meetings",
        label=_("Meetings"),
        icon="calendar-event",
        order=40,
        indexed=Indexed(model=Meeting, visible_to=visible_meetings, entry=meeting_entry),
    )
)
