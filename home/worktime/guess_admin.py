"""The first guess at the holidays of a year in the Wagtail admin: look, then add."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from .guess import fill, missing
from .models import Holiday

#: How many years ahead a guess is offered; lunar dates are known, laws change.
YEARS_AHEAD = 5


class YearForm(forms.Form):
    """The year to look at: this one or one of the next."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        first = timezone.localdate().year
        years = [(year, str(year)) for year in range(first, first + YEARS_AHEAD + 1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def guess_holidays(request: HttpRequest) -> HttpResponse:
    """Show the expected holidays of a year that have no row, and add them on POST; 404 for who may not add any."""
    user = request.user
    if not user.is_authenticated or not policy_registry.get_by_type(Holiday).user_has_permission(user, "add"):
        raise Http404
    sent = request.POST if request.method == "POST" else request.GET
    form = YearForm(sent if "year" in sent else {"year": timezone.localdate().year + 1})
    if not form.is_valid():
        return _page(request, form, [])
    year = form.cleaned_data["year"]
    if request.method == "POST":
        added = fill(year, by=user)
        messages.success(request, _added(added))
        return redirect("wagtailsnippets_worktime_holiday:list")
    return _page(request, form, missing(year))


def _added(count: int) -> str:
    if not count:
        return _("Nothing to add: every expected holiday has its row.")
    return ngettext(
        "%(count)s expected holiday was added. Correct it when the days off are announced.",
        "%(count)s expected holidays were added. Correct them when the days off are announced.",
        count,
    ) % {"count": count}


def _page(request: HttpRequest, form: YearForm, rows: list[Holiday]) -> HttpResponse:
    title = _("First guess at the holidays")
    context = {
        "form": form,
        "rows": rows,
        "year": form.cleaned_data.get("year"),
        "page_title": title,
        "header_title": title,
        "header_icon": "calendar",
    }
    return render(request, "worktime/admin/guess.html", context, status=200 if form.is_valid() else 422)
