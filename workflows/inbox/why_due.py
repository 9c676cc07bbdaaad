"""Why a dossier is due on its day: every day from receipt on, and what the count made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from home.worktime.api import CountedDay, day_words, explain_due
from workflows.definitions.api import Definition
from workflows.dossiers.api import Dossier

from .pauses import PauseRow, time_words

#: Beyond so many lines ordinary days and weekends are left out.
LONG = 60


@dataclass(frozen=True)
class Line:
    """One day; `number` is what the count has reached in working days, None where it stands still."""

    day: date
    number: float | None
    words: str


@dataclass(frozen=True)
class WhyDue:
    """The count; `agrees` is false when the calendar has been changed since, so that it would end on another day."""

    days: int
    lines: list[Line]
    agrees: bool


def why_due(dossier: Dossier, definition: Definition | None, pauses: Sequence[PauseRow]) -> WhyDue | None:
    """Return the count behind the due date of a dossier, or None when it has none; reads only the calendar.

    A pause that lasts is not in it: its due date moves when the clock goes on.
    """
    if dossier.due_at is None or definition is None or not definition.days:
        return None
    over = [(row.pause.started_at, row.pause.ended_at) for row in pauses if row.pause.ended_at]
    days = explain_due(dossier.opened_at, definition.days, pauses=over, department=dossier.department)
    shown = (
        days if len(days) <= LONG else [day for day in days if day.reason not in ("", "weekend")] + days[-1:]
    )
    return WhyDue(
        days=definition.days,
        lines=[Line(day.day, _rounded(day.number), _words(day)) for day in dict.fromkeys(shown)],
        agrees=days[-1].day == timezone.localdate(dossier.due_at),
    )


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)


def _words(day: CountedDay) -> str:
    if day.reason == "paused":
        return _("the clock stood still for %(length)s") % {"length": time_words(day.paused)}
    return day_words(day)
