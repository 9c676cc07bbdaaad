"""Why a dossier is due on its day: every day from receipt on, and what the count made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home.worktime.api import CountedDay, day_words, explain_due, explain_hours
from workflows.definitions.api import Definition
from workflows.dossiers.api import Dossier
from workflows.engine.api import TaskView
from workflows.steps.api import term_unit

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
    """The count, and the words above it; `moved` says in words why the date is another than the count's, if it is."""

    words: str
    lines: list[Line]
    moved: str


def why_due(dossier: Dossier, definition: Definition | None, pauses: Sequence[PauseRow]) -> WhyDue | None:
    """Return the count behind the due date of a dossier, or None when it has none; reads only the calendar.

    A pause that lasts is not in it: its due date moves when the clock goes on.
    """
    if dossier.due_at is None or definition is None or not definition.days:
        return None
    over = [(row.pause.started_at, row.pause.ended_at) for row in pauses if row.pause.ended_at]
    days = explain_due(dossier.opened_at, definition.days, pauses=over, department=dossier.department)
    words = ngettext(
        "%(days)s working day from receipt, counted by the calendar of the office:",
        "%(days)s working days from receipt, counted by the calendar of the office:",
        definition.days,
    )
    moved = _("The calendar of the office was changed after the dossier was received; its due date stayed.")
    return _why(words % {"days": definition.days}, days, dossier.due_at, moved)


def why_task_due(view: TaskView, definition: Definition | None, pauses: Sequence[PauseRow]) -> WhyDue | None:
    """Return the count behind the due date of a task: its own term, or that of its dossier; reads only the calendar."""
    task, spec = view.task, view.spec
    if task.scheduled is None:
        return None
    if spec.days is None and spec.hours is None:
        return why_due(view.dossier, definition, pauses) if task.scheduled == view.dossier.due_at else None
    unit = term_unit(spec, view.dossier, task.owner, task.owner_permission or "")
    over = [
        (max(row.pause.started_at, task.created), row.pause.ended_at)
        for row in pauses
        if row.pause.ended_at and row.pause.ended_at > task.created
    ]
    if spec.days is not None:
        days = explain_due(task.created, spec.days, pauses=over, department=unit)
        words = _("Term of this step: %(days)s working days, by the calendar of whoever has it:")
        words %= {"days": number_format(spec.days)}
    else:
        days = explain_hours(task.created, spec.hours or 0, pauses=over, department=unit)
        words = _("Term of this step: %(hours)s working hours, by the calendar of whoever has it:")
        words %= {"hours": number_format(spec.hours or 0)}
    moved = _("The date was moved since: by an instruction, by going to somebody else, or in the calendar.")
    return _why(words, days, task.scheduled, moved)


def _why(words: str, days: Sequence[CountedDay], due_at: datetime, moved: str) -> WhyDue:
    shown = (
        days if len(days) <= LONG else [*(day for day in days if day.reason not in ("", "weekend")), days[-1]]
    )
    lines = [Line(day.day, _rounded(day.number), _words(day)) for day in dict.fromkeys(shown)]
    return WhyDue(words, lines, "" if days[-1].day == timezone.localdate(due_at) else moved)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)


def _words(day: CountedDay) -> str:
    if day.reason == "paused":
        return _("the clock stood still for %(length)s") % {"length": time_words(day.paused)}
    return day_words(day)
