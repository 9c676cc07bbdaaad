"""Trying a draft out in the admin: the form on one side, the walk on the other; samples are kept with the draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.log_actions import log

from home.forms.api import SchemaError, clean_text
from home.people.api import User
from workflows.definitions.api import Definition
from workflows.engine.api import LATE, Trial, impact, play

from .access import drafts_of
from .desk import Desk, not_asked
from .in_hand import InHand, in_hand
from .marks import marks_of
from .models import FlowDraft, SampleCase
from .publishing import checked
from .reading import definition_of_draft
from .samples import MAX_SAMPLES, runs_of, store

_NAMES = "wagtailsnippets_designer_flowdraft"


def address(name: str, *args: Any) -> str:
    """Return the address of one of the editor's pages."""
    return reverse(f"{_NAMES}:{name}", args=args)


def reader_of(request: HttpRequest) -> User:
    """Return who asks. Raises `Http404` for whoever is not logged in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def draft_of(request: HttpRequest, pk: int) -> FlowDraft:
    """Return a draft in reach. Raises `Http404`."""
    found = drafts_of(request.user).select_related("type__current", "department").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Walk the draft with what was typed; with `walk_only` return the walk alone, with `save` keep the sample."""
    draft = draft_of(request, pk)
    hand = in_hand(draft, request.user)
    page = _page(draft, hand)
    try:
        definition = definition_of_draft(hand.draft)
    except SchemaError as error:
        return render(request, "designer/tryout.html", page | _lacks(hand, error))
    case = _case(request, draft)
    desk = Desk(definition, user=reader_of(request), data=request.POST or None, case=case)
    valid = desk.is_valid()
    trial = play(definition, desk.sample()) if valid else None
    if "save" in request.POST and trial is not None and (kept := _save(request, draft, desk, trial, case)):
        return redirect(f"{address('try', draft.pk)}?case={kept.pk}")
    context = page | _walk_context(definition, hand, desk, trial)
    if "walk_only" in request.POST:
        return render(request, "designer/tryout_walk.html", context)
    return render(request, "designer/tryout.html", context | {"cases": draft.samples.all(), "case": case})


def _page(draft: FlowDraft, hand: InHand) -> dict[str, Any]:
    """Return what the head of all these pages needs."""
    return {
        "draft": draft,
        "hand": hand,
        "header_title": str(hand.draft),
        "breadcrumbs_items": [
            {"url": address("list"), "label": _("Dossier types")},
            {"url": address("edit", draft.pk), "label": str(draft)},
            {"url": "", "label": _("Try out") + f": {draft}"},
        ],
        "header_icon": "view",
    }


def _lacks(hand: InHand, error: SchemaError) -> dict[str, Any]:
    """Return what keeps an incomplete draft from being walked, each with the place in the editor."""
    return {"problems": marks_of(hand.draft, checked(hand.draft, None, error.problems))}


def _walk_context(definition: Definition, hand: InHand, desk: Desk, trial: Trial | None) -> dict[str, Any]:
    return {
        "desk": desk,
        "trial": trial,
        "marks": marks_of(hand.draft, trial.findings) if trial else [],
        "late": LATE,
        "chosen": {
            f"{step}-{number}": act for step, acts in desk.choices.items() for number, act in enumerate(acts)
        },
        "not_asked": not_asked(definition),
        "impact": impact(definition, hand.draft.type),
    }


def _case(request: HttpRequest, draft: FlowDraft) -> SampleCase | None:
    """Return the stored sample that is looked at. Raises `Http404` for one of another draft."""
    raw = request.POST.get("case") or request.GET.get("case") or ""
    if not raw:
        return None
    if not raw.isdecimal() or len(raw) > 18:
        raise Http404
    found = draft.samples.filter(pk=int(raw)).select_related("submitter").first()
    if found is None:
        raise Http404
    return found


def _save(
    request: HttpRequest, draft: FlowDraft, desk: Desk, trial: Trial, case: SampleCase | None
) -> SampleCase | None:
    """Keep the sample under the name that was typed; say what keeps it from being kept."""
    name = clean_text(request.POST.get("name", ""))[:120]
    if not name:
        messages.error(request, _("Give the sample a name."))
        return None
    over = case if case is not None and case.name == name else None
    if over is None and draft.samples.count() >= MAX_SAMPLES:
        messages.error(request, _("A draft keeps at most %(limit)s samples.") % {"limit": MAX_SAMPLES})
        return None
    try:
        with transaction.atomic():
            kept = store(draft, name, desk.sample(), trial, by=reader_of(request), case=over)
            log(draft, "wagtail.edit", user=request.user, data={"sample": name})
    except IntegrityError:
        messages.error(request, _("Another sample has this name already."))
        return None
    messages.success(request, _("The sample “%(name)s” is kept with the draft.") % {"name": name})
    return kept


@require_http_methods(["GET", "HEAD"])
def try_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Walk every stored sample of a draft, and show where it goes another way than before."""
    draft = draft_of(request, pk)
    hand = in_hand(draft, request.user)
    page = _page(draft, hand)
    try:
        definition = definition_of_draft(hand.draft)
    except SchemaError as error:
        return render(request, "designer/tryout_samples.html", page | _lacks(hand, error))
    return render(request, "designer/tryout_samples.html", page | {"runs": runs_of(hand.draft, definition)})


@require_POST
def forget_sample(request: HttpRequest, pk: int, case: int) -> HttpResponse:
    """Delete one stored sample of a draft."""
    draft = draft_of(request, pk)
    found = draft.samples.filter(pk=case).first()
    if found is None:
        raise Http404
    with transaction.atomic():
        log(draft, "wagtail.edit", user=request.user, data={"sample_deleted": found.name})
        found.delete()
    messages.success(request, _("The sample “%(name)s” is deleted.") % {"name": found.name})
    return redirect(address("try-all", draft.pk))
