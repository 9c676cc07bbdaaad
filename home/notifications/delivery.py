"""The outbox: each message leaves once, whoever else empties it too, and waits while its channel fails."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from .channels import Channel, ChannelDownError, Message, channels
from .kinds import kinds
from .models import Delivery, Notification, Preference

logger = logging.getLogger(__name__)

#: Rows of the outbox that one look plans, and messages that one sender holds at a time.
PLAN_BATCH = 500
SEND_BATCH = 20
#: How long a sender may hold its messages before another takes them for abandoned.
LEASE = timedelta(minutes=15)
MAX_ATTEMPTS = 12
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


def deliver_due() -> int:
    """Plan and send everything that is due now; return how many messages left."""
    while _plan():
        pass
    sent = 0
    down: set[str] = set()
    while batch := _claim(exclude=down):
        for code, group in groupby(batch, key=attrgetter("channel")):
            left, works = _send_group(code, list(group))
            sent += left
            if not works:
                down.add(code)
    return sent


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after the attempt of this number: twice as long each time."""
    return min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)


def retry(deliveries: QuerySet[Delivery]) -> int:
    """Put failed messages back into the outbox, due at once."""
    failed = deliveries.filter(state=Delivery.State.FAILED)
    return failed.update(state=Delivery.State.PENDING, attempts=0, next_at=timezone.now())


def _skip_locked(rows: QuerySet) -> QuerySet:
    """Lock rows and pass over those that another worker holds (SQLite has one writer anyway)."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows


@transaction.atomic
def _plan() -> int:
    """Turn rows of the outbox into deliveries as their readers wish; return how many rows."""
    outbox = Notification.objects.filter(planned_at__isnull=True).order_by("pk")
    rows = list(_skip_locked(outbox).select_related("recipient")[:PLAN_BATCH])
    Delivery.objects.bulk_create(
        [Delivery(notification=row, channel=way.code) for row, way in ways_out(rows)], ignore_conflicts=True
    )
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(planned_at=timezone.now())
    return len(rows)


def ways_out(rows: Sequence[Notification]) -> list[tuple[Notification, Channel]]:
    """Return each notification with every channel by which it leaves, as its reader wishes; one query.

    Give rows with their `recipient` loaded.
    """
    wishes = _wishes(row.recipient_id for row in rows)
    ways = list(channels)
    return [
        (row, way) for row in rows for way in ways if _wanted(row, way, wishes) and way.reaches(row.recipient)
    ]


def _wishes(people: Iterable[int]) -> dict[tuple[int, str, str], bool]:
    rows = Preference.objects.filter(user__in=set(people))
    return {(row.user_id, row.kind, row.channel): row.enabled for row in rows}


def _wanted(row: Notification, way: Channel, wishes: dict[tuple[int, str, str], bool]) -> bool:
    if not row.recipient.is_active:
        return False
    if row.kind in kinds and not kinds.get(row.kind).mutable:
        return True
    return wishes.get((row.recipient_id, row.kind, way.code), way.on_by_default)


def _claim(*, exclude: set[str]) -> list[Delivery]:
    """Take messages that are due for this worker alone, for the length of the lease."""
    now = timezone.now()
    token = uuid4()
    due = Q(state__in=[Delivery.State.PENDING, Delivery.State.SENDING], next_at__lte=now)
    with transaction.atomic():
        rows = Delivery.objects.filter(due).exclude(channel__in=exclude).order_by("next_at", "pk")
        found = list(_skip_locked(rows).values_list("pk", flat=True)[:SEND_BATCH])
        Delivery.objects.filter(due, pk__in=found).update(
            state=Delivery.State.SENDING, claim=token, next_at=now + LEASE, attempts=F("attempts") + 1
        )
    mine = Delivery.objects.filter(claim=token, state=Delivery.State.SENDING)
    return list(mine.select_related("notification__recipient").order_by("channel", "attempts", "pk"))


def _send_group(code: str, group: list[Delivery]) -> tuple[int, bool]:
    """Send messages of one channel; return how many left, and whether the channel works."""
    sent = 0
    waiting = list(group)
    at_fault = waiting
    try:
        channel = channels.get(code)
        with channel.session() as session:
            while waiting:
                at_fault = waiting[:1]
                sent += _send_one(channel, session, waiting[0])
                waiting = waiting[1:]
    except Exception as error:
        logger.warning("Channel %s is down: %s", code, error)
        # A message that broke the session counts an attempt alone: it must not hold back those behind it.
        for delivery in waiting:
            if delivery in at_fault:
                _settle_failure(delivery, error)
            else:
                _release(delivery)
        return sent, False
    return sent, True


def _send_one(channel: Channel, session: object, delivery: Delivery) -> bool:
    """Send one message and note what became of it; raise `ChannelDownError` when none can leave now."""
    if not delivery.notification.recipient.is_active:
        _settle(delivery, state=Delivery.State.SKIPPED)
        return False
    try:
        with translation.override(delivery.notification.recipient.language):
            channel.send(session, _message(delivery))
    except ChannelDownError:
        raise
    except Exception as error:
        logger.warning("Delivery %s failed: %s", delivery.pk, error)
        _settle_failure(delivery, error)
        return False
    _settle(delivery, state=Delivery.State.SENT, sent_at=timezone.now(), last_error="")
    return True


def _message(delivery: Delivery) -> Message:
    told = delivery.notification
    path = reverse("notifications:open", args=[told.pk])
    return Message(
        to=told.recipient,
        subject=told.words.subject,
        body=told.words.body,
        link=settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path,
        key=f"notification-{told.pk}-{delivery.pk}",
    )


def _settle_failure(delivery: Delivery, error: Exception) -> None:
    given_up = delivery.attempts >= MAX_ATTEMPTS
    _settle(
        delivery,
        state=Delivery.State.FAILED if given_up else Delivery.State.PENDING,
        next_at=timezone.now() + pause_after(delivery.attempts),
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def _release(delivery: Delivery) -> None:
    """Give back a message that was not tried; the next look takes it before those that failed."""
    now = timezone.now()
    _settle(delivery, state=Delivery.State.PENDING, attempts=delivery.attempts - 1, next_at=now)


def _settle(delivery: Delivery, **values: object) -> None:
    """Write the outcome, unless the lease ran out and another sender has taken over."""
    Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim).update(claim=None, **values)
