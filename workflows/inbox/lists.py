"""The list of dossiers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from home.people.api import User
from workflows.dossiers.api import Dossier, lines_of

from .counts import Count
from .cursors import cursors_of, has_cursor, without_cursors
from .deadlines import Light, lights
from .filters import DossierFilter, order_of
from .followed import places_of
from .gate import reader_of
from .keyset import slice_of

LIST_PAGE = 25
LISTS = {
    "open": _("In progress"),
    "closed": _("Finished"),
    "all": _("All that I may see"),
}


@dataclass(frozen=True)
class DossierLine:
    """One dossier of the list; `places` are the titles of the steps where it stands."""

    dossier: Dossier
    light: Light
    places: tuple[str, ...]

    @property
    def about(self) -> Hashable:
        """All that the line shows (`parts/dossier_row.html`): its text is kept under that."""
        row = self.dossier
        return (
            (row.pk, row.subject, row.number, row.state, str(row.type), str(row.submitter)),
            (row.opened_at, row.due_at, self.light, self.places),
        )


@login_required
@require_safe
def dossiers(request: HttpRequest) -> HttpResponse:
    """List dossiers: the reader's own in progress or finished, or all that the reader may see."""
    reader = reader_of(request)
    tab = request.GET.get("tab", "open") if request.GET.get("tab") in LISTS else "open"
    chosen = DossierFilter(request.GET, queryset=_of_tab(tab, reader), request=request)
    found, order = chosen.qs, order_of(request.GET.get("sort", ""))
    page = slice_of(found, order, size=LIST_PAGE, counted=True, **cursors_of(request))
    if not page.lines and has_cursor(request):
        return redirect(without_cursors(request))
    context: dict[str, Any] = {
        "tab": tab,
        "tabs": LISTS,
        "filter": chosen,
        "is_filtered": any(request.GET.get(name) for name in chosen.filters),
        "order": order.name,
        "page": page,
        "count": Count(page.count or 0) if page.lines else 0,
        "lines": _lines(page.keys),
    }
    return render(request, "inbox/dossiers.html", context)


def _of_tab(tab: str, reader: User) -> QuerySet[Dossier]:
    seen = Dossier.objects.visible_to(reader)
    if tab == "all":
        return seen
    mine = seen.filter(submitter=reader)
    return mine.filter(state__in=Dossier.OPEN) if tab == "open" else mine.exclude(state__in=Dossier.OPEN)


def _lines(keys: Sequence[int]) -> list[DossierLine]:
    """Return what the lines show, in order. One query, and one for the calendar."""
    found, light = lines_of(keys), lights()
    rows = [found[key] for key in keys if key in found]
    return [DossierLine(row, light(row.due_at, row.closed_at), places_of(row)) for row in rows]
