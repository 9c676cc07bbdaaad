"""Meetings as iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard

from .models import Meeting

STATES = {
    Meeting.Status.DRAFT: "TENTATIVE",
    Meeting.Status.SCHEDULED: "CONFIRMED",
    Meeting.Status.CANCELLED: "CANCELLED",
}


class Entry(NamedTuple):
    """All that an event says: equal entries give equal lines."""

    uid: str
    sequence: int
    created_at: datetime
    updated_at: datetime
    starts_at: datetime
    ends_at: datetime
    title: str
    where: str
    description: str
    status: str
    url: str


def to_ics(meetings: Iterable[Meeting], *, name: str) -> bytes:
    """Return one calendar with its time zone. The same meetings give the same bytes (for ETags).

    Meetings need `room` and `chair` at hand (`select_related`).
    """
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    host = urlsplit(base).hostname or "localhost"
    events = b"".join(_lines(_entry(meeting, base, host)) for meeting in meetings)
    head, end = _frame(name).to_ical().rsplit(b"END:VCALENDAR", 1)
    return head + events + b"END:VCALENDAR" + end


def _frame(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Congso//Meetings//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", timedelta(minutes=30), parameters={"VALUE": "DURATION"})
    calendar.add_component(_office_zone())
    return calendar


def _entry(meeting: Meeting, base: str, host: str) -> Entry:
    return Entry(
        uid=f"meeting-{meeting.uid}@{host}",
        sequence=meeting.sequence,
        created_at=meeting.created_at,
        updated_at=meeting.updated_at,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        title=meeting.title,
        where=meeting.where,
        description=_description(meeting),
        status=STATES[Meeting.Status(meeting.status)],
        url=f"{base}{meeting.get_absolute_url()}",
    )


# Writing an event costs far more than looking one up, and calendar programs ask for the same ones all day.
@lru_cache(maxsize=20_000)
def _lines(entry: Entry) -> bytes:
    zone = ZoneInfo(settings.TIME_ZONE)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.updated_at)
    event.add("last-modified", entry.updated_at)
    event.add("created", entry.created_at)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", entry.title)
    event.add("status", entry.status)
    if entry.where:
        event.add("location", entry.where)
    event.add("description", entry.description)
    event.add("url", entry.url)
    return event.to_ical()


def _description(meeting: Meeting) -> str:
    lines = [
        _("Chaired by: %s") % meeting.chair,
        _("Prepared by: %s") % meeting.preparation if meeting.preparation else "",
        _("Cancelled: %s") % meeting.cancel_reason if meeting.cancel_reason else "",
        meeting.agenda,
    ]
    return "\n".join(filter(None, lines))


def _office_zone() -> Timezone:
    """Return the VTIMEZONE of the office. Vietnam has had one offset, without summer time, since 1975."""
    offset = datetime(2026, 1, 1, tzinfo=ZoneInfo(settings.TIME_ZONE)).utcoffset() or timedelta(0)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1975, 6, 13))
    standard.add("tzoffsetfrom", offset)
    standard.add("tzoffsetto", offset)
    standard.add("tzname", f"+{offset.seconds // 3600:02d}")
    zone = Timezone()
    zone.add("tzid", settings.TIME_ZONE)
    zone.add_component(standard)
    return zone


def feed_since() -> datetime:
    """Return from when on a feed holds meetings: the last half year and all that is to come."""
    return timezone.now() - timedelta(days=183)
