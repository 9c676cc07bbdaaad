"""Logging in by user name or by e-mail address, whatever the case."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from plugins.api.api import EXAMPLE_KEY, Prepared

from .models import User
from .remembering import StampSum


class OfficeBackend(ModelBackend):
    """Accepts the user name or the e-mail address of an active person.

    An address that several people share (a unit's mailbox) names nobody: they log in by user name.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Return the person, or None; an unknown name takes as long as a wrong password."""
        if not username or password is None:
            return None
        person = self._find(username.strip())
        if person is None:
            User().set_password(password)
            return None
        if person.check_password(password) and self.user_can_authenticate(person):
            return person
        return None

    def get_user(self, user_id: int) -> User | None:
        """Return the person of a session, with the stamp under which processes remember (`remembering.py`)."""
        person = _with_stamp.first(int(user_id))
        return person if person is not None and self.user_can_authenticate(person) else None

    def _find(self, name: str) -> User | None:
        person = User.objects.filter(username=User.normalize_username(name)).first()
        if person is None and "@" in name:
            owners = User.objects.active().filter(email=name.lower())[:2]
            person = owners[0] if len(owners) == 1 else None
        return person


_with_stamp: Prepared[User] = Prepared(
    lambda pk: User.objects.filter(pk=pk).annotate(stamp=StampSum()).order_by(), EXAMPLE_KEY, keyed=True
)


def login_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Return the name under which failed logins are counted: one for all spellings in upper and lower case."""
    given = (credentials or {}).get("username") or (
        request.POST.get("username") if request is not None else ""
    )
    return User.normalize_username(str(given or "").strip())
