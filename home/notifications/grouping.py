"""How the bell puts notifications together: by day, and what is about the same thing in one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils import timezone

from .models import Notification, NotificationQuerySet


@dataclass
class Thing:
    """What is said about one thing: the newest line, and older ones below it."""

    newest: Notification
    older: list[Notification] = field(default_factory=list)


@dataclass
class Day:
    """One day of the list; what is unread stands apart."""

    unread: bool
    day: date
    things: list[Thing]


def by_day(rows: Iterable[Notification]) -> list[Day]:
    """Return the rows, sorted with the unread first and then the newest, by day and thing."""
    days = groupby(rows, key=lambda row: (row.read_at is None, timezone.localtime(row.created_at).date()))
    return [Day(unread, day, by_thing(found)) for (unread, day), found in days]


def by_thing(rows: Iterable[Notification]) -> list[Thing]:
    """Put together the rows that lead to the same address, in the place of the first one of them."""
    things: dict[str, Thing] = {}
    for row in rows:
        place = row.url or f"#{row.pk}"
        if place in things:
            things[place].older.append(row)
        else:
            things[place] = Thing(row)
    return list(things.values())


def same_thing(row: Notification, user: Any) -> NotificationQuerySet:
    """Return this notification with the older ones about the same thing that the person's bell shows."""
    if not row.url:
        return Notification.objects.filter(pk=row.pk)
    older = Notification.objects.in_bell_of(user).filter(url=row.url, pk__lte=row.pk).order_by().values("pk")
    return Notification.objects.filter(Q(pk=row.pk) | Q(pk__in=older))
