"""The outbox: each message leaves once, whoever else empties it too, and waits while its channel fails."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from .addresses import absolute
from .channels import Channel, ChannelDownError, Message, channels
from .kinds import Composed, kinds, withhold
from .models import Delivery, ReaderRhythm
from .planning import plan, skip_locked
from .planning import ways_out as ways_out
from .rhythm import quiet_until
from .unsubscribing import unsubscribe_url

logger = logging.getLogger(__name__)

#: Messages that one sender holds at a time.
SEND_BATCH = 20
#: How long a sender may hold its messages before another takes them for abandoned.
LEASE = timedelta(minutes=15)
MAX_ATTEMPTS = 12
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


def deliver_due() -> int:
    """Plan and send everything that is due now; return how many messages left."""
    while plan():
        pass
    sent = 0
    down: set[str] = set()
    while batch := _claim(exclude=down):
        for code, group in groupby(_without_quiet(batch), key=attrgetter("channel")):
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


def _claim(*, exclude: set[str]) -> list[Delivery]:
    """Take messages that are due for this worker alone, for the length of the lease."""
    now = timezone.now()
    token = uuid4()
    due = Q(state__in=[Delivery.State.PENDING, Delivery.State.SENDING], next_at__lte=now)
    with transaction.atomic():
        rows = Delivery.objects.filter(due).exclude(channel__in=exclude).order_by("next_at", "pk")
        found = list(skip_locked(rows).values_list("pk", flat=True)[:SEND_BATCH])
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
    if _is_past(delivery):
        _settle(delivery, state=Delivery.State.SKIPPED)
        return False
    try:
        with translation.override(delivery.notification.recipient.language):
            composed, message = _message(delivery)
            if message is not None:
                channel.send(session, message)
    except ChannelDownError:
        raise
    except Exception as error:
        logger.warning("Delivery %s failed: %s", delivery.pk, error)
        _settle_failure(delivery, error)
        return False
    _settle_success(delivery, composed, sent=message is not None)
    return message is not None


def _is_past(delivery: Delivery) -> bool:
    """Tell whether nobody needs the message any more: the account is closed, or it was read in the bell."""
    told = delivery.notification
    in_bell = told.kind not in kinds or kinds.get(told.kind).in_bell
    return not told.recipient.is_active or (in_bell and told.read_at is not None)


def _message(delivery: Delivery) -> tuple[Composed | None, Message | None]:
    """Return what is sent; no message when a composed one has nothing to say, or its thing is closed to the reader."""
    told = delivery.notification
    withhold(told.recipient, [told])
    if told.withdrawn:
        return None, None
    kind = kinds.get(told.kind) if told.kind in kinds else None
    key = f"notification-{told.pk}-{delivery.pk}"
    if kind is not None and kind.compose is not None:
        composed = kind.compose(told)
        if composed is None:
            return None, None
        return composed, Message(
            to=told.recipient,
            subject=composed.subject,
            body="",
            link=absolute(reverse("notifications:list")),
            key=key,
            template=composed.template,
            context=composed.context,
            unsubscribe=unsubscribe_url(told.recipient, composed.unsubscribe) if composed.unsubscribe else "",
        )
    return None, Message(
        to=told.recipient,
        subject=told.words.subject,
        body=told.words.body,
        link=absolute(reverse("notifications:open", args=[told.pk])),
        key=key,
        unsubscribe=unsubscribe_url(told.recipient, told.kind) if kind is not None and kind.mutable else "",
    )


def _without_quiet(batch: list[Delivery]) -> list[Delivery]:
    """Return what may be sent now; the rest goes back until its reader's quiet hours end. One query."""
    people = {delivery.notification.recipient_id for delivery in batch}
    wishes = {row.pk: row for row in ReaderRhythm.objects.filter(pk__in=people)}
    now = timezone.now()
    kept = []
    for delivery in batch:
        wish = wishes.get(delivery.notification.recipient_id)
        end = quiet_until(wish, now) if wish is not None and _waits(delivery) else None
        if end is None:
            kept.append(delivery)
        else:
            _release(delivery, until=end)
    return kept


def _waits(delivery: Delivery) -> bool:
    """Tell whether quiet hours hold the message back: not what is urgent, nor what has an hour of its own."""
    code = delivery.notification.kind
    return code not in kinds or (kinds.get(code).in_bell and not kinds.get(code).urgent)


def _settle_failure(delivery: Delivery, error: Exception) -> None:
    given_up = delivery.attempts >= MAX_ATTEMPTS
    _settle(
        delivery,
        state=Delivery.State.FAILED if given_up else Delivery.State.PENDING,
        next_at=timezone.now() + pause_after(delivery.attempts),
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def _release(delivery: Delivery, until: datetime | None = None) -> None:
    """Give back a message that was not tried; the next look takes it before those that failed."""
    next_at = until or timezone.now()
    _settle(delivery, state=Delivery.State.PENDING, attempts=delivery.attempts - 1, next_at=next_at)


@transaction.atomic
def _settle_success(delivery: Delivery, composed: Composed | None, *, sent: bool) -> None:
    """Note that a message has left, and with it those that it covers."""
    now = timezone.now()
    if sent:
        _settle(delivery, state=Delivery.State.SENT, sent_at=now, last_error="")
    else:
        _settle(delivery, state=Delivery.State.SKIPPED)
    if composed is not None:
        held = Delivery.objects.filter(pk__in=composed.covers, state=Delivery.State.HELD)
        held.update(state=Delivery.State.SENT, sent_at=now)


def _settle(delivery: Delivery, **values: object) -> None:
    """Write the outcome, unless the lease ran out and another sender has taken over."""
    Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim).update(claim=None, **values)
