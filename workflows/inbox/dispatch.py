"""The queue of the dispatchers: tasks that nobody else can act on, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from workflows.engine.api import LINE, TaskRow, dispatch_parts, rows_of, with_reasons
from workflows.steps.api import HumanSpec, Rule

from .answers import readable_definition
from .cursors import cursors_of, has_cursor, without_cursors
from .deadlines import lights
from .filters import URGENT
from .gate import reader_of, without_trace
from .keyset import slice_of
from .words import rules_words, tried_words

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
    reasons = zip(rows, _reasons(rows), strict=True)
    context = {"rows": [(row, light(row.due_at), why) for row, why in reasons], "page": page}
    return render(request, "inbox/dispatch.html", context)


def _reasons(rows: Sequence[TaskRow]) -> list[list[str]]:
    """Say of each row which rules found nobody, with the names of posts and departments; two queries for all."""
    rules: dict[tuple[int, str], Rule] = {}
    for row in rows:
        definition = readable_definition(row.dossier)
        spec = definition.steps_by_id.get(row.step_id) if definition else None
        if isinstance(spec, HumanSpec):
            rules |= {(row.task_id, key): getattr(spec, key) for key in ("who", "fallback")}
    words = dict(zip(rules, rules_words(rules.values()), strict=True))
    return [
        tried_words({**one, "rule": words.get((row.task_id, one["key"]), one["rule"])} for one in row.tried)
        for row in rows
    ]
