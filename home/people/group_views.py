"""The pages of working groups."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Case, Count, Prefetch, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from .chart import note_absences
from .directory import with_places
from .models import GroupMember, User, WorkingGroup
from .unit_parts import parts_for

_ROLES = {role: number for number, role in enumerate(GroupMember.Role.values)}


@login_required
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """List the working groups that the reader may know of: running and coming ones, then those that have ended."""
    today = timezone.localdate()
    there = Q(members__left_on__isnull=True) & Q(members__user__is_active=True)
    leading = GroupMember.objects.filter(
        role=GroupMember.Role.LEAD, left_on__isnull=True, user__is_active=True
    )
    groups = (
        WorkingGroup.objects.visible_to(request.user)
        .select_related("department")
        .annotate(people=Count("members", filter=there))
        .prefetch_related(Prefetch("members", leading.select_related("user"), to_attr="leads"))
        .order_by(Case(When(until__lt=today, then=Value(1)), default=Value(0)), "name", "pk")
    )
    rows = [{"group": group, "state": group.state_on(today)} for group in groups]
    mine = set(
        GroupMember.objects.filter(user=request.user.pk, left_on__isnull=True).values_list(
            "group_id", flat=True
        )
    )
    return render(request, "people/groups.html", {"rows": rows, "mine": mine})


@login_required
@require_safe
def group_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one working group: mandate, dates, members, and what the rooms have for it."""
    rows = WorkingGroup.objects.visible_to(request.user).select_related("department")
    group = get_object_or_404(rows, code=code)
    members: list[Any] = list(
        group.members.filter(user__is_active=True).prefetch_related(
            Prefetch("user", with_places(User.objects.all()))
        )
    )
    members.sort(key=lambda row: (_ROLES[row.role], row.user.sort_name, row.pk))
    note_absences(row.user for row in members)
    context = {
        "group": group,
        "state": group.state_on(timezone.localdate()),
        "members": [row for row in members if row.left_on is None],
        "former": [row for row in members if row.left_on is not None],
        "parts": parts_for(request, group),
    }
    return render(request, "people/group.html", context)
