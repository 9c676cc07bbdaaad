"""Notices that must be read: who is asked, who confirms, who is reminded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from home.audit.api import Entry, record
from home.base.api import people_admitted
from home.base.models import BasePageQuerySet
from home.notifications.api import send
from home.people.api import User, UserQuerySet

from .articles import NoticePage
from .receipts import NoticeReceipt, confirmed, has_confirmed

#: How many days before its end a deadline is recalled to those who have not read yet.
DAYS_BEFORE = 1
#: Whoever joins the audience is still told of notices without a deadline that are so many days old.
STILL_NEW = 90


class NotAskedError(PermissionError):
    """Somebody confirms a notice that does not ask this person; for readers it does not exist or needs no answer."""


def asked_of(user: Any) -> BasePageQuerySet:
    """Return the published notices that ask `user` for a confirmation, given or not."""
    return NoticePage.objects.addressed_to(user).filter(must_read=True)


def to_read(user: Any) -> BasePageQuerySet:
    """Return those that `user` has not confirmed in their present round, the nearest deadline first."""
    waiting = asked_of(user).exclude(has_confirmed(user)).select_related("department")
    return waiting.order_by(NoticePage.deadline_first(), "-published_on", "-pk")


def with_receipt(user: Any) -> BasePageQuerySet:
    """Return the notices that ask `user`, each with `confirmed_at` (None: not yet)."""
    mine = NoticeReceipt.objects.filter(notice=OuterRef("pk"), round=OuterRef("reading_round"), user=user.pk)
    return asked_of(user).annotate(confirmed_at=Subquery(mine.values("at")[:1]))


@transaction.atomic
def confirm(notice_id: int, *, by: User, reading_round: int) -> NoticeReceipt | None:
    """Note that `by` has read and understood the notice; a second time changes nothing.

    `reading_round` is the round that the reader had on the screen: when the notice has been changed materially
    meanwhile, nothing is noted and None is returned. Raises `NotAskedError` for whoever is not asked.
    """
    notice = asked_of(by).filter(pk=notice_id).first()
    if notice is None:
        raise NotAskedError(f"Notice {notice_id} does not ask {by.username} for a confirmation.")
    if notice.reading_round != reading_round:
        return None
    receipt, is_new = NoticeReceipt.objects.get_or_create(
        notice=notice,
        user=by,
        round=reading_round,
        defaults={"revision_id": notice.live_revision_id},
    )
    if is_new:
        record(
            Entry(
                verb="notice.confirmed",
                by=by,
                target=f"page:{notice.pk}",
                label=notice.title,
                data={"round": reading_round, "revision": notice.live_revision_id},
            )
        )
    return receipt


def people_asked(notice: NoticePage) -> UserQuerySet:
    """Return the active people in the audience of a notice that is published or in the archive; else nobody."""
    if not (notice.live or notice.is_archived):
        return User.objects.none()
    rule = notice.audience_rule
    if rule is None and notice.audience != NoticePage.Audience.EVERYONE:
        return User.objects.none()
    return people_admitted(rule.clauses if rule is not None else [])


def people_waited_for(notice: NoticePage) -> UserQuerySet:
    """Return those asked who have not confirmed yet. One query, whatever the number of people."""
    return people_asked(notice).exclude(confirmed(notice))


def ask(notice: NoticePage) -> int:
    """Tell everybody asked that the notice is there to be read; once in each round."""
    return _tell("pages.must_read", notice, people_waited_for(notice), key="asked")


def ask_newcomers() -> int:
    """Tell those who have come into the audience since a notice was published; once, as everybody. Return how many.

    Run by the clock each morning. What is overdue, or old and without a deadline, is found under “to read” only.
    """
    today = timezone.localdate()
    pressing = Q(read_until__gte=today) | Q(
        read_until__isnull=True, published_on__gte=today - timedelta(days=STILL_NEW)
    )
    due = NoticePage.objects.live().filter(pressing, must_read=True)
    return sum(ask(notice) for notice in due.select_related("audience_rule"))


@transaction.atomic
def remind(notice: NoticePage, *, by: User) -> int:
    """Remind those who have not confirmed, and nobody else; each at most once a day. Return how many are told.

    The caller has asked `reading_report.scope_of` whether `by` may. What is in the archive asks nobody any more.
    """
    if not notice.live:
        return 0
    today = timezone.localdate().isoformat()
    told = _tell("pages.reminder", notice, people_waited_for(notice), key=today, by=by)
    if told:
        data = {"people": told}
        record(
            Entry(verb="notice.reminded", by=by, target=f"page:{notice.pk}", label=notice.title, data=data)
        )
    return told


def remind_before_deadlines() -> int:
    """Remind of notices whose deadline is tomorrow or today, once for each round. Run by the clock each morning."""
    today = timezone.localdate()
    due = NoticePage.objects.live().filter(
        must_read=True, read_until__range=(today, today + timedelta(days=DAYS_BEFORE))
    )
    return sum(
        _tell("pages.reminder", notice, people_waited_for(notice), key="due")
        for notice in due.select_related("audience_rule")
    )


def _tell(kind: str, notice: NoticePage, people: UserQuerySet, *, key: str, by: User | None = None) -> int:
    params = {
        "page": notice.pk,
        "title": notice.title,
        "number": notice.number,
        "until": notice.read_until.isoformat() if notice.read_until else "",
    }
    return send(
        kind,
        to=people.only("pk", "is_active"),
        params=params,
        url=notice.url or "",
        by=by,
        key=f"notice:{notice.pk}:{notice.reading_round}:{key}",
    )
