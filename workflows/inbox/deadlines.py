"""The traffic light of a due date: on time, due soon, late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from home.worktime.api import add_working_days


@dataclass(frozen=True)
class Light:
    """What a due date shows: never a colour alone, always with words and an icon."""

    code: str
    label: str | Promise
    tone: str
    icon: str
    words: str = ""


_KINDS: dict[str, tuple[str | Promise, str, str]] = {
    "none": (gettext_lazy("No due date"), "secondary", "calendar-off"),
    "on_time": (gettext_lazy("On time"), "green", "clock"),
    "soon": (gettext_lazy("Due soon"), "orange", "alert-triangle"),
    "late": (gettext_lazy("Late"), "red", "alert-circle"),
    "kept": (gettext_lazy("Done on time"), "green", "circle-check"),
    "missed": (gettext_lazy("Done late"), "red", "alert-circle"),
}


def soon_after(now: datetime) -> datetime:
    """Return until when a date is due soon: the end of the next working day of the office. At most one query."""
    return add_working_days(now, 1)


@dataclass(frozen=True)
class Lights:
    """The lights of one moment: `lights(due_at, ended_at)`; with `ended_at` one tells whether the date was kept."""

    now: datetime
    soon: datetime

    def code(self, due_at: datetime | None, ended_at: datetime | None = None) -> str:
        """Return which light a date shows, without its words."""
        if due_at is None:
            return "none"
        if ended_at is not None:
            return "kept" if ended_at <= due_at else "missed"
        if due_at < self.now:
            return "late"
        return "soon" if due_at <= self.soon else "on_time"

    def __call__(self, due_at: datetime | None, ended_at: datetime | None = None) -> Light:
        """Return the light of a date."""
        code = self.code(due_at, ended_at)
        if due_at is None or ended_at is not None:
            return _light(code)
        return _light(code, (_late_words if code == "late" else _left_words)(due_at, self.now))


def lights(now: datetime | None = None, soon: datetime | None = None) -> Lights:
    """Return the lights of one moment (now); at most one query, whatever the number of dates.

    `soon` is `soon_after(now)`, for who knows it already.
    """
    now = now or timezone.now()
    return Lights(now, soon or soon_after(now))


def _light(code: str, words: str = "") -> Light:
    label, tone, icon = _KINDS[code]
    return Light(code, label, tone, icon, words or str(label))


def _days(first: datetime, last: datetime) -> int:
    return (timezone.localtime(last).date() - timezone.localtime(first).date()).days


def _late_words(due_at: datetime, now: datetime) -> str:
    days = _days(due_at, now)
    if days < 1:
        return _("Late since today")
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}


def _left_words(due_at: datetime, now: datetime) -> str:
    days = _days(now, due_at)
    if days < 1:
        return _("Due today")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
