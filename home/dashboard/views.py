"""Arranging one's own home page: by buttons, so that it works by keyboard, by touch and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .forms import LinkFormSet
from .layout import UnknownPanelError, layout_of, move, places, reset, set_hidden, set_links, to_column
from .registry import Column, panels


@login_required
@require_safe
def arrange(request: HttpRequest) -> HttpResponse:
    """Show all panels, hidden ones too, with buttons that move, hide and show them."""
    found = places(layout_of(request.user))
    columns = []
    for column, label in ((Column.MAIN, _("Wide column")), (Column.SIDE, _("Narrow column"))):
        here = [place for place in found if place.column == column]
        rows = [
            {
                "place": place,
                "before": here[number - 1].panel.code if number else "",
                "after": here[number + 1].panel.code if number + 1 < len(here) else "",
                "other": Column.SIDE if column == Column.MAIN else Column.MAIN,
            }
            for number, place in enumerate(here)
        ]
        columns.append({"label": label, "code": column.value, "rows": rows})
    return render(request, "dashboard/arrange.html", {"columns": columns})


@login_required
@require_POST
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Move, hide or show one panel (`act`), and come back to where the button was."""
    name = request.POST.get("act", "")
    if code not in panels or name not in _ACTS:
        raise Http404
    run, words = _ACTS[name]
    try:
        run(request.user, code, request.POST)
    except UnknownPanelError:
        messages.warning(request, _("The panels have changed meanwhile. Please look again."))
    else:
        messages.success(request, words() % {"panel": panels.get(code).label})
    return _back(request, code, gone=name == "hide")


@login_required
@require_POST
def start_over(request: HttpRequest) -> HttpResponse:
    """Put all panels back to where the office has them."""
    user: Any = request.user
    reset(user)
    messages.success(request, _("The home page is as the office has arranged it."))
    return redirect("home_arrange")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest) -> HttpResponse:
    """Show and store one's own links."""
    user: Any = request.user
    known = layout_of(user).links
    forms = LinkFormSet(request.POST if request.method == "POST" else None, initial=known, prefix="links")
    if request.method == "POST" and forms.is_valid():
        filled = [form.cleaned_data for form in forms if form.cleaned_data.get("url")]
        set_links(user, [link for link in filled if not link.get("DELETE")])
        messages.success(request, _("Your links are saved."))
        return redirect("/")
    return render(request, "dashboard/links.html", {"forms": forms})


def _back(request: HttpRequest, code: str, *, gone: bool) -> HttpResponse:
    """Go back to the page with the button, to the panel itself where it still stands."""
    on_list = request.POST.get("from") == "list"
    anchor = "" if gone and not on_list else f"#panel-{code}"
    answer = redirect("home_arrange") if on_list else redirect("/")
    answer["Location"] += anchor
    return answer


_Act = Callable[[Any, str, Any], None]
_ACTS: dict[str, tuple[_Act, Callable[[], str]]] = {
    "up": (
        lambda user, code, sent: move(user, code, beside=sent.get("beside", ""), after=False),
        lambda: _("“%(panel)s” was moved up."),
    ),
    "down": (
        lambda user, code, sent: move(user, code, beside=sent.get("beside", ""), after=True),
        lambda: _("“%(panel)s” was moved down."),
    ),
    "main": (
        lambda user, code, sent: to_column(user, code, Column.MAIN),
        lambda: _("“%(panel)s” was moved to the wide column."),
    ),
    "side": (
        lambda user, code, sent: to_column(user, code, Column.SIDE),
        lambda: _("“%(panel)s” was moved to the narrow column."),
    ),
    "hide": (
        lambda user, code, sent: set_hidden(user, code, hidden=True),
        lambda: _("“%(panel)s” is hidden. You find it again under “Arrange the page”."),
    ),
    "show": (
        lambda user, code, sent: set_hidden(user, code, hidden=False),
        lambda: _("“%(panel)s” is shown again."),
    ),
}
