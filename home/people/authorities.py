"""Who may sign for whom today."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Department, SigningAuthority, User
from .signing_rules import given_on
from .text import key_in
from .tree import path_ids


class AuthorityError(Exception):
    """An authority that does not hold for this person, matter, day or department.

    `reason_code` is `unknown`, `not_yours`, `holder_inactive`, `revoked`, `not_yet`, `expired`, `other_matter`,
    `other_department` or `passed_on`; `message` is for the reader, in the active language.
    """

    def __init__(self, reason_code: str, message: str) -> None:
        super().__init__(message)
        self.reason_code = reason_code
        self.message = message


def authorities_of(user: Any, *, matter: str = "", on: date | None = None) -> list[SigningAuthority]:
    """Return the authorities that `user` may use on that day (today), by capacity.

    `matter` is a code (`matters.py`); without one, those of all matters and those limited to some are listed.
    Whom they represent, position and department are loaded; what was given on is left out.
    """
    if not isinstance(user, User) or not user.is_active or user.pk is None:
        return []
    found = SigningAuthority.objects.valid_on(on or timezone.localdate()).filter(holder=user)
    rows = found.select_related("on_behalf_of", "position", "department", "holder").order_by("capacity", "pk")
    return [row for row in rows if (not matter or row.covers(matter)) and given_on(row) is None]


def check_authority(
    authority_id: Any,
    user: User,
    *,
    matter: str,
    department: Department | None = None,
    on: date | None = None,
) -> SigningAuthority:
    """Return the authority if `user` may sign under it on that day (today); else raise `AuthorityError`.

    An authority for one department holds for that department and those below it: name the `department` that
    the paper belongs to, or such an authority is refused.
    """
    loaded = SigningAuthority.objects.select_related("holder", "on_behalf_of", "position", "department")
    authority = loaded.filter(pk=key_in(authority_id)).first()
    if authority is None:
        raise AuthorityError("unknown", _("There is no such authority to sign."))
    _check_holder(authority, user)
    _check_time(authority, on or timezone.localdate())
    _check_content(authority, matter, department)
    return authority


def _check_holder(authority: SigningAuthority, user: User) -> None:
    if authority.holder_id != user.pk:
        raise AuthorityError("not_yours", _("This authority to sign is not yours."))
    if not authority.holder.is_active:
        raise AuthorityError("holder_inactive", _("The account of the holder of this authority is closed."))


def _check_time(authority: SigningAuthority, day: date) -> None:
    state = authority.state_on(day)
    if state == authority.State.REVOKED:
        raise _refusal("revoked", _("The authority “%(words)s” has been revoked."), authority)
    if state == authority.State.PLANNED:
        text = _("The authority “%(words)s” holds from %(since)s only.")
        raise _refusal("not_yet", text, authority, since=f"{authority.since:%d/%m/%Y}")
    if state == authority.State.OVER:
        text = _("The authority “%(words)s” ended on %(until)s.")
        raise _refusal("expired", text, authority, until=f"{authority.until:%d/%m/%Y}")


def _check_content(authority: SigningAuthority, matter: str, department: Department | None) -> None:
    if not authority.covers(matter):
        raise _refusal("other_matter", _("The authority “%(words)s” is not for this matter."), authority)
    if authority.department is not None and not _within(department, authority.department):
        text = _("The authority “%(words)s” is only for %(department)s.")
        raise _refusal("other_department", text, authority, department=authority.department)
    received = given_on(authority)
    if received is not None:
        text = _("“%(words)s” rests on an authorisation (TUQ.) of %(giver)s that may not be given on.")
        raise _refusal("passed_on", text, authority, giver=received.on_behalf_of)


def _within(department: Department | None, above: Department) -> bool:
    return department is not None and above.pk in path_ids(department.path)


def _refusal(code: str, text: str, authority: SigningAuthority, **values: Any) -> AuthorityError:
    return AuthorityError(code, text % {"words": authority.words(), **values})
