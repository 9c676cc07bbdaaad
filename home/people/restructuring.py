"""Departments that are renamed or go into another one: what was stays known, and nobody's work is orphaned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .department_history import DepartmentEvent
from .models import Department, Membership, User
from .working_groups import WorkingGroup


@transaction.atomic
def rename(
    department: Department, *, name: str, code: str = "", by: User | None = None, note: str = ""
) -> Department:
    """Give a department another name (and code); the former ones stay in its history and lead to it."""
    fresh = Department.objects.select_for_update().get(pk=department.pk)
    fresh.name, fresh.code = name, code or fresh.code
    fresh.changed_by, fresh.change_note = by, note
    fresh.full_clean(exclude=["parent"])
    fresh.save()
    return fresh


@transaction.atomic
def merge(sources: Iterable[Department], *, into: Department, by: User | None = None, note: str = "") -> None:
    """Close departments that go into another one today.

    Their people hold the same positions there from today on, as plain members: who heads the joint unit is for the
    office to say. Their parts hang below it. What was addressed to them (pages, tasks, dossiers) stays as it was:
    whoever belongs to the joint unit answers for them (`places.py`). Raises `ValidationError`.
    """
    wanted = sorted({source.pk for source in sources})
    locked = {row.pk: row for row in Department.objects.select_for_update().order_by("pk")}
    target = locked[into.pk]
    found = [locked[pk] for pk in wanted if pk in locked]
    _check(found, target)
    for source in found:
        for part in source.children.all():
            part.parent = target
            part.save()
        _move_people(source, target)
        WorkingGroup.objects.filter(department=source).running().update(department=target)
        Department.objects.filter(Q(pk=source.pk) | Q(successor=source)).update(successor=target)
        Department.objects.filter(pk=source.pk).update(is_active=False)
        DepartmentEvent.objects.create(
            department=source,
            kind=DepartmentEvent.Kind.MERGED,
            name=source.name,
            code=source.code,
            into=target,
            by=by,
            note=note[:300],
        )
    into.refresh_from_db()


def _check(sources: list[Department], target: Department) -> None:
    if not sources:
        raise ValidationError({"sources": _("Choose at least one department that goes into another one.")})
    if not target.is_active:
        raise ValidationError({"into": _("“%(name)s” is closed.") % {"name": target}})
    for source in sources:
        if source.pk == target.pk:
            raise ValidationError({"sources": _("“%(name)s” cannot go into itself.") % {"name": source}})
        if not source.is_active:
            raise ValidationError({"sources": _("“%(name)s” is closed already.") % {"name": source}})
        if target.path.startswith(source.path):
            message = _("“%(target)s” is a part of “%(name)s”: move it up first.")
            raise ValidationError({"into": message % {"target": target, "name": source}})


def _move_people(source: Department, target: Department) -> None:
    """Let the memberships of today have ended yesterday, and begin in the joint unit; so do those to come."""
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)
    rows = Membership.objects.filter(department=source).filter(Q(until__isnull=True) | Q(until__gte=today))
    for row in list(rows.select_related("user", "position").order_by("pk")):
        since, until, primary = row.since, row.until, row.is_primary
        if since is not None and since >= today:
            row.delete()
        else:
            Membership.objects.filter(pk=row.pk).update(until=yesterday)
        _join(row, target, since=max(since or today, today), until=until, primary=primary)


def _join(row: Membership, target: Department, *, since: date, until: date | None, primary: bool) -> None:
    """Give a person the same position in the joint unit, unless the person holds it there already."""
    held = Membership.objects.filter(user=row.user, department=target, position=row.position)
    there = held.overlapping(since, until).first()
    if there is None:
        Membership(
            user=row.user,
            department=target,
            position=row.position,
            is_primary=primary,
            since=since,
            until=until,
        ).save()
    elif primary and not there.is_primary:
        there.is_primary = True
        there.save()
