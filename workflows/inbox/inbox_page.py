"""The inbox: what waits for somebody, what they may claim, what they have done; searched, filtered, saved."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from home.people.api import User
from workflows.engine.api import TaskRow, claimable_parts, count_parts, own_parts, rows_of

from .answers import readable_definition
from .counts import Count, Counts, remember_counts
from .cursors import cursors_of, has_cursor, without_cursors
from .deadlines import lights
from .gate import reader_of
from .keyset import slice_of
from .models import SavedView
from .saved_views import ShownView, parts_of, query_of, shown, views_of
from .tabs import TABS, tab_of
from .task_filters import Moments, TaskFilter
from .words import outcome_label, outcome_tone

PAGE = 25


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the reader's tasks, those that may be claimed, or those that are done. Reads only."""
    reader, tab = reader_of(request), tab_of(request.GET.get("tab", ""))
    moments = Moments.of()
    chosen = TaskFilter(request.GET, reader=reader, moments=moments)
    given, order = chosen.given, tab.order_of(request.GET.get("sort", ""))
    parts = tab.parts(reader)
    page = slice_of(
        chosen.narrow(parts) if given else parts,
        order,
        size=PAGE,
        columns=tab.columns,
        counted=bool(given),
        **cursors_of(request),
    )
    if not page.lines and has_cursor(request):
        return redirect(without_cursors(request))
    is_open = "filters" in request.GET or bool(given.keys() - {"q"})
    if is_open:
        chosen.offer(parts)
    now = SavedView(tab=tab.code, query=query_of(given), order=order.name)
    views, counts = _counted(reader, now, moments)
    light = lights(moments.now, moments.soon())
    context: dict[str, Any] = {
        "tab": tab,
        "tabs": TABS.values(),
        "rows": [(row, light(row.due_at), _result(row)) for row in rows_of(page.lines, reader)],
        "counts": counts,
        "page": page,
        "count": Count(page.count) if page.count is not None else None,
        "filter": chosen,
        "fields": [field for field in chosen.form if field.name not in ("q", *tab.without)],
        "given": given,
        "is_open": is_open,
        "order": order.name,
        "orders": [(name, words) for name, (words, _order) in tab.orders.items()],
        "views": views,
        "query": urlencode({"tab": tab.code, **given, "sort": order.name}),
        "is_saved": any(view.is_shown for view in views),
    }
    return render(request, "inbox/inbox.html", context)


def _counted(reader: User, now: SavedView, moments: Moments) -> tuple[list[ShownView], Counts]:
    """Return the saved views, and the counts of tabs and views: two queries, however many views there are."""
    views = views_of(reader)
    lists = [own_parts(reader), claimable_parts(reader), *parts_of(views, reader, moments)]
    mine, claim, *others = count_parts(reader, lists)
    return shown(views, others, now), remember_counts(reader, Counts(mine, claim))


def _result(row: TaskRow) -> tuple[str, str] | None:
    """Return how a task that is done has ended, with the colour word."""
    if not row.outcome:
        return None
    definition = readable_definition(row.dossier)
    return (
        outcome_label(definition, row.step_id, row.outcome),
        outcome_tone(definition, row.step_id, row.outcome),
    )
