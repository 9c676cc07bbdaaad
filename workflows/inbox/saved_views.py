"""Saved views: lists of the inbox under names of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from home.forms.api import clean_text
from home.people.api import User

from .counts import capped
from .gate import login_first, reader_of
from .list_filters import Moments, Rows
from .models import SavedView
from .tabs import tab_of

#: Letters of filters in an address: all of them together are shorter.
LONGEST = 4_000
#: More would not fit above a list, and each is counted on every page.
MOST = 10


@dataclass(frozen=True)
class ShownView:
    """A saved view above the list; `words` say how much it holds."""

    view: SavedView
    words: str
    is_shown: bool

    @property
    def address(self) -> str:
        """The query of the view's address."""
        return address_of(self.view)


def address_of(view: SavedView) -> str:
    """Return the query that shows a view: tab, filters, order."""
    return f"?{urlencode([('tab', view.tab)])}&{view.query}&{urlencode([('sort', view.order)])}".replace(
        "&&", "&"
    )


def query_of(given: Mapping[str, str]) -> str:
    """Return filters as a view keeps them: always in the same order."""
    return urlencode(sorted(given.items()))


def views_of(user: User) -> list[SavedView]:
    """Return the views of one person, by name. One query."""
    return list(SavedView.objects.filter(user=user))


def parts_of(views: Sequence[SavedView], user: User, moments: Moments) -> list[Sequence[Rows]]:
    """Return what each view lists. No query, but one for all that show what is done."""
    tabs = {view.tab: tab_of(view.tab) for view in views}
    parts = {tab.code: tab.parts(user) for tab in tabs.values()}
    return [
        tab.filter(QueryDict(view.query), reader=user, moments=moments).narrow(parts[tab.code])
        for view, tab in ((view, tabs[view.tab]) for view in views)
    ]


def shown(views: Sequence[SavedView], counts: Sequence[int], now: SavedView) -> list[ShownView]:
    """Return the views with their counts; the one that is like `now` is marked."""
    this = (now.tab, now.query, now.order)
    return [
        ShownView(view, capped(number), (view.tab, view.query, view.order) == this)
        for view, number in zip(views, counts, strict=True)
    ]


class TooManyViewsError(Exception):
    """Somebody has as many views as one may have."""


def save_view(user: User, *, name: str, tab: str, given: Mapping[str, str], order: str) -> SavedView:
    """Keep a view; one of the same name is replaced. Raises `TooManyViewsError`."""
    found = tab_of(tab)
    values = {"tab": found.code, "query": query_of(given), "order": found.order_of(order).name}
    with transaction.atomic():
        User.objects.select_for_update(of=("self",), no_key=True).filter(pk=user.pk).first()
        names = set(SavedView.objects.filter(user=user).values_list("name", flat=True))
        if name not in names and len(names) >= MOST:
            raise TooManyViewsError
        return SavedView.objects.update_or_create(user=user, name=name, defaults=values)[0]


@login_first
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list that is shown under a name."""
    reader = reader_of(request)
    name = clean_text(request.POST.get("name", ""))[:60].strip()
    chosen = QueryDict(request.POST.get("query", "")[:LONGEST])
    if not name:
        messages.error(request, _("Give the view a name."))
        return redirect(f"{reverse('inbox')}?{chosen.urlencode()}")
    try:
        view = save_view(
            reader,
            name=name,
            tab=chosen.get("tab", ""),
            given=tab_of(chosen.get("tab", "")).filter(chosen, reader=reader).given,
            order=chosen.get("sort", ""),
        )
    except TooManyViewsError:
        words = _("You have %(number)s views already. Delete one first.") % {"number": MOST}
        messages.error(request, words)
        return redirect(f"{reverse('inbox')}?{chosen.urlencode()}")
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(f"{reverse('inbox')}{address_of(view)}")


@login_first
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one of the reader's views; those of others do not exist."""
    view = SavedView.objects.filter(user=reader_of(request), pk=pk).first()
    if view is None:
        raise Http404
    name = view.name
    view.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": name})
    return redirect("inbox")
