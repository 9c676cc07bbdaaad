"""The bell's page: what one was told, by day and by thing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.db.models.lookups import IsNull
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from .api import unread_count
from .grouping import by_day, by_thing, same_thing
from .kinds import withhold
from .models import Notification
from .sending import is_internal

PAGE_SIZE = 25
#: So many things stand in the drop-down, put together from so many rows.
LATEST_THINGS, LATEST_ROWS = 7, 40


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the reader's notifications: unread first, then by day."""
    shown = Notification.objects.in_bell_of(request.user)
    only_unread = request.GET.get("show") == "unread"
    rows = (shown.unread() if only_unread else shown).select_related("by")
    rows = rows.order_by(IsNull(F("read_at"), False), "-created_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    withhold(request.user, page)
    groups = by_day(page)
    # Unread ones come first, so that only later pages need to ask.
    has_unread = any(group.unread for group in groups) or (page.number > 1 and shown.unread().exists())
    context = {
        "page": page,
        "groups": groups,
        "today": timezone.localdate(),
        "has_unread": has_unread,
        "only_unread": only_unread,
    }
    return render(request, "notifications/index.html", context)


@login_required
@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """Give the newest things for the bell's drop-down, unread ones first; without a script, lead to the list."""
    if not request.headers.get("HX-Request"):
        return redirect("notifications:list")
    return _latest(request)


def _latest(request: HttpRequest) -> HttpResponse:
    rows = Notification.objects.in_bell_of(request.user).select_related("by")
    newest = list(rows.order_by(IsNull(F("read_at"), False), "-created_at", "-pk")[:LATEST_ROWS])
    withhold(request.user, newest)
    things = by_thing(newest)[:LATEST_THINGS]
    count = unread_count(request.user)
    context = {"things": things, "has_unread": count > 0, "about": count}
    return render(request, "notifications/latest.html", context)


@login_required
@require_safe
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notification as read, with the older ones about the same thing, and go there."""
    row = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    _mark_read(same_thing(row, request.user))
    return redirect(row.url if is_internal(row.url) else "notifications:list")


@login_required
@require_POST
def read_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notification as read, with the older ones about the same thing, and stay on the list."""
    row = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
    _mark_read(same_thing(row, request.user))
    return _latest(request) if request.headers.get("HX-Request") else _back(request)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all that the reader's bell shows as read; what only comes by mail is not touched."""
    _mark_read(Notification.objects.in_bell_of(request.user))
    return _latest(request) if request.headers.get("HX-Request") else redirect("notifications:list")


def _mark_read(rows: Any) -> None:
    rows.filter(read_at__isnull=True).update(read_at=timezone.now())


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    return redirect(target if is_internal(target) else "notifications:list")
