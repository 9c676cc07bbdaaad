"""The bell's page, and what people wish to get by e-mail."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.lookups import IsNull
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .channels import channels
from .kinds import kinds
from .models import Notification, Preference
from .sending import is_internal

PAGE_SIZE = 25


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the reader's notifications: unread first, then by day."""
    rows = Notification.objects.visible_to(request.user).select_related("by")
    rows = rows.order_by(IsNull(F("read_at"), False), "-created_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    groups = [
        {"unread": unread, "day": day, "rows": list(found)}
        for (unread, day), found in groupby(page, key=lambda row: (row.read_at is None, _day(row)))
    ]
    # Unread ones come first, so that only later pages need to ask.
    has_unread = any(group["unread"] for group in groups) or (page.number > 1 and rows.unread().exists())
    context = {"page": page, "groups": groups, "today": timezone.localdate(), "has_unread": has_unread}
    return render(request, "notifications/index.html", context)


@login_required
@require_safe
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notification as read, and go to what it is about."""
    row = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    _mark_read(Notification.objects.filter(pk=row.pk))
    return redirect(row.url if is_internal(row.url) else "notifications:list")


@login_required
@require_POST
def read_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notification as read, and stay on the list."""
    row = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    _mark_read(Notification.objects.filter(pk=row.pk))
    return _back(request)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of the reader's notifications as read."""
    _mark_read(Notification.objects.visible_to(request.user))
    return redirect("notifications:list")


@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and store which kinds the reader gets by which channel; the bell always shows all."""
    choices = [(kind, way) for kind in kinds if kind.mutable for way in channels]
    if request.method == "POST":
        _store_preferences(request, [(kind.code, way.code) for kind, way in choices])
        messages.success(request, _("Your choice is saved."))
        return redirect("notifications:preferences")
    stored = {(row.kind, row.channel): row.enabled for row in Preference.objects.filter(user=request.user.pk)}
    rows = [
        {
            "label": kind.label,
            "boxes": [
                {
                    "name": f"{kind.code}:{way.code}",
                    "label": way.label,
                    "checked": stored.get((kind.code, way.code), way.on_by_default),
                }
                for way in channels
            ],
        }
        for kind in kinds
        if kind.mutable
    ]
    context = {"rows": rows, "channels": list(channels)}
    return render(request, "notifications/preferences.html", context)


def _store_preferences(request: HttpRequest, choices: list[tuple[str, str]]) -> None:
    user: Any = request.user
    rows = [
        Preference(user=user, kind=kind, channel=way, enabled=f"{kind}:{way}" in request.POST)
        for kind, way in choices
    ]
    Preference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["enabled"],
    )


def _day(row: Notification) -> Any:
    return timezone.localtime(row.created_at).date()


def _mark_read(rows: Any) -> None:
    rows.filter(read_at__isnull=True).update(read_at=timezone.now())


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    return redirect(target if is_internal(target) else "notifications:list")
