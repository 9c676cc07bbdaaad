"""Removing the invented office: what the admin and the command share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from home.audit.api import Entry, record
from home.notifications.api import Notification
from plugins.api.api import Removal, loaded_demos, remove_profile

SHOWN = 8


@dataclass(frozen=True)
class Line:
    """One line of the report: a kind of thing, how many, and the names of some."""

    kind: str
    count: int
    names: str = ""


@dataclass(frozen=True)
class Report:
    """What goes, what is switched off, and what stays because it was edited or is used."""

    gone: list[Line]
    switched_off: list[Line]
    edited: list[Line]
    used: list[Line]


def demo_names() -> list[str]:
    """Return the names of the demo profiles that can be removed."""
    return [profile.name for profile in loaded_demos()]


def try_removal(name: str, *, by: Any = None) -> Report:
    """Return what a removal would do; nothing is changed. Raises `RemovalError`."""
    return _report(remove_profile(name, by=by, dry_run=True))


@transaction.atomic
def remove_demo(name: str, *, by: Any = None) -> Report:
    """Remove a demo profile, and the bells that lead to what has gone. Raises `RemovalError`."""
    removal = remove_profile(name, by=by)
    for start in range(0, len(removal.urls), 500):
        Notification.objects.filter(url__in=removal.urls[start : start + 500]).delete()
    data = {"gone": sum(removal.gone.values()), "switched_off": sum(removal.switched_off.values())}
    record(Entry(verb="demo.removed", by=by, target=f"profile:{name}", label=name, data=data))
    return _report(removal)


def _report(removal: Removal) -> Report:
    def stays(why: str) -> list[Line]:
        found = [(kind, names) for (kind, reason), names in removal.stays.items() if reason == why]
        return [Line(kind, len(names), _some(names)) for kind, names in sorted(found)]

    return Report(
        gone=[Line(kind, count) for kind, count in removal.gone.most_common()],
        switched_off=[Line(kind, count) for kind, count in removal.switched_off.items()],
        edited=stays("edited"),
        used=stays("used"),
    )


def _some(names: list[str]) -> str:
    more = len(names) - SHOWN
    return "; ".join(names[:SHOWN]) + (" " + _("and %(count)d more") % {"count": more} if more > 0 else "")
