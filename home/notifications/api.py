"""The front door of this room: tell people something, and count what they have not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .channels import Channel, ChannelDownError, Message, channels
from .delivery import deliver_due, ways_out
from .digest import DigestItem, DigestSection, digest_sections
from .kinds import NotificationKind, Params, kinds
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
    """Return how many notifications the person has not read, at most 100. One query."""
    rows = Notification.objects.in_bell_of(user).unread().order_by()
    return rows[:COUNT_LIMIT].count()
