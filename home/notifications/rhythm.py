"""The clock of one reader: until when it is quiet, and when the next digest is due. Nothing here asks a database."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from .models import ReaderRhythm

_SATURDAY = 5


def quiet_until(wish: ReaderRhythm, at: datetime) -> datetime | None:
    """Return when the quiet that holds at this moment ends; None when nothing is quiet."""
    local = _local(at)
    end = local
    for _step in range(8):  # night, weekend and night again: four steps at most
        further = _end_of_weekend(wish, end) or _end_of_night(wish, end)
        if further is None:
            break
        end = further
    return end if end > local else None


def next_digest(wish: ReaderRhythm, after: datetime) -> datetime:
    """Return the first moment after this one at which the reader's digest is due."""
    day = _local(after).date()
    weekly = wish.digest == ReaderRhythm.Rhythm.WEEKLY
    while True:
        moment = _moment(day, wish.digest_at)
        if moment > after and (day.weekday() == 0 if weekly else day.weekday() < _SATURDAY):
            return moment
        day += timedelta(days=1)


def _end_of_weekend(wish: ReaderRhythm, at: datetime) -> datetime | None:
    if not wish.quiet_weekends or at.weekday() < _SATURDAY:
        return None
    return _moment(at.date() + timedelta(days=7 - at.weekday()), time(0))


def _end_of_night(wish: ReaderRhythm, at: datetime) -> datetime | None:
    begins, ends = wish.quiet_from, wish.quiet_until
    if begins is None or ends is None or begins == ends:
        return None
    now = at.time()
    if begins < ends:
        return _moment(at.date(), ends) if begins <= now < ends else None
    if now >= begins:
        return _moment(at.date() + timedelta(days=1), ends)
    return _moment(at.date(), ends) if now < ends else None


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at), timezone.get_default_timezone())


def _local(at: datetime) -> datetime:
    return timezone.localtime(at, timezone.get_default_timezone())
