"""Whom reports are for, and what a reader asked for: the gate of all numbers about dossiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from home.people.api import Department, User
from workflows.dossiers.api import DISPATCH, DossierType, own_names_of

_HEAD = "head:"
#: What a report covers unless asked otherwise, and at most (days).
USUAL, LONGEST = 90, 3 * 366


@dataclass(frozen=True)
class Scope:
    """The departments whose dossiers a reader answers for; with `everything` also those of no department."""

    departments: list[Department]
    everything: bool = False


def may_report(user: User) -> bool:
    """Return whether there are reports for `user`: heads of departments and the dispatchers. No query of its own."""
    return any(name == DISPATCH or name.startswith(_HEAD) for name in own_names_of(user))


def scope_of(user: User) -> Scope | None:
    """Return what `user` answers for: as a head the department with all below it, as a dispatcher the whole office.

    None for everybody else: to them there are no reports. One query.
    """
    if not may_report(user):
        return None
    names = own_names_of(user)
    departments = list(Department.objects.order_by("tree_order", "pk"))
    if DISPATCH in names:
        return Scope(departments, everything=True)
    headed = {int(name.removeprefix(_HEAD)) for name in names if name.startswith(_HEAD)}
    above = tuple(row.path for row in departments if row.pk in headed)
    return Scope([row for row in departments if row.path.startswith(above)])


@dataclass(frozen=True)
class Asked:
    """What a report is about: a scope, narrowed to a department with those below it, a type, days from and to.

    `unit` narrows to one department alone ("0": none), `step` (`type:step`) to one step, `person` to one owner of
    tasks: what a cell of a table stands for.
    """

    scope: Scope
    since: date
    until: date
    department: Department | None = None
    type: DossierType | None = None
    unit: int | None = None
    step: str = ""
    person: int | None = None
    now: datetime = field(default_factory=timezone.now)

    @property
    def begin(self) -> datetime:
        """The first moment of the period."""
        return timezone.make_aware(datetime.combine(self.since, time.min))

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return timezone.make_aware(datetime.combine(self.until + timedelta(days=1), time.min))

    @property
    def departments(self) -> list[Department]:
        """The departments that are counted, in the order of the tree."""
        if self.department is None:
            return self.scope.departments
        return [row for row in self.scope.departments if row.path.startswith(self.department.path)]

    def dossiers(self, prefix: str = "") -> Q:
        """Return the condition on dossiers in the scope; `prefix` leads to the dossier (`dossier__`)."""
        found = Q()
        if self.unit is not None:
            found &= self._unit(prefix)
        elif self.department is not None or not self.scope.everything:
            found &= Q(**{f"{prefix}department__in": [row.pk for row in self.departments]})
        if self.type is not None:
            found &= Q(**{f"{prefix}type": self.type.pk})
        return found

    def _unit(self, prefix: str) -> Q:
        if not self.unit:
            return Q(**{f"{prefix}department__isnull": True})
        return Q(**{f"{prefix}department": self.unit})

    def query(self, **more: Any) -> dict[str, str]:
        """Return the words of an address that ask for the same, with `more`."""
        found: dict[str, Any] = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        if self.department is not None:
            found["department"] = self.department.pk
        if self.type is not None:
            found["type"] = self.type.pk
        return {key: str(value) for key, value in (found | more).items()}

    def during(self, since: date, until: date) -> Asked:
        """Return the same for a part of the period."""
        return replace(self, since=max(since, self.since), until=min(until, self.until))


def asked(scope: Scope, data: Mapping[str, str]) -> Asked:
    """Read what an address asks for; what is not there, or not for this reader, is left out. One query at most.

    A department outside of the scope counts as none asked for: nothing outside of it is ever counted.
    """
    since, until = _period(data)
    units = {row.pk: row for row in scope.departments}
    unit = _number(data.get("unit", ""))
    key = _number(data.get("type", ""))
    return Asked(
        scope,
        since,
        until,
        department=units.get(_number(data.get("department", "")) or 0),
        type=DossierType.objects.filter(pk=key).first() if key else None,
        unit=unit if unit in units or (unit == 0 and scope.everything) else None,
        step=data.get("step", "")[:100],
        person=_number(data.get("person", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _period(data: Mapping[str, str]) -> tuple[date, date]:
    today = timezone.localdate()
    until = _day(data.get("until", "")) or today
    since = _day(data.get("since", "")) or until - timedelta(days=USUAL - 1)
    if since > until:
        since, until = until, since
    return max(since, until - timedelta(days=LONGEST)), until


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2200 else None
