"""What processes remember of a reader between requests, and the stamp that makes all of them forget at once.

Places, reach and menu of a person change seldom and are asked for on every page. Each process keeps them under
the stamp that was read, in the same query, with the person of this very request: when rows on which they depend
change, the stamp changes in the same transaction, and the next request of every process computes them afresh.
Only requests that read remember; whoever acts is asked for in the database.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from typing import Any, TypeVar

from django.db import models, router, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

T = TypeVar("T")

#: People whom one process remembers at most; who was not seen for longest goes first.
CAPACITY = 5_000
#: Values remembered of one person at most: names may hold what a browser sent.
_NAMES = 50
#: The sum of all rows stays far below 2**63.
_BITS = 48


class Stamp(models.Model):
    """One of a few rows whose sum is the stamp; there are as many as transactions ever changed it at once.

    The values are random, not counted: one that is rolled back never comes again.
    """

    value = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.value)


class StampSum(models.Subquery):
    """The stamp as part of another query; None as long as nothing has ever changed: nothing is remembered."""

    template = "(SELECT SUM(value) FROM (%(subquery)s) stamps)"
    output_field = models.BigIntegerField()

    def __init__(self) -> None:
        super().__init__(Stamp.objects.order_by().values("value"))


def renew_stamp() -> None:
    """Make every process forget, from the commit of this transaction on. Two short queries.

    Call it after the change, within its transaction. A row that another transaction has locked is passed over:
    nobody waits here, so that no two transactions can wait for each other.
    """
    value = secrets.randbits(_BITS)
    with transaction.atomic(using=router.db_for_write(Stamp)):
        free = Stamp.objects.select_for_update(skip_locked=True).values_list("pk", flat=True).first()
        if free is None:
            Stamp.objects.create(value=value)
        else:
            Stamp.objects.filter(pk=free).update(value=value)


_watched: tuple[type[models.Model], ...] = ()


def renew_when_changed(*kinds: type[models.Model]) -> None:
    """Renew the stamp whenever a row of these models (or of models that inherit from them) is saved or deleted."""
    global _watched
    _watched = (*_watched, *kinds)


def renew_when_related(*relations: Any) -> None:
    """Renew the stamp whenever something is added to these many-to-many relations or removed."""
    for relation in relations:
        m2m_changed.connect(_related, sender=relation.through, dispatch_uid=f"stamp:{relation.through}")


def _saved(sender: type[models.Model], **kwargs: Any) -> None:
    if issubclass(sender, _watched):
        renew_stamp()


def _related(sender: type[models.Model], action: str, **kwargs: Any) -> None:
    if action.startswith("post_"):
        renew_stamp()


post_save.connect(_saved, dispatch_uid="stamp:saved")
post_delete.connect(_saved, dispatch_uid="stamp:deleted")


class RenewingQuerySet(models.QuerySet[Any]):
    """Bulk changes, which send no signals, renew the stamp as well."""

    def update(self, **values: Any) -> int:
        """Change rows, and renew the stamp."""
        with transaction.atomic(using=self.db):
            changed = super().update(**values)
            renew_stamp()
        return changed

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Store rows, and renew the stamp."""
        with transaction.atomic(using=self.db):
            stored = super().bulk_create(*args, **kwargs)
            renew_stamp()
        return stored


# --- what a process remembers --------------------------------------------------------------------------------

_Key = tuple[int, bool, bool]
_Mark = tuple[int, date]


class _Memory:
    """The newest people seen, each with what was remembered under one stamp on one day."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.people: OrderedDict[_Key, tuple[_Mark, dict[Hashable, Any]]] = OrderedDict()

    def of(self, key: _Key, mark: _Mark) -> dict[Hashable, Any]:
        """Return what is remembered of one person under this mark; what other marks said is forgotten."""
        with self.lock:
            held = self.people.get(key)
            if held is None or held[0] != mark:
                held = self.people[key] = (mark, {})
            self.people.move_to_end(key)
            while len(self.people) > CAPACITY:
                self.people.popitem(last=False)
        return held[1]

    def clear(self) -> None:
        """Forget everybody."""
        with self.lock:
            self.people.clear()


memory = _Memory()


def remember_while_reading(user: Any) -> None:
    """Allow what follows for this person, who was read for this very request, to come from memory."""
    if getattr(user, "stamp", None) is not None:
        user.remembers = True


def remembered(user: Any, name: Hashable, compute: Callable[[], T]) -> T:
    """Return `compute()`, or what it returned for this person under the same stamp in this process.

    The value is shared between requests and threads: give something immutable. It may depend on the rows that
    renew the stamp, on the person and on today's date; put anything else (the language) into `name`.
    """
    if not getattr(user, "remembers", False):
        return compute()
    known = memory.of((user.pk, user.is_active, user.is_superuser), (user.stamp, timezone.localdate()))
    if name in known:
        held: T = known[name]
        return held
    value = compute()
    if len(known) < _NAMES:
        known[name] = value
    return value
