"""When a step is due: counted with the calendar of whoever has it."""

from __future__ import annotations

from datetime import datetime

from home.people.api import Department, User, department_of
from home.worktime.api import calendar_for, due_after
from workflows.dossiers.api import Dossier

from .spec import HumanSpec
from .turn import Turn
from .who import Assignment

_UNIT_ROLES = ("dept", "head", "post")


def unit_of(user: User | None, role: str) -> Department | None:
    """Return the department that has a task: of its owner, else the one that its role speaks of."""
    if user is not None:
        return department_of(user)
    kind, _colon, ids = role.partition(":")
    if kind not in _UNIT_ROLES:
        return None
    return Department.objects.filter(pk=int(ids.rpartition(":")[2])).first()


def calendar_unit(dossier: Dossier, user: User | None, role: str) -> Department | None:
    """Return the department with whose hours the terms of a task are counted: the holder's if it has its own.

    Otherwise the dossier's, which may have none.
    """
    unit = unit_of(user, role)
    has_own = unit is not None and calendar_for(unit) is not calendar_for()
    return unit if has_own else dossier.department


def term_unit(spec: HumanSpec, dossier: Dossier, user: User | None, role: str) -> Department | None:
    """Return the department whose calendar the due date of a task follows; without an own term the dossier's."""
    if spec.days is None and spec.hours is None:
        return dossier.department
    return calendar_unit(dossier, user, role)


def due_from(
    spec: HumanSpec, start: datetime, dossier: Dossier, user: User | None, role: str
) -> datetime | None:
    """Return when a step that began at `start` is due: by its own days or hours, else with the dossier."""
    if spec.days is None and spec.hours is None:
        return dossier.due_at
    # A definition with both is refused by the checks; one that was stored before them counts the days.
    hours = spec.hours if spec.days is None else None
    return due_after(start, days=spec.days, hours=hours, department=calendar_unit(dossier, user, role))


def due_of(spec: HumanSpec, turn: Turn, assignment: Assignment) -> datetime | None:
    """Return when a step that begins now is due."""
    return due_from(spec, turn.at, turn.dossier, assignment.user, assignment.role)
