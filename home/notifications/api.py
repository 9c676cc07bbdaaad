"""The front door of this room: tell people something, and count what they have not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from plugins.api.api import EXAMPLE_KEY, PreparedFamily

from .channels import Channel, ChannelDownError, Message, channels
from .delivery import deliver_due, ways_out
from .digest import DigestItem, DigestSection, digest_sections
from .kinds import NotificationKind, Params, hidden, kinds, unmutable
from .models import Notification
from .sending import send

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from home.people.models import User

__all__ = [
    "Channel",
    "ChannelDownError",
    "DigestItem",
    "DigestSection",
    "Message",
    "Notification",
    "NotificationKind",
    "Params",
    "channels",
    "deliver_due",
    "digest_sections",
    "kinds",
    "send",
    "unread_count",
    "ways_out",
]

#: Counting stops here: the bell shows "99+".
COUNT_LIMIT = 100


def unread_count(user: User | AnonymousUser | Any) -> int:
    """Return how many notifications the person has not read, at most 100. One query, asked for on every page."""
    if not user.is_authenticated:
        return 0
    return len(_unread.of(tuple(hidden()), tuple(unmutable())).rows(user.pk))


def _unread_of(_hidden: object, _unmutable: object, person: Any) -> QuerySet[Any, Any]:
    rows = Notification.objects.filter(recipient=person).shown_to(person).unread()
    return rows.order_by().values_list("pk")[:COUNT_LIMIT]


#: By what the registry of kinds says, which changes only while the site starts.
_unread: PreparedFamily[Notification] = PreparedFamily(_unread_of, lambda *_kinds: [EXAMPLE_KEY])
