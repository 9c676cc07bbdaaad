"""The page of one dossier, and its withdrawal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from home.forms.api import clean_text, keep_on_expiry, owner_token, posted
from home.people.api import User
from workflows.definitions.api import DamagedVersionError, Definition
from workflows.dossiers.api import Dossier
from workflows.engine.api import (
    MAX_NOTE,
    BusyError,
    ConflictError,
    InvalidActError,
    StepState,
    Way,
    draw,
    way_of,
    withdraw,
)
from workflows.steps.api import StepSpec, generated_specs, steps, walk

from .answers import answers_of, readable_definition
from .clashes import Typed, conflict_page
from .deadlines import lights
from .gate import reader_of, visible_dossier, without_trace
from .holders import holders_of
from .notes import instructions_of, linked_of, work_of
from .participants import blocks_of
from .pauses import Link, clock_acts, pause_now, pauses_of
from .timeline import timeline
from .why_due import why_due
from .words import outcome_label, outcome_tone, role_names, title_of


@dataclass(frozen=True)
class Stage:
    """One step of the way, as the list of steps shows it; `depth` counts the parallel blocks around it."""

    title: str
    icon: str
    depth: int
    state: StepState
    role: str
    outcome: str
    tone: str


@login_required
@require_safe
@without_trace
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a dossier: answers, who has it, the way it goes, and what happened."""
    found, reader = visible_dossier(request, pk), reader_of(request)
    definition = readable_definition(found)
    light = lights()
    holders = holders_of(found, definition, reader)
    way = readable_way(found)
    pauses = pauses_of(found)
    context: dict[str, Any] = {
        "dossier": found,
        "readable": definition is not None,
        "light": light(found.due_at, found.closed_at),
        "holders": [(holder, light(holder.due_at)) for holder in holders],
        "my_task": next((holder for holder in holders if holder.for_reader), None),
        "sections": answers_of(found, definition),
        "attachments": found.attachments.select_related("file", "added_by"),
        "events": timeline(found, definition),
        "diagram": draw(way) if way else None,
        "stages": stages_of(way) if way else [],
        "pause": pause_now(found),
        "pauses": pauses,
        "why_due": why_due(found, definition, pauses),
        "more_acts": _more_acts(found, reader),
        "instructions": instructions_of(found),
        "linked": linked_of(found, reader),
        "works": work_of(found, reader),
        "blocks": blocks_of(found, definition, reader),
    }
    return render(request, "inbox/dossier.html", context)


def _more_acts(found: Dossier, reader: User) -> list[Link]:
    acts = clock_acts(found, reader)
    if found.is_open and found.submitter_id == reader.pk:
        acts.append(Link("dossier_withdraw", found.pk, "arrow-back", _("Withdraw…")))
    return acts


def readable_way(found: Dossier) -> Way | None:
    """Return the flow with its state, or None when the definition cannot be read; one query."""
    try:
        return way_of(found)
    except DamagedVersionError:
        return None


def stages_of(way: Way) -> list[Stage]:
    """Return the steps in the order of the definition, with their states: the diagram in words. Three queries."""
    names = role_names(state.role for state in way.states.values())
    return [
        _stage(way.definition, spec, depth, way.states.get(spec.id) or StepState(spec.id, "waiting"), names)
        for spec, depth in _specs(way.definition, way.states)
    ]


def _specs(definition: Definition, states: dict[str, StepState]) -> list[tuple[StepSpec, int]]:
    specs = [(spec, depth) for spec, _place, depth in walk(definition.flow.steps)]
    return specs + [(spec, 0) for spec in generated_specs() if spec.id in states]


def _stage(
    definition: Definition, spec: StepSpec, depth: int, state: StepState, names: dict[str, str]
) -> Stage:
    return Stage(
        title=title_of(definition, spec.id),
        icon=steps.get(spec.kind).icon,
        depth=depth,
        state=state,
        role=names.get(state.role, ""),
        outcome=outcome_label(definition, spec.id, state.outcome) if state.outcome else "",
        tone=outcome_tone(definition, spec.id, state.outcome) if state.outcome else "secondary",
    )


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
