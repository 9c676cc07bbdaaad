"""Meetings for calendar programs: one meeting as a file, and a secret feed for each person."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from home.base.api import new_token, private_feed
from home.office.api import office_of

from .ics import feed_since, to_ics
from .models import CalendarFeed, Meeting

CONTENT_TYPE = "text/calendar; charset=utf-8"


@login_required
@require_safe
def meeting_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Download one meeting."""
    rows = Meeting.objects.visible_to(request.user).select_related("room", "chair")
    meeting = get_object_or_404(rows, pk=pk)
    response = HttpResponse(to_ics([meeting], name=meeting.title), content_type=CONTENT_TYPE)
    day = timezone.localtime(meeting.starts_at).date()
    response["Content-Disposition"] = f'attachment; filename="meeting-{day:%Y%m%d}-{meeting.pk}.ics"'
    return response


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give a calendar program what concerns the owner of the address; no login, so the token is the key."""
    rows = CalendarFeed.objects.filter(user__is_active=True).select_related("user")
    owner = get_object_or_404(rows, token=token).user
    meetings = Meeting.objects.concerning(owner).filter(ends_at__gte=feed_since())
    with translation.override(owner.language):
        name = f"{office_of(request).called()} – {owner}"
        content = to_ics(meetings.select_related("room", "chair").order_by("starts_at", "pk"), name=name)
    return private_feed(request, content, CONTENT_TYPE)


@login_required
@require_safe
def subscribe(request: HttpRequest) -> HttpResponse:
    """Show the reader's own feed address, and how to use it."""
    owner: Any = request.user
    held = CalendarFeed.objects.filter(user=owner).first()
    address = ""
    if held:
        path = reverse("meetings:feed", args=[held.token])
        address = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path
    return render(request, "meetings/subscribe.html", {"feed": held, "address": address})


@login_required
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Make the reader a new address; the old one stops working at once."""
    owner: Any = request.user
    CalendarFeed.objects.update_or_create(
        user=owner, defaults={"token": new_token(), "created_at": timezone.now()}
    )
    messages.success(request, _("Your calendar address is ready. An older one no longer works."))
    return redirect("meetings:subscribe")


@login_required
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Switch the reader's feed off."""
    owner: Any = request.user
    CalendarFeed.objects.filter(user=owner).delete()
    messages.success(request, _("Your calendar address no longer works."))
    return redirect("meetings:subscribe")
