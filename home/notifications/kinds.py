"""What people are told about: one entry for each occasion, contributed by `notification_kinds.py`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from plugins.api.api import Registry, UnknownCodeError

logger = logging.getLogger(__name__)

Params = Mapping[str, Any]


def _nothing(_params: Params) -> str:
    return ""


@dataclass(frozen=True)
class NotificationKind:
    """One occasion. `subject` and `body` get the stored params and speak the reader's language when called.

    Both return plain text; `body` may have several lines. `mutable` kinds may be switched off for e-mail.
    """

    code: str
    label: str | Promise
    subject: Callable[[Params], str]
    body: Callable[[Params], str] = field(default=_nothing)
    icon: str = "bell"
    mutable: bool = True


kinds: Registry[NotificationKind] = Registry(
    NotificationKind, module="notification_kinds", noun="notification kind"
)


class Words(NamedTuple):
    """A notification in the active language."""

    subject: str
    body: str
    icon: str


def words(code: str, params: Params) -> Words:
    """Return what a stored notification says. Never raises: old rows outlive their kinds and their params."""
    try:
        kind = kinds.get(code)
    except UnknownCodeError:
        return Words(_("Notification"), "", "bell")
    try:
        return Words(" ".join(kind.subject(params).split()), kind.body(params), kind.icon)
    except Exception:
        logger.exception("The notification kind %s cannot say %r", code, params)
        return Words(str(kind.label), "", kind.icon)
