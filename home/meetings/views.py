"""The week, one meeting, and the forms that write it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from home.forms.api import keep_on_expiry, owner_token, posted
from home.people.api import User

from .booking import ChangedMeanwhileError, RoomTakenError, cancel_meeting, save_meeting
from .forms import CancelForm, MeetingForm
from .models import Meeting
from .week import Week, schedule


@login_required
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Show one week (`?week=2026-W47`, or the present one); `?mine=1` leaves out what concerns others."""
    shown = Week.parse(request.GET.get("week", "")) or Week.of(timezone.localdate())
    mine = request.GET.get("mine") == "1"
    days = schedule(request.user, shown, mine=mine)
    context = {
        "week": shown,
        "days": days,
        "mine": mine,
        "is_empty": not any(day.halves for day in days),
        "this_week": Week.of(timezone.localdate()),
    }
    return render(request, "meetings/week.html", context)


@login_required
@require_safe
def meeting_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one meeting to those who may see it."""
    rows = Meeting.objects.visible_to(request.user).select_related("room", "chair", "organiser")
    meeting = get_object_or_404(rows, pk=pk)
    context = {
        "meeting": meeting,
        "people": meeting.people.all(),
        "departments": meeting.departments.all(),
        "week": Week.of(timezone.localtime(meeting.starts_at).date()),
        "may_edit": _may_edit(request, meeting),
    }
    return render(request, "meetings/meeting.html", context)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Register a meeting; `?on=2026-11-24` fills the date in."""
    by: Any = request.user
    meeting = Meeting(organiser=by)
    initial = {"on": request.GET.get("on") or timezone.localdate().isoformat()}
    return _form(request, meeting, initial)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a meeting; for its organiser and administrators."""
    rows = Meeting.objects.editable_by(request.user).exclude(status=Meeting.Status.CANCELLED)
    return _form(request, get_object_or_404(rows, pk=pk), {})


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a meeting with a reason; for its organiser and administrators."""
    by: Any = request.user
    rows = Meeting.objects.editable_by(by).exclude(status=Meeting.Status.CANCELLED)
    meeting = get_object_or_404(rows.select_related("room"), pk=pk)
    data, _files = posted(request)
    form = CancelForm(data)
    if request.method == "POST" and form.is_valid():
        cancel_meeting(meeting, by=by, reason=form.cleaned_data["reason"])
        messages.success(request, _("The meeting is cancelled; those concerned are told."))
        return redirect(meeting)
    return render(
        request, "meetings/cancel.html", {"meeting": meeting, "form": form, "owner": owner_token(by)}
    )


def _form(request: HttpRequest, meeting: Meeting, initial: dict[str, Any]) -> HttpResponse:
    by: Any = request.user
    data, _files = posted(request)
    form = MeetingForm(data, instance=meeting, initial=initial, user=by)
    if request.method == "POST":
        form.as_status(_wanted_status(request, meeting))
        if form.is_valid() and _save(form, by):
            messages.success(request, _saved_text(meeting))
            return redirect(meeting)
    context = {"form": form, "meeting": meeting, "is_new": meeting.pk is None, "owner": owner_token(by)}
    status = 422 if form.errors and request.method == "POST" else 200
    return render(request, "meetings/form.html", context, status=status)


def _save(form: MeetingForm, by: User) -> bool:
    """Store what the form holds; return False with an error on the form when somebody was faster."""
    try:
        save_meeting(
            form.instance,
            by=by,
            people=form.cleaned_data["people"],
            departments=form.cleaned_data["departments"],
            expected_sequence=form.cleaned_data["version"],
        )
    except RoomTakenError as error:
        form.add_room_error(error.other)
    except ChangedMeanwhileError:
        form.add_error(None, _("Somebody else has changed this meeting meanwhile. Open it again to see how."))
    else:
        return True
    return False


def _wanted_status(request: HttpRequest, meeting: Meeting) -> str:
    """A draft may stay one; what was announced is not hidden again."""
    is_draft = meeting.pk is None or meeting.status == Meeting.Status.DRAFT
    if is_draft and request.POST.get("action") == "draft":
        return Meeting.Status.DRAFT
    return Meeting.Status.SCHEDULED


def _saved_text(meeting: Meeting) -> str:
    if meeting.status == Meeting.Status.DRAFT:
        return _("The draft is saved; only you see it.")
    return _("The meeting is saved; those concerned are told.")


def _may_edit(request: HttpRequest, meeting: Meeting) -> bool:
    if meeting.status == Meeting.Status.CANCELLED:
        return False
    return Meeting.objects.editable_by(request.user).filter(pk=meeting.pk).exists()
