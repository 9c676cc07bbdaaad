"""The page of one dossier, and its withdrawal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from home.forms.api import clean_text, keep_on_expiry, owner_token, posted
from home.people.api import User
from workflows.dossiers.api import Dossier, follow, follows, look, unfollow
from workflows.engine.api import (
    MAX_NOTE,
    BusyError,
    ConflictError,
    InvalidActError,
    draw,
    withdraw,
)

from .answers import answers_of, readable_definition
from .clashes import Typed, conflict_page
from .deadlines import lights
from .files import files_of
from .gate import login_first, reader_of, visible_dossier, without_trace
from .holders import holders_of
from .news import news_for
from .notes import cards_of
from .participants import blocks_of
from .pauses import Link, clock_acts, pause_now, pauses_of
from .stages import readable_way, stages_of
from .talk import Typed as TypedRemark
from .talk import talk_of
from .timeline import timeline
from .why_due import why_due


@login_required
@require_safe
@without_trace
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a dossier: answers, who has it, the way it goes, and what happened."""
    return show_dossier(request, visible_dossier(request, pk))


def show_dossier(request: HttpRequest, found: Dossier, typed: TypedRemark | None = None) -> HttpResponse:
    """Show a dossier that the reader may see; `typed` is a remark that could not be kept."""
    reader = reader_of(request)
    definition = readable_definition(found)
    light = lights()
    holders = holders_of(found, definition, reader)
    way = readable_way(found)
    pauses = pauses_of(found)
    events = timeline(found, definition)
    news = news_for(found, definition, reader, events)
    context: dict[str, Any] = {
        "dossier": found,
        "readable": definition is not None,
        "light": light(found.due_at, found.closed_at),
        "holders": [(holder, light(holder.due_at)) for holder in holders],
        "my_task": next((holder for holder in holders if holder.for_reader), None),
        "sections": answers_of(found, definition, news, reader=reader),
        "news": bool(news),
        "files": files_of(found, definition),
        "events": events,
        "diagram": draw(way) if way else None,
        "stages": stages_of(way) if way else [],
        "pause": pause_now(found),
        "why_due": why_due(found, definition, pauses),
        "more_acts": _more_acts(found, reader),
        "cards": cards_of(found, reader, pauses),
        "blocks": blocks_of(found, definition, reader),
        "talk": talk_of(found, reader, typed),
        "is_followed": follows(reader, found),
    }
    return render(request, "inbox/dossier.html", context)


def _more_acts(found: Dossier, reader: User) -> list[Link]:
    acts = [
        Link("dossier_print", found.pk, "printer", _("Print view")),
        Link("dossier_export", found.pk, "download", _("Take the dossier out…")),
        *clock_acts(found, reader),
    ]
    if found.is_open and found.submitter_id == reader.pk:
        acts.append(Link("dossier_withdraw", found.pk, "arrow-back", _("Withdraw…")))
    return acts


@login_first
@require_POST
@without_trace
def follow_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow a dossier, or follow it no longer."""
    found, reader = visible_dossier(request, pk), reader_of(request)
    if request.POST.get("on") == "1":
        follow(pk, by=reader)
        words = _("You follow dossier %(number)s: the bell tells you of every decision.")
    else:
        unfollow(pk, by=reader)
        words = _("You no longer follow dossier %(number)s.")
    messages.success(request, words % {"number": found.number})
    if request.POST.get("back") == "inbox":
        return redirect(f"{reverse('inbox')}?tab=follow")
    return redirect("dossier", pk)


@login_first
@require_POST
@without_trace
def look_at_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember that the reader has the dossier before them; with `done`, nothing is marked as new any more."""
    visible_dossier(request, pk)
    done = "done" in request.POST
    look(pk, by=reader_of(request), done=done)
    return redirect("dossier", pk) if done else HttpResponse(status=204)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def withdraw_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then end the dossier at its submitter's wish. To all others there is no such page."""
    found, reader = visible_dossier(request, pk), reader_of(request)
    if found.submitter_id != reader.pk:
        raise Http404
    data, _files = posted(request)
    reason = clean_text(data.get("reason", ""), lines=True) if data else ""
    error, status = "", 200
    if request.method == "POST":
        try:
            _withdraw(pk, request, reason)
        except ConflictError as clash:
            if clash.outcome == Dossier.State.WITHDRAWN:
                messages.info(request, _("This dossier has been withdrawn already."))
                return redirect("dossier", pk)
            return conflict_page(request, clash, typed=Typed(reason))
        except InvalidActError as refusal:
            error = refusal.message
        except BusyError:
            error, status = (
                _("Somebody is deciding on this dossier at this very moment. Please try again."),
                409,
            )
        else:
            messages.success(request, _("Dossier %(number)s is withdrawn.") % {"number": found.number})
            return redirect("dossier", pk)
    elif not found.is_open:
        return redirect("dossier", pk)
    context = {
        "dossier": found,
        "reason": reason,
        "error": error,
        "owner_token": owner_token(reader),
        "max_note": MAX_NOTE,
    }
    return render(request, "inbox/withdraw.html", context, status=status)


def _withdraw(pk: int, request: HttpRequest, reason: str) -> None:
    if len(reason) > MAX_NOTE:
        raise InvalidActError(
            _("The note is longer than %(limit)s characters.") % {"limit": MAX_NOTE}, "note"
        )
    withdraw(pk, by=reader_of(request), reason=reason)
