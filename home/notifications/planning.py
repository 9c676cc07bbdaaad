"""From the outbox to deliveries: by which ways each notification leaves, as its reader wishes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from .channels import Channel, channels
from .kinds import NotificationKind, kinds
from .models import DIGEST, MAIL, Delivery, Notification, Preference

#: Rows of the outbox that one look plans.
PLAN_BATCH = 500

_Wishes = dict[tuple[int, str, str], bool]


def skip_locked(rows: QuerySet) -> QuerySet:
    """Lock rows and pass over those that another worker holds (SQLite has one writer anyway)."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


@transaction.atomic
def plan() -> int:
    """Turn rows of the outbox into deliveries as their readers wish; return how many rows."""
    outbox = Notification.objects.filter(planned_at__isnull=True).order_by("pk")
    rows = list(skip_locked(outbox).select_related("recipient")[:PLAN_BATCH])
    wishes = _wishes(row.recipient_id for row in rows)
    planned = [Delivery(notification=row, channel=way.code) for row, way in _ways(rows, wishes)]
    held = [
        Delivery(notification=row, channel=DIGEST, state=Delivery.State.HELD)
        for row in rows
        if _is_held(row, wishes)
    ]
    Delivery.objects.bulk_create([*planned, *held], ignore_conflicts=True)
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(planned_at=timezone.now())
    return len(rows)


def ways_out(rows: Sequence[Notification]) -> list[tuple[Notification, Channel]]:
    """Return each notification with every channel by which it leaves at once, as its reader wishes; one query.

    Give rows with their `recipient` loaded.
    """
    return _ways(rows, _wishes(row.recipient_id for row in rows))


def _ways(rows: Sequence[Notification], wishes: _Wishes) -> list[tuple[Notification, Channel]]:
    ways = list(channels)
    return [
        (row, way) for row in rows for way in ways if _wanted(row, way, wishes) and way.reaches(row.recipient)
    ]


def _wishes(people: Iterable[int]) -> _Wishes:
    rows = Preference.objects.filter(user__in=set(people))
    return {(row.user_id, row.kind, row.channel): row.enabled for row in rows}


def _wanted(row: Notification, way: Channel, wishes: _Wishes) -> bool:
    if not row.recipient.is_active:
        return False
    kind = _kind(row)
    if kind is not None and kind.compose is not None:
        return way.code == MAIL
    if kind is not None and not kind.mutable:
        return True
    return wishes.get((row.recipient_id, row.kind, way.code), way.on_by_default)


def _is_held(row: Notification, wishes: _Wishes) -> bool:
    """Tell whether the row waits for the digest: only what does not leave by mail at once."""
    kind = _kind(row)
    if not row.recipient.is_active or not row.recipient.email or kind is None or not kind.mutable:
        return False
    mail = channels.get(MAIL) if MAIL in channels else None
    at_once = mail is not None and _wanted(row, mail, wishes)
    return not at_once and wishes.get((row.recipient_id, row.kind, DIGEST), False)


def _kind(row: Notification) -> NotificationKind | None:
    return kinds.get(row.kind) if row.kind in kinds else None
