"""The page of a department, and the organisation chart."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .chart import chart, note_absences
from .department_history import DepartmentEvent
from .models import Department, Membership, WorkingGroup
from .text import nfc
from .tree import path_ids
from .unit_parts import parts_for


@login_required
@require_safe
def department_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show a department: tasks, people, parts, history, and what the rooms have of it.

    A former code, and one of a department that went into another one, leads on; a closed department is 404.
    """
    department = Department.objects.filter(code=nfc(code)).select_related("successor").first()
    if department is None or not department.is_active:
        return redirect("department", _leads_to(department, nfc(code)).code)
    memberships = list(
        Membership.objects.current()
        .filter(department=department)
        .select_related("user", "position")
        .order_by("position__rank", "user__sort_name", "pk")
    )
    note_absences(membership.user for membership in memberships)
    groups = WorkingGroup.objects.visible_to(request.user).running()
    context = {
        "department": department,
        "above": _above(department),
        "below": list(department.children.filter(is_active=True)),
        "heads": [m for m in memberships if m.role == Membership.Role.HEAD],
        "deputies": [m for m in memberships if m.role == Membership.Role.DEPUTY],
        "members": [m for m in memberships if m.role == Membership.Role.MEMBER],
        "people_count": len({m.user_id for m in memberships}),
        "groups": list(groups.filter(department=department)),
        "history": _history(department),
        "parts": parts_for(request, department),
    }
    return render(request, "people/department.html", context)


@login_required
@require_safe
def organisation_chart(request: HttpRequest) -> HttpResponse:
    """Draw the tree of departments with their heads."""
    return render(request, "people/chart.html", {"roots": chart(), "today": timezone.localdate()})


def _leads_to(department: Department | None, code: str) -> Department:
    """Return the department of today for a code that is no longer in use. Raises 404."""
    if department is None:
        events = DepartmentEvent.objects.filter(code=code).select_related("department__successor")
        event = events.order_by("-pk").first()
        department = event.department if event is not None else None
    if department is not None and not department.is_active:
        department = department.successor
    if department is None or not department.is_active:
        raise Http404
    return department


def _history(department: Department) -> list[DepartmentEvent]:
    """Return what the department was called, and what went into it, the newest first."""
    renamed = DepartmentEvent.objects.filter(department=department, kind=DepartmentEvent.Kind.RENAMED)
    return list((renamed | DepartmentEvent.objects.filter(into=department)).order_by("-on", "-pk"))


def _above(department: Department) -> list[Department]:
    ids = path_ids(department.path)[:-1]
    found = {d.pk: d for d in Department.objects.filter(pk__in=ids, is_active=True)}
    return [found[pk] for pk in ids if pk in found]
