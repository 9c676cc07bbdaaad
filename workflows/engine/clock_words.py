"""Terms, due dates, timers and participants of a step, said to whoever plans a flow."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from home.people.api import Department
from home.worktime.api import CountedDay, day_words, explain_due, explain_hours
from workflows.dossiers.api import Dossier
from workflows.steps.api import Assignment, HumanSpec, Late, calendar_unit, rule_words, steps

from .firing import option_of
from .models import Timer
from .trial import Day, Happening

#: Longer counts show only their special days.
_LONG = 40


def due_lines(
    start: datetime,
    *,
    days: float | None = None,
    unit: Department | None = None,
    spec: HumanSpec | None = None,
    dossier: Dossier | None = None,
    who: Assignment | None = None,
) -> list[Day]:
    """Return the count from `start` to a due date: of `days`, or of the term of a step; empty without one."""
    hours = None
    if spec is not None and dossier is not None and who is not None:
        if spec.days is None and spec.hours is None:
            return []
        days, hours = spec.days, spec.hours if spec.days is None else None
        unit = calendar_unit(dossier, who.user, who.role)
    if days is not None:
        return _shown(explain_due(start, days, department=unit))
    return _shown(explain_hours(start, hours, department=unit)) if hours is not None else []


def _shown(days: list[CountedDay]) -> list[Day]:
    if len(days) > _LONG:
        days = [day for day in days if day.reason not in ("", "weekend")] + days[-1:]
    numbers = (None if day.number is None else round(day.number, 2) for day in days)
    lines = [Day(day.day, number, day_words(day)) for day, number in zip(days, numbers, strict=True)]
    return list(dict.fromkeys(lines))


def term_words(spec: HumanSpec, due_at: datetime | None, dossier: Dossier) -> str:
    """Say where the due date of a step comes from."""
    if spec.days is not None:
        return _("%(days)s working days for this step") % {"days": _number(spec.days)}
    if spec.hours is not None:
        return _("%(hours)s working hours for this step") % {"hours": _number(spec.hours)}
    if due_at is None:
        return _("no term")
    if due_at == dossier.due_at:
        return _("the due date of the dossier")
    return _("as the instruction says")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def happenings(timer: Timer, spec: HumanSpec) -> list[Happening]:
    """Return what a timer of a step would do, and when; none when the step no longer names it."""
    option = option_of(timer, spec)
    if option is None:
        return []
    if not isinstance(option, Late) or option.do == "remind":
        return [Happening(timer.fire_at, _("whoever has the step is reminded"))]
    if option.do == "head":
        return [Happening(timer.fire_at, _("late: the head is told"))]
    if option.do == "reassign":
        to = rule_words(option.to) if option.to is not None else _("the head")
        return [Happening(timer.fire_at, _("late: the step goes to %(who)s") % {"who": to})]
    known = {one.code: str(one.label) for one in steps.get(spec.kind).outcomes(spec)}
    words = _("late: the step ends by itself with “%(outcome)s”")
    return [Happening(timer.fire_at, words % {"outcome": known.get(option.outcome, option.outcome)})]


__all__ = ["due_lines", "happenings", "term_words"]
