"""Telling people: bell rows in the caller's transaction, everything else after the commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.http import url_has_allowed_host_and_scheme

from plugins.api.api import PreparedInsert, wake

from .kinds import kinds
from .models import Notification
from .tasks import deliver

if TYPE_CHECKING:
    from home.people.models import User


def send(
    kind: str,
    *,
    to: Iterable[User],
    params: Mapping[str, Any],
    url: str,
    by: User | None = None,
    key: str = "",
) -> int:
    """Tell each active person of `to` once, and return how many are told.

    One query, two with `key`: a person who was told with the same key already is left out. E-mail and other
    channels follow in the background after the commit. Raises `UnknownCodeError` for an unknown kind and
    `ValueError` for an address that leaves this site.
    """
    kinds.get(kind)
    if url and not is_internal(url):
        raise ValueError(f"{url!r} leaves this site; give a path such as '/meetings/1/'.")
    people = {user.pk: user for user in to if user.is_active}
    if key and people:
        known = Notification.objects.filter(key=key, recipient__in=people)
        for pk in known.values_list("recipient_id", flat=True):
            del people[pk]
    if not people:
        return 0
    rows = [
        Notification(recipient_id=pk, kind=kind, params=dict(params), url=url, by=by, key=key)
        for pk in people
    ]
    (_new_once if key else _new).all(rows)
    _wake_once()
    return len(people)


_new = PreparedInsert(Notification)
_new_once = PreparedInsert(Notification, ignore_conflicts=True)


def is_internal(url: str) -> bool:
    """Return whether `url` is a path on this site (no scheme, no host, no trick with slashes)."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def _wake_once() -> None:
    """Have the worker look into the outbox after the commit; once for each transaction."""
    if not any(entry[1] is _wake for entry in connection.run_on_commit):
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    wake(deliver)
