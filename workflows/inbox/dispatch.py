"""The queue of the dispatchers: tasks that nobody else can act on, with the reason."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from workflows.engine.api import LINE, TaskRow, dispatch_parts, rows_of, with_reasons
from workflows.steps.api import HumanSpec

from .answers import readable_definition
from .cursors import cursors_of, has_cursor, without_cursors
from .deadlines import lights
from .filters import URGENT
from .gate import reader_of, without_trace
from .keyset import slice_of
from .words import tried_words

PAGE = 50


@login_required
@require_safe
@without_trace
def dispatch(request: HttpRequest) -> HttpResponse:
    """Show the queue, the most urgent first; for all but the dispatchers there is no such page."""
    reader = reader_of(request)
    page = slice_of(dispatch_parts(reader), URGENT, size=PAGE, columns=LINE, **cursors_of(request))
    if not page.lines and has_cursor(request):
        return redirect(without_cursors(request))
    light = lights()
    rows = with_reasons(rows_of(page.lines, reader))
    context = {"rows": [(row, light(row.due_at), _reasons(row)) for row in rows], "page": page}
    return render(request, "inbox/dispatch.html", context)


def _reasons(row: TaskRow) -> list[str]:
    """Say which rules found nobody, in their own words; no query."""
    definition = readable_definition(row.dossier)
    spec = definition.steps_by_id.get(row.step_id) if definition else None
    rules = {key: getattr(spec, key).words() for key in ("who", "fallback") if isinstance(spec, HumanSpec)}
    return tried_words({**one, "rule": rules.get(one["key"], one["rule"])} for one in row.tried)
