"""The search page: what every room finds, by kind, with what helps to look further."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from home.base.api import Hit, SearchSource, holds_all, keep, marked, query_text, sources_in_order
from home.people.api import Department
from plugins.api.api import Prepared

from .filters import PERIODS, span
from .guessing import did_you_mean
from .looking import Wanted, best_of_each, counts_of, found_by, hits_of, suggested
from .promoted import note_missed, promoted_for

PAGE_SIZE = 15
#: How many of one kind the overview shows, and up to how many it counts what a function finds.
OF_EACH = 5
COUNTED = 20
#: What one function is asked for at most when its kind is looked at alone.
MOST_OF_ONE = 300
SUGGESTIONS = 8


@dataclass(frozen=True)
class ShownHit:
    """A hit with the words marked, ready for the template."""

    hit: Hit
    title: SafeString
    summary: SafeString


@dataclass(frozen=True)
class FoundGroup:
    """What was found of one kind; `total` may be followed by a plus."""

    code: str
    label: str
    hits: list[ShownHit]
    total: int
    more: bool = False
    level: int = 4


@dataclass(frozen=True)
class Kind:
    """One kind in the row of kinds, with how many were found of it."""

    code: str
    label: str
    icon: str
    count: str
    chosen: bool


def _shown(hits: Iterable[Hit], wanted: Wanted) -> list[ShownHit]:
    def draw(text: str) -> SafeString:
        return marked(text, wanted.words, beginning=wanted.beginning)

    return [ShownHit(hit, draw(hit.title), draw(hit.summary)) for hit in hits]


class Found:
    """All that was found for one reader. `kind` is the only kind that is shown, empty for the overview."""

    def __init__(self, user: Any, wanted: Wanted, kind: str, number: str | None) -> None:
        self.user, self.wanted, self.kind = user, wanted, kind
        self.sources = sources_in_order()
        self.groups: list[FoundGroup] = []
        self.page_of: Page[Any] | None = None
        self.counts: dict[str, tuple[int, bool]] = {}
        self._ask_functions()
        self._ask_index(number)
        self.groups.sort(key=lambda group: (group.level, len(group.hits[0].hit.title)))

    def __bool__(self) -> bool:
        return any(count for count, _more in self.counts.values())

    def _ask_functions(self) -> None:
        """Ask the sources that search by themselves; they know no narrowing, and are left out of narrowed searches."""
        if self.wanted.narrowed or self.wanted.beginning:
            return
        for source in self.sources:
            if source.search is None:
                continue
            alone = source.code == self.kind
            most = MOST_OF_ONE if alone else COUNTED
            hits = source.search(self.user, self.wanted.text, most + 1)
            self.counts[source.code] = (min(len(hits), most), len(hits) > most)
            if hits and not self.kind:
                self._add(source, hits[:OF_EACH], 3 if holds_all(hits[0].title, self.wanted.words) else 4)
            elif alone:
                self._functions_page = hits[:most]

    _functions_page: list[Hit] | None = None

    def _ask_index(self, number: str | None) -> None:
        rows = found_by(self.user, self.wanted)
        if self.kind:
            counts = counts_of(rows)
            self.counts |= {kind: (total, False) for kind, total in counts.items()}
            self._turn_to(rows.filter(kind=self.kind), counts.get(self.kind, 0), number)
            return
        parts = best_of_each(rows, OF_EACH)
        hits = hits_of(self.user, [key for part in parts.values() for key in part.keys], self.wanted)
        for source in self.sources:
            part = parts.get(source.code)
            if part is not None:
                self.counts[source.code] = (part.total, False)
                shown = [hits[key] for key in part.keys if key in hits]
                if shown:  # else it went in between
                    self._add(source, shown, part.level)

    def _turn_to(self, rows: Any, total: int, number: str | None) -> None:
        """Show one page of the chosen kind."""
        if self._functions_page is not None:
            self.page_of = Paginator(self._functions_page, PAGE_SIZE).get_page(number)
            hits = list(self.page_of.object_list)
        else:
            paginator = Paginator(rows.values_list("pk", flat=True), PAGE_SIZE)
            paginator.count = total  # counted already, with the other kinds
            self.page_of = paginator.get_page(number)
            keys = list(self.page_of.object_list)
            held = hits_of(self.user, keys, self.wanted)
            hits = [held[key] for key in keys if key in held]
        source = next(source for source in self.sources if source.code == self.kind)
        if hits:
            self._add(source, hits, 0)

    def _add(self, source: SearchSource, hits: list[Hit], level: int) -> None:
        total, more = self.counts[source.code]
        shown = _shown(hits, self.wanted)
        self.groups.append(FoundGroup(source.code, str(source.label), shown, total, more, level))

    def kinds(self) -> list[Kind]:
        """Return the row of kinds: those of which something was found, and the chosen one."""
        return [
            Kind(
                source.code,
                str(source.label),
                source.icon,
                self._count(source.code),
                source.code == self.kind,
            )
            for source in self.sources
            if self.counts.get(source.code, (0, False))[0] or source.code == self.kind
        ]

    def _count(self, code: str) -> str:
        total, more = self.counts.get(code, (0, False))
        return f"{total}+" if more else str(total)


def _wanted(request: HttpRequest, departments: list[Department]) -> Wanted:
    given = request.GET
    period = given.get("period", "")
    chosen = given.get("department", "")
    return Wanted(
        query_text(given.get("q", "")),
        department=next((unit for unit in departments if unit.code == chosen), None),
        days=span(period, timezone.localdate()) if period in dict(PERIODS) else None,
        archived=given.get("archive") == "1",
    )


def _look(request: HttpRequest, wanted: Wanted) -> Found:
    """Look for whole words; when there are none, for beginnings of words in titles."""
    codes = {source.code for source in sources_in_order()}
    kind = request.GET.get("in", "")
    kind = kind if kind in codes else ""
    number = request.GET.get("page")
    found = Found(request.user, wanted, kind, number)
    if found:
        return found
    again = Wanted(wanted.text, wanted.department, wanted.days, wanted.archived, beginning=True)
    return Found(request.user, again, kind, number)


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found for `?q=`; without a query, how to search."""
    departments = _departments.all()
    wanted = _wanted(request, departments)
    context: dict[str, Any] = {
        "query": wanted.text,
        "wanted": wanted,
        "narrow": _narrow(request, wanted, departments),
    }
    if wanted.words:
        context |= _results(request, wanted)
    return render(request, "pages/search.html", context)


#: Every search offers them.
_departments: Prepared[Department] = Prepared(lambda: Department.objects.filter(is_active=True))


def _narrow(request: HttpRequest, wanted: Wanted, departments: Sequence[Department]) -> SafeString:
    """Draw what a search can be narrowed by; what looks the same is drawn once."""
    chosen = wanted.department.code if wanted.department else ""
    offered = tuple((unit.code, unit.name) for unit in departments)
    period = request.GET.get("period", "") if wanted.days else ""
    about = (offered, chosen, period, wanted.archived, wanted.narrowed)
    shown = {"departments": offered, "chosen": chosen, "period": period, "wanted": wanted, "periods": PERIODS}
    return keep(request, "pages/search_narrow.html", about, lambda: shown).text


def _results(request: HttpRequest, wanted: Wanted) -> dict[str, Any]:
    found = _look(request, wanted)
    alone = bool(found.kind or wanted.narrowed)
    promoted = [] if alone else promoted_for(request.user, wanted.words)
    missed = not found and not promoted
    if missed and not alone:
        note_missed(wanted.text)
    return {
        "groups": found.groups,
        "kinds": found.kinds(),
        "kind": found.kind,
        "page_of": found.page_of,
        "promoted": _shown(promoted, wanted),
        "found_any": bool(found.groups or promoted),
        "meant": did_you_mean(request.user, wanted.text) if missed else "",
        "status": _status(found),
    }


def _status(found: Found) -> str:
    """Return what is told to whoever hears the page."""
    total = sum(count for count, _more in found.counts.values())
    plus = "+" if any(more for _count, more in found.counts.values()) else ""
    return _("Found: %(count)s") % {"count": f"{total}{plus}"}


@login_required
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Return the list below the search box for `?q=`: a piece of HTML, empty when there is nothing."""
    text = query_text(request.GET.get("q", ""))
    wanted = Wanted(text, beginning=True)
    found = suggested(request.user, text, SUGGESTIONS)
    titles = Counter(hit.title for _source, hit in found)
    rows = [
        {
            # Namesakes are told apart by their departments.
            "note": hit.about[0] if hit.about and titles[hit.title] > 1 else source.label,
            "icon": source.icon,
            "hit": hit,
            "title": _shown([hit], wanted)[0].title,
        }
        for source, hit in found
    ]
    return render(request, "pages/suggestions.html", {"rows": rows, "query": text})
