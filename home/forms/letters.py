"""Mail about answers: written with the answer in one transaction, sent afterwards, deleted when it has left."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from home.office.api import office_name
from plugins.api.api import wake

from .models import Letter
from .text import clean_text

if TYPE_CHECKING:
    from .models import Submission

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
BATCH = 20
LEASE = timedelta(minutes=15)
#: A letter that could not leave is kept so long for those who look for the reason.
KEEP = timedelta(days=30)
MAX_BODY = 100_000


def write(submission: Submission, *, to: Iterable[str], subject: str, body: str) -> None:
    """Put one letter for each address into the outbox, in the caller's transaction."""
    title = clean_text(subject)[:300] or office_name()
    rows = [
        Letter(submission=submission, address=address, subject=title, body=body[:MAX_BODY])
        for address in dict.fromkeys(to)
    ]
    if rows:
        Letter.objects.bulk_create(rows)
        transaction.on_commit(lambda: wake(post), robust=True)


@task()
def post() -> int:
    """Send what waits; return how many letters left. May run any number of times."""
    return post_due()


def post_due() -> int:
    """Send every letter that is due, until the mail server is down; return how many left."""
    sent = 0
    while batch := _claimed():
        mailer = get_connection(timeout=settings.EMAIL_TIMEOUT or 20)
        try:
            mailer.open()
            for letter in batch:
                sent += _sent(letter, mailer)
        except (OSError, SMTPServerDisconnected) as error:
            logger.warning("The mail server is down: %s", error)
            return sent
        finally:
            mailer.close()
    return sent


def _claimed() -> list[Letter]:
    """Take letters that are due for this worker alone, for the length of the lease."""
    now = timezone.now()
    with transaction.atomic():
        due = Letter.objects.filter(next_at__lte=now, attempts__lt=MAX_ATTEMPTS).order_by("next_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        batch = list(due[:BATCH])
        mine = Letter.objects.filter(pk__in=[letter.pk for letter in batch])
        mine.update(attempts=F("attempts") + 1, next_at=now + LEASE)
    return batch


def _sent(letter: Letter, mailer: Any) -> bool:
    """Send one letter and forget it; what is wrong with one must not hold back the others."""
    mail = EmailMessage(
        letter.subject,
        letter.body,
        to=[letter.address],
        connection=mailer,
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except (SMTPServerDisconnected, ConnectionError, TimeoutError):
        raise
    except Exception as error:
        logger.warning("Letter %s failed: %s", letter.pk, error)
        pause = timedelta(minutes=min(2**letter.attempts, 360))
        Letter.objects.filter(pk=letter.pk).update(
            last_error=f"{type(error).__name__}: {error}"[:2000], next_at=timezone.now() + pause
        )
        return False
    Letter.objects.filter(pk=letter.pk).delete()
    return True


def drop_undeliverable() -> int:
    """Forget letters that could not leave for a month. Returns how many."""
    old = Letter.objects.filter(attempts__gte=MAX_ATTEMPTS, next_at__lt=timezone.now() - KEEP)
    return old.delete()[0]
