"""The inbox: what waits for somebody, what they may claim, follow, have done; searched, filtered, saved."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from home.people.api import User
from workflows.dossiers.api import open_followed, principals_of
from workflows.engine.api import TaskRow, claimable_parts, count_parts, count_tabs, own_parts, rows_of

from .answers import readable_definition
from .counts import Count, Counts
from .cursors import cursors_of, has_cursor, without_cursors
from .deadlines import Light, Lights, lights
from .followed import FollowRow, follow_rows
from .gate import reader_of
from .keyset import Slice, slice_of
from .list_filters import LONGEST, Moments
from .marks import is_unseen, marked, urgency_of
from .models import SavedView
from .saved_views import ShownView, parts_of, query_of, shown, views_of
from .tabs import DONE, FOLLOW, TABS, Tab, tab_of
from .words import outcome_label, outcome_tone

PAGE = 25


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the reader's tasks, those that may be claimed, what is followed, or what is done. Reads only."""
    reader, tab = reader_of(request), tab_of(request.GET.get("tab", ""))
    moments = Moments.of()
    asks_more = "filters" in request.GET
    chosen = (
        tab.filter(request.GET, reader=reader, moments=moments)
        if asks_more or tab.filter.is_asked(request.GET)
        else None
    )
    given = chosen.given if chosen else {}
    order, parts = tab.order_of(request.GET.get("sort", "")), tab.parts(reader)
    page = slice_of(
        chosen.narrow(parts) if chosen and given else parts,
        order,
        size=PAGE,
        columns=tab.columns,
        counted=bool(given),
        **cursors_of(request),
    )
    if not page.lines and has_cursor(request):
        return redirect(without_cursors(request))
    now = SavedView(tab=tab.code, query=query_of(given), order=order.name)
    views, counts = _counted(reader, now, moments)
    is_saved = any(view.is_shown for view in views)
    # What a saved view asks its name says: the questions stand open only for who is asking.
    is_open = asks_more or bool(given.keys() - {"q"} and not is_saved)
    fields: list[BoundField] = []
    if chosen and is_open:
        chosen.offer(parts)
        fields = [field for field in chosen.form if field.name not in ("q", *tab.without)]
    light = lights(moments.now, moments.soon())
    context: dict[str, Any] = {
        "tab": tab,
        "tabs": TABS.values(),
        "rows": _rows(tab, page, reader, light),
        "counts": counts,
        "page": page,
        "count": Count(page.count) if page.count is not None else None,
        "words": request.GET.get("q", ""),
        "longest": LONGEST,
        "fields": fields,
        "given": given,
        "is_open": is_open,
        "order": order.name,
        "orders": [(name, words) for name, (words, _order) in tab.orders.items()],
        "views": views,
        "query": urlencode({"tab": tab.code, **given, "sort": order.name}),
        "is_saved": is_saved,
    }
    return render(request, "inbox/inbox.html", context)


@dataclass(frozen=True)
class Line:
    """One task of the list; `result` is how a task that is done has ended, with the colour word."""

    row: TaskRow
    light: Light
    urgency: tuple[str, str] | None
    is_new: bool
    result: tuple[str, str] | None

    @property
    def about(self) -> Hashable:
        """All that the line shows (`parts/task_row.html`): its text is kept under that."""
        row, dossier = self.row, self.row.dossier
        return (
            (row.task_id, row.title, row.since, row.due_at, row.finished_at, str(row.on_behalf_of or "")),
            (dossier.subject, dossier.number, dossier.state, str(dossier.type), str(dossier.submitter)),
            (self.light, self.urgency, self.is_new, self.result),
        )


def _rows(tab: Tab, page: Slice, reader: User, light: Lights) -> Sequence[Line | FollowRow]:
    """Return what the lines show: dossiers that are followed, else tasks."""
    if tab is FOLLOW:
        return follow_rows(page.keys, reader, light)
    return [
        Line(
            row,
            light(row.due_at),
            urgency_of(row.dossier),
            tab is not DONE and is_unseen(row.dossier, row.since),
            _result(row),
        )
        for row in rows_of(page.lines, reader, among=marked)
    ]


def _counted(reader: User, now: SavedView, moments: Moments) -> tuple[list[ShownView], Counts]:
    """Return the saved views, and the counts of tabs and views: two queries, however many views there are."""
    views = views_of(reader)
    if not views:
        return [], Counts(*count_tabs(reader))
    tabs = [
        own_parts(reader),
        claimable_parts(reader),
        [open_followed(reader.pk, sorted(principals_of(reader)))],
    ]
    mine, claim, follow, *others = count_parts(reader, [*tabs, *parts_of(views, reader, moments)])
    return shown(views, others, now), Counts(mine, claim, follow)


def _result(row: TaskRow) -> tuple[str, str] | None:
    """Return how a task that is done has ended, with the colour word."""
    if not row.outcome:
        return None
    definition = readable_definition(row.dossier)
    return (
        outcome_label(definition, row.step_id, row.outcome),
        outcome_tone(definition, row.step_id, row.outcome),
    )
