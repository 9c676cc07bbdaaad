"""What people are told about: one entry for each occasion, contributed by `notification_kinds.py`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from plugins.api.api import Registry, UnknownCodeError

if TYPE_CHECKING:
    from .models import Notification

logger = logging.getLogger(__name__)

Params = Mapping[str, Any]


def _nothing(_params: Params) -> str:
    return ""


@dataclass(frozen=True)
class Composed:
    """A mail with templates of its own (`template` + `.txt` and `.html`).

    `covers` are held messages (keys of `Delivery`) that have reached the reader once this one is sent;
    `unsubscribe` says what its one-click link ends.
    """

    subject: str
    template: str
    context: Mapping[str, Any]
    unsubscribe: str = ""
    covers: Sequence[int] = ()


@dataclass(frozen=True)
class NotificationKind:
    """One occasion. `subject` and `body` get the stored params and speak the reader's language when called.

    Both return plain text; `body` may have several lines. `mutable` kinds may be switched off or wait for the
    digest; `urgent` ones do not wait for the end of anybody's quiet hours. `group` is the heading under which the
    kind stands among people's choices. `compose` makes more of a mail than subject and body say, at the moment when
    it leaves (None: there is nothing to send any more); such a kind leaves by e-mail alone and stands in no bell.
    `known_to(user, rows)` is the gate of what may be closed to its reader later: it returns the keys of those rows
    whose words the reader may still read, in one query. The others leave by no mail, and the bell does not say what
    they were about.
    """

    code: str
    label: str | Promise
    subject: Callable[[Params], str]
    body: Callable[[Params], str] = field(default=_nothing)
    icon: str = "bell"
    mutable: bool = True
    urgent: bool = False
    group: str | Promise = ""
    compose: Callable[[Notification], Composed | None] | None = None
    known_to: Callable[[Any, Sequence[Notification]], Collection[int]] | None = None

    @property
    def in_bell(self) -> bool:
        """Tell whether the kind stands in the bell."""
        return self.compose is None


kinds: Registry[NotificationKind] = Registry(
    NotificationKind, module="notification_kinds", noun="notification kind"
)


def unmutable() -> list[str]:
    """Return the codes of the kinds that nobody can switch off."""
    return [kind.code for kind in kinds if not kind.mutable]


def hidden() -> list[str]:
    """Return the codes of the kinds that stand in no bell."""
    return [kind.code for kind in kinds if not kind.in_bell]


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


def withdrawn_words() -> Words:
    """Return what stands in the place of a notification whose thing is closed to its reader."""
    return Words(_("What this was about is no longer available to you."), "", "lock")


def withhold(user: Any, rows: Iterable[Notification]) -> None:
    """Mark those notifications whose thing is closed to their reader now: their words are not said any more.

    One query for each kind that has a gate, whatever the number of rows.
    """
    gated: dict[str, list[Notification]] = {}
    for row in rows:
        if row.kind in kinds and kinds.get(row.kind).known_to is not None:
            gated.setdefault(row.kind, []).append(row)
    for code, found in gated.items():
        known_to = kinds.get(code).known_to
        known = known_to(user, found) if known_to is not None else ()
        for row in found:
            row.withdrawn = row.pk not in known
