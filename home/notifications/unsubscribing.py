"""Ending one kind of mail from within a mail: the signed address is the right to do it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.db import transaction
from django.urls import reverse

from .addresses import absolute
from .models import DIGEST, MAIL, Delivery, Preference, ReaderRhythm

if TYPE_CHECKING:
    from home.people.models import User

_SALT = "home.notifications.unsubscribe"
#: What the address of a whole digest ends; kinds and sections are named by their codes.
WHOLE_DIGEST = "*"


def unsubscribe_url(user: User, what: str) -> str:
    """Return the address, on this site's host, that ends `what` for this person."""
    token = signing.dumps([user.pk, what], salt=_SALT, compress=True)
    return absolute(reverse("notifications:unsubscribe", args=[token]))


def read_token(token: str) -> tuple[int, str]:
    """Return whose mail is to end, and what of it. Raises `signing.BadSignature` for anything that we did not sign."""
    pk, what = signing.loads(token, salt=_SALT)
    return pk, what


@transaction.atomic
def unsubscribe(user: User, what: str) -> None:
    """End mail of one kind or one section of the digest, or the whole digest; the bell goes on. May be repeated."""
    if what == WHOLE_DIGEST:
        Preference.objects.filter(user=user, channel=DIGEST).update(enabled=False)
        ReaderRhythm.objects.filter(user=user).update(next_digest_at=None)
        drop_held(user)
        return
    rows = [Preference(user=user, kind=what, channel=channel, enabled=False) for channel in (MAIL, DIGEST)]
    store_preferences(rows)
    drop_held(user, what)


def store_preferences(rows: list[Preference]) -> None:
    """Write what a person wishes, over what was wished before."""
    Preference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["enabled"],
    )


def drop_held(user: User, kind: str = "") -> None:
    """Let what waits for the digest (of one kind, or all) leave no more; it stands in the bell."""
    held = Delivery.objects.filter(notification__recipient=user, state=Delivery.State.HELD)
    if kind:
        held = held.filter(notification__kind=kind)
    held.update(state=Delivery.State.SKIPPED)
