"""The queue of the dispatchers: tasks that nobody else can act on, with the reason."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflows.engine.api import TaskRow, dispatch_queue
from workflows.steps.api import HumanSpec

from .answers import readable_definition
from .deadlines import lights
from .gate import reader_of, without_trace
from .words import tried_words

PAGE = 50


@login_required
@require_safe
@without_trace
def dispatch(request: HttpRequest) -> HttpResponse:
    """Show the queue, the most urgent first; for all but the dispatchers there is no such page."""
    text = request.GET.get("page", "1")
    page = min(max(int(text), 1), 1_000) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    found = dispatch_queue(reader_of(request), limit=PAGE + 1, offset=(page - 1) * PAGE)
    light = lights()
    context = {
        "rows": [(row, light(row.due_at), _reasons(row)) for row in found[:PAGE]],
        "previous_page": page - 1,
        "next_page": page + 1 if len(found) > PAGE else 0,
    }
    return render(request, "inbox/dispatch.html", context)


def _reasons(row: TaskRow) -> list[str]:
    """Say which rules found nobody, in their own words; no query."""
    definition = readable_definition(row.dossier)
    spec = definition.steps_by_id.get(row.step_id) if definition else None
    rules = {key: getattr(spec, key).words() for key in ("who", "fallback") if isinstance(spec, HumanSpec)}
    return tried_words({**one, "rule": rules.get(one["key"], one["rule"])} for one in row.tried)
