"""Who may set the office up: whoever can read the server's console, and only while there is nobody."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from home.office.api import Office
from home.people.api import User

from .models import SetupDraft

#: 160 bits: nobody guesses it.
_LENGTH = 40
_PK = 1


class SetupClosedError(Exception):
    """The office has been opened already."""


def wizard_is_open() -> bool:
    """Tell whether the office is still empty: nobody is in it, and it has never been set up. At most two queries."""
    return not User.objects.exists() and not Office.objects.filter(set_up_at__isnull=False).exists()


@transaction.atomic
def current_token() -> str:
    """Return the token that opens the wizard; the same one until it is used. Raises `SetupClosedError`."""
    return _token_of(_draft())


@transaction.atomic
def use_token(sent: str) -> str:
    """Take the token, which then opens nothing any more, and return what the browser keeps in its place.

    Empty for a wrong token; whoever held the wizard before is locked out. Raises `SetupClosedError`.
    """
    if not wizard_is_open():
        raise SetupClosedError
    draft = SetupDraft.objects.select_for_update().filter(pk=_PK).first()
    if draft is None or not constant_time_compare(_token_of(draft), sent.strip().lower()):
        return ""
    draft.nonce, draft.holder = secrets.token_hex(32), secrets.token_hex(32)
    draft.save(update_fields=["nonce", "holder"])
    return draft.holder


def held_draft(holder: str) -> SetupDraft | None:
    """Return the draft for the browser that has used the token; None for every other one."""
    draft = SetupDraft.objects.filter(pk=_PK).first()
    if draft is None or not holder or not constant_time_compare(draft.holder, holder):
        return None
    return draft


def _draft() -> SetupDraft:
    if not wizard_is_open():
        raise SetupClosedError
    SetupDraft.objects.get_or_create(pk=_PK, defaults={"nonce": secrets.token_hex(32)})
    return SetupDraft.objects.select_for_update().get(pk=_PK)


def _token_of(draft: SetupDraft) -> str:
    return salted_hmac("home.setup.token", draft.nonce, algorithm="sha256").hexdigest()[:_LENGTH]
