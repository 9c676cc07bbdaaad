"""Meetings as iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
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


def to_ics(meetings: Iterable[Meeting], *, name: str) -> bytes:
    """Return one calendar with its time zone. The same meetings give the same bytes (for ETags).

    Meetings need `room` and `chair` at hand (`select_related`).
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Congso//Meetings//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", timedelta(minutes=30), parameters={"VALUE": "DURATION"})
    calendar.add_component(_office_zone())
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    zone = ZoneInfo(settings.TIME_ZONE)
    for meeting in meetings:
        calendar.add_component(_event(meeting, host, zone))
    return calendar.to_ical()


def _event(meeting: Meeting, host: str, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", f"meeting-{meeting.uid}@{host}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.updated_at)
    event.add("last-modified", meeting.updated_at)
    event.add("created", meeting.created_at)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    event.add("summary", meeting.title)
    event.add("status", STATES[Meeting.Status(meeting.status)])
    if meeting.where:
        event.add("location", meeting.where)
    event.add("description", _description(meeting))
    event.add("url", settings.WAGTAILADMIN_BASE_URL.rstrip("/") + meeting.get_absolute_url())
    return event


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
