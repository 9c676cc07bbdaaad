"""Look-ups of people and memberships, and what must not be done in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .remembering import RenewingQuerySet, renew_stamp
from .text import fold

if TYPE_CHECKING:
    from .models import Membership, User  # noqa: F401


#: What others see of a person.
SHOWN_TO_OTHERS = frozenset(
    {"is_active", "username", "first_name", "last_name", "email", "phone", "mobile", "room", "photo"}
)


class DeletionRefusedError(ProtectedError):
    """People are deactivated, never deleted: history names them."""


def refuse_deletion(people: Iterable[User]) -> NoReturn:
    """Raise the one error that says why nobody is deleted."""
    message = _("People are never deleted, because the history names them. Deactivate the account instead.")
    raise DeletionRefusedError(message, set(people))


class UserQuerySet(models.QuerySet["User"]):
    """Look-ups of people."""

    def active(self) -> UserQuerySet:
        """Return those who may log in."""
        return self.filter(is_active=True)

    def named_like(self, query: str) -> UserQuerySet:
        """Return those whose name or user name holds every word of the query, diacritics and case aside."""
        found = self
        for word in fold(query).split():
            found = found.filter(search_name__contains=word)
        return found

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Insert people with their derived columns filled in, as `save()` does."""
        people = list(objs)
        for person in people:
            person.normalise()
        return super().bulk_create(people, *args, **kwargs)

    def update(self, **values: Any) -> int:
        """Change rows; what others see renews the stamp, as `save()` does."""
        if SHOWN_TO_OTHERS.isdisjoint(values):
            return super().update(**values)
        with transaction.atomic(using=self.db):
            changed = super().update(**values)
            renew_stamp()
        return changed

    def delete(self) -> NoReturn:
        """Refuse (see `DeletionRefusedError`)."""
        refuse_deletion(self)


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates people; finds them by user name whatever its case."""

    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the person with this user name; user names are stored in lower case."""
        return self.get(username=self.model.normalize_username(username or ""))


class MembershipQuerySet(RenewingQuerySet):
    """Look-ups of memberships."""

    def on(self, day: date) -> MembershipQuerySet:
        """Return those that hold on this day, whoever the people are."""
        return self.overlapping(day, day)

    def overlapping(self, since: date | None, until: date | None) -> MembershipQuerySet:
        """Return those that share at least one day with this span (None: open end)."""
        found = self
        if until is not None:
            found = found.filter(Q(since__isnull=True) | Q(since__lte=until))
        if since is not None:
            found = found.filter(Q(until__isnull=True) | Q(until__gte=since))
        return found

    def current(self) -> MembershipQuerySet:
        """Return those that hold today, of active people in active departments."""
        today = timezone.localdate()
        return self.on(today).filter(user__is_active=True, department__is_active=True)
