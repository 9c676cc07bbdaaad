"""Moving running dossiers to the current version, in the admin: first a look, then on purpose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from home.forms.api import clean_text, localized
from workflows.definitions.api import DamagedVersionError, Definition, definition_of
from workflows.dossiers.api import FlowVersion
from workflows.engine.api import (
    Impact,
    InvalidActError,
    Move,
    Running,
    impact,
    migrate,
    plan_migration,
)
from workflows.steps.api import steps

from .models import FlowDraft
from .tryout_views import address, draft_of, reader_of
from .version_views import may_publish, version_of

#: So many dossiers are moved by one click, and so many lines are shown.
BATCH = 200
SHOWN = 500
_STEP = "step-"


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show what would become of the dossiers of a version on the current one, or move them (`execute`).

    For whoever may publish the type; to others the page does not exist.
    """
    draft = draft_of(request, pk)
    source = version_of(draft, number)
    if not may_publish(request.user, draft):
        raise Http404
    target = source.type.current
    if target is None or target.pk == source.pk:
        raise Http404
    context = _page(draft, source, target)
    try:
        old, new = definition_of(source), definition_of(target)
    except DamagedVersionError as error:
        return render(request, "designer/move.html", context | {"fault": str(error)})
    found = _running(impact(new, source.type), source)
    renamed = {
        name.removeprefix(_STEP): value
        for name in request.POST
        if name.startswith(_STEP) and (value := str(request.POST[name])) not in ("", name.removeprefix(_STEP))
    }
    context |= {"running": found, "choices": _choices(found, old, new, renamed), "posted": request.POST}
    if request.method == "POST":
        context |= _carry_out(request, draft, source, target, renamed)
    return render(request, "designer/move.html", context)


def _page(draft: FlowDraft, source: FlowVersion, target: FlowVersion) -> dict[str, Any]:
    return {
        "draft": draft,
        "source": source,
        "target": target,
        "header_title": _("Move dossiers"),
        "header_icon": "redirect",
        "breadcrumbs_items": [
            {"url": address("list"), "label": _("Dossier types")},
            {"url": address("edit", draft.pk), "label": str(draft)},
            {"url": address("versions", draft.pk), "label": _("Versions")},
            {"url": "", "label": _("Move dossiers") + f": {draft}"},
        ],
    }


def _running(found: Impact, source: FlowVersion) -> Running | None:
    return next((one for one in found.running if one.version.pk == source.pk), None)


def _choices(
    found: Running | None, old: Definition, new: Definition, renamed: dict[str, str]
) -> list[dict[str, Any]]:
    """Return for each step at which dossiers stand, and each block around one, the steps that it may become."""
    standing = [one.step for one in found.standing] if found is not None else []
    around = [block for step in standing for block, _branch in old.paths.get(step, ())]
    goals = [
        (spec.id, localized(spec.title))
        for spec in new.steps_by_id.values()
        if (kind := steps.get(spec.kind)).human or kind.parallel or spec.kind in ("wait", "sub_dossier")
    ]
    troubles = {one.step: one.trouble for one in found.standing} if found is not None else {}
    counts = {one.step: one.count for one in found.standing} if found is not None else {}
    return [
        {
            "step": step,
            "title": localized(old.steps_by_id[step].title),
            "count": counts.get(step),
            "trouble": troubles.get(step, ""),
            "goals": goals,
            "chosen": renamed.get(step, step if step in new.steps_by_id else ""),
        }
        for step in dict.fromkeys([*around, *standing])
    ]


def _carry_out(
    request: HttpRequest,
    draft: FlowDraft,
    source: FlowVersion,
    target: FlowVersion,
    renamed: dict[str, str],
) -> dict[str, Any]:
    """Look or move, and return the lines; what is wrong with the mapping is said instead."""
    executes = "execute" in request.POST
    try:
        moves: Iterable[Move] = (
            migrate(
                source,
                target,
                renamed,
                by=reader_of(request),
                new_clocks="new_clocks" in request.POST,
                reason=clean_text(request.POST.get("reason", ""))[:500],
                may=lambda user: may_publish(user, draft),
            )
            if executes
            else plan_migration(source, target, renamed)
        )
        rows, goes, stays, more = _taken(moves, limit=BATCH if executes else None)
    except InvalidActError as error:
        return {"fault": error.message}
    if executes:
        text = ngettext("%(count)d dossier was moved.", "%(count)d dossiers were moved.", goes)
        messages.success(request, text % {"count": goes})
    return {"moves": rows, "goes": goes, "stays": stays, "more": more, "executed": executes}


def _taken(moves: Iterable[Move], *, limit: int | None) -> tuple[list[Move], int, int, bool]:
    """Return lines to show, how many move, how many stay, and whether some were left for the next click."""
    rows: list[Move] = []
    goes = stays = 0
    for one in moves:
        goes, stays = goes + one.moves, stays + (not one.moves)
        if len(rows) < SHOWN:
            rows.append(one)
        if limit is not None and goes >= limit:
            return rows, goes, stays, True
    return rows, goes, stays, False
