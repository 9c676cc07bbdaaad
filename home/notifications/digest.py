"""The digest: what a person wants to read together, in one mail a day or a week.

Two things come together in it: notifications of the kinds that the person put there (held deliveries, each of which
leaves once), and sections of other rooms, such as news, that are asked for at the moment when the mail leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from home.office.api import office_name
from plugins.api.api import Registry

from .addresses import absolute
from .kinds import Composed, kinds, withhold
from .models import DIGEST, Delivery, Notification, Preference, ReaderRhythm
from .planning import skip_locked
from .rhythm import next_digest
from .sending import send
from .unsubscribing import WHOLE_DIGEST, unsubscribe_url

if TYPE_CHECKING:
    from home.people.models import User

DIGEST_KIND = "notifications.digest"
#: Lines of one part; the rest is counted.
MOST = 20
BATCH = 200
#: How far back the first digest looks.
FIRST_LOOK = timedelta(days=7)


@dataclass(frozen=True)
class DigestItem:
    """One line of a section: `url` is a path of this site."""

    title: str
    url: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class DigestSection:
    """What a room adds to the digest of those who want it.

    `items(user, since, until)` returns what appeared within this time and what this person may see now, the newest
    first, in at most three queries.
    """

    code: str
    label: str | Promise
    items: Callable[[User, datetime, datetime], Sequence[DigestItem]]
    order: int = 100


#: Every room and plugin may ship a `digest_sections.py` that registers here.
digest_sections: Registry[DigestSection] = Registry(
    DigestSection, module="digest_sections", noun="section of the digest"
)


@dataclass
class Part:
    """One part of a mail, ready for the template."""

    label: str
    unsubscribe: str
    items: list[DigestItem] = field(default_factory=list)
    more: int = 0


def sections() -> list[DigestSection]:
    """Return the sections in their order."""
    return sorted(digest_sections, key=lambda section: (section.order, section.code))


def reckon_next(wish: ReaderRhythm) -> None:
    """Set when the reader's next digest is due, or that there is none; the caller saves."""
    chosen = Preference.objects.filter(user=wish.user_id, channel=DIGEST, enabled=True).exists()
    waiting = Delivery.objects.filter(
        notification__recipient=wish.user_id, state=Delivery.State.HELD
    ).exists()
    wish.next_digest_at = next_digest(wish, timezone.now()) if chosen or waiting else None


def send_due_digests() -> int:
    """Put a digest into the outbox of everybody whose hour has come; return how many.

    Whose last one is still on its way gets none: it will bring everything when it leaves.
    """
    begun = 0
    while count := _begin_digests():
        begun += count
    return begun


@transaction.atomic
def _begin_digests() -> int:
    now = timezone.now()
    due = ReaderRhythm.objects.filter(next_digest_at__lte=now).order_by("next_digest_at", "pk")
    rows = list(skip_locked(due).select_related("user")[:BATCH])
    waiting = _with_one_on_its_way(row.pk for row in rows)
    for row in rows:
        if row.pk not in waiting:
            params = {"since": row.digested_until or now - FIRST_LOOK, "until": now}
            key = f"digest:{row.next_digest_at:%Y%m%d%H%M}"
            send(DIGEST_KIND, to=[row.user], params=params, url="", key=key)
            row.digested_until = now
        row.next_digest_at = next_digest(row, now)
    ReaderRhythm.objects.bulk_update(rows, ["next_digest_at", "digested_until"])
    read = Delivery.objects.filter(state=Delivery.State.HELD, notification__read_at__isnull=False)
    read.filter(notification__recipient__in=[row.pk for row in rows]).update(state=Delivery.State.SKIPPED)
    return len(rows)


def _with_one_on_its_way(people: Iterable[int]) -> set[int]:
    moving = Q(planned_at__isnull=True) | Q(
        deliveries__state__in=[Delivery.State.PENDING, Delivery.State.SENDING]
    )
    found = Notification.objects.filter(moving, kind=DIGEST_KIND, recipient__in=list(people))
    return set(found.order_by().values_list("recipient_id", flat=True))


def compose(told: Notification) -> Composed | None:
    """Return the mail of one digest as it is now, in the active language; None when there is nothing in it."""
    user = told.recipient
    held = _held(user)
    since, until = (parse_datetime(str(told.params[name])) for name in ("since", "until"))
    parts = [*_of_kinds(user, held), *_of_sections(user, since, until)]
    if not parts:
        return None
    day = date_format(timezone.localtime(told.created_at, timezone.get_default_timezone()), "j/n/Y")
    return Composed(
        subject=_("Digest of %(day)s – %(office)s") % {"day": day, "office": office_name()},
        template="notifications/digest",
        context={"parts": parts, "whole": unsubscribe_url(user, WHOLE_DIGEST), "day": day},
        unsubscribe=WHOLE_DIGEST,
        covers=[row.pk for row in held],
    )


def _held(user: User) -> list[Delivery]:
    """Return what waits, was not read in the bell meanwhile, and is not closed to the reader."""
    rows = Delivery.objects.filter(notification__recipient=user, state=Delivery.State.HELD)
    rows = rows.filter(notification__read_at__isnull=True)
    found = list(rows.select_related("notification").order_by("notification__kind", "-notification_id"))
    withhold(user, [row.notification for row in found])
    return [row for row in found if not row.notification.withdrawn]


def _of_kinds(user: User, held: list[Delivery]) -> list[Part]:
    told = [row.notification for row in held]
    return [
        _part(user, code, _label(code), [_line(row) for row in rows])
        for code, rows in groupby(told, key=lambda row: row.kind)
    ]


def _of_sections(user: User, since: Any, until: Any) -> list[Part]:
    wanted = set(
        Preference.objects.filter(user=user, channel=DIGEST, enabled=True).values_list("kind", flat=True)
    )
    asked = [section for section in sections() if section.code in wanted]
    found = [(section, list(section.items(user, since, until))) for section in asked]
    return [_part(user, section.code, str(section.label), items) for section, items in found if items]


def _part(user: User, code: str, label: str, items: list[DigestItem]) -> Part:
    shown = [DigestItem(item.title, absolute(item.url), item.text) for item in items[:MOST]]
    return Part(label, unsubscribe_url(user, code), shown, max(len(items) - MOST, 0))


def _label(code: str) -> str:
    return str(kinds.get(code).label) if code in kinds else _("Notifications")


def _line(told: Notification) -> DigestItem:
    said = told.words
    return DigestItem(said.subject, reverse("notifications:open", args=[told.pk]), said.body)
