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
    "unread_asked",
    "unread_count",
    "unread_rows",
    "ways_out",
]

#: Counting stops here: the bell shows "99+".
COUNT_LIMIT = 100


def unread_count(user: User | AnonymousUser | Any) -> int:
    """Return how many notifications the person has not read, at most 100. One query."""
    if not user.is_authenticated:
        return 0
    shape, values = unread_asked(user)
    return len(_unread.of(shape).rows(*values))


#: What the registry of kinds says, which changes only while the site starts: the hidden ones, the unmutable ones.
Shape = tuple[tuple[str, ...], tuple[str, ...]]


def unread_asked(user: Any) -> tuple[Shape, tuple[Any]]:
    """Return what the query of the unread depends on, and its value."""
    return (tuple(hidden()), tuple(unmutable())), (user.pk,)


def unread_rows(_shape: Shape, person: Any) -> QuerySet[Notification]:
    """Return what the person (a primary key) has not read. The SQL depends on the shape, which the models know."""
    return Notification.objects.filter(recipient=person).shown_to(person).unread()


def _counted(shape: Shape, person: Any) -> QuerySet[Any, Any]:
    return unread_rows(shape, person).order_by().values_list("pk")[:COUNT_LIMIT]


_unread: PreparedFamily[Notification] = PreparedFamily(_counted, lambda _shape: [EXAMPLE_KEY])
