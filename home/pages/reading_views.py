"""Notices that must be read: one's own list, confirming, and who has confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from home.forms.api import xlsx_file
from home.people.api import key_in

from .articles import NoticePage
from .reading import NotAskedError, confirm, remind, to_read, with_receipt
from .reading_report import DONE, WAITING, Scope, heat, people_in, scope_of, table, total

PAGE_SIZE = 20
PEOPLE_ON_PAGE = 50
#: Notices side by side in the overview of departments.
COLUMNS = 8


@login_required
@require_safe
def reading_list(request: HttpRequest) -> HttpResponse:
    """Show what the reader has still to confirm, or with `?done=1` what is confirmed."""
    done = request.GET.get("done") == "1"
    mine = with_receipt(request.user)
    confirmed = mine.filter(confirmed_at__isnull=False).select_related("department")
    rows = confirmed.order_by("-confirmed_at", "-pk") if done else to_read(request.user)
    page_of = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page_of": page_of, "done": done, "may_follow": bool(scope_of(request.user))}
    return render(request, "pages/reading/list.html", context)


@login_required
def reading_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the reader has read and understood; a GET (after logging in again) leads back to the notice."""
    reader: Any = request.user
    notice = NoticePage.objects.visible_to(reader).filter(pk=pk).first()
    if notice is None:
        raise Http404
    if request.method == "POST":
        shown = request.POST.get("round", "")
        try:
            receipt = confirm(pk, by=reader, reading_round=_number(shown) or 0)
        except NotAskedError:
            raise Http404 from None
        if receipt is None:
            messages.warning(
                request, _("The notice has been changed meanwhile. Please read it again, then confirm.")
            )
        else:
            messages.success(request, _("Thank you. Your confirmation is noted."))
    return redirect(notice.url)


@login_required
@require_safe
def reading_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who has confirmed: departments as a heat list, and people, filtered by `?department=` and `?state=`."""
    notice, scope = _followed(request, pk)
    narrowed = _narrowed(request)
    rows = heat([notice], scope)
    people = Paginator(people_in(notice, scope, **narrowed), PEOPLE_ON_PAGE)
    names = {row.department.pk: str(row.department) for row in rows if row.department}
    page_of = people.get_page(request.GET.get("page"))
    for person in page_of:
        person.unit_name = names.get(person.unit, "")
    context = {
        "notice": notice,
        "rows": rows,
        "total": total(rows),
        "page_of": page_of,
        "department": narrowed["department"],
        "state": narrowed["state"],
        "states": [("", _("Everybody")), (WAITING, _("Not yet confirmed")), (DONE, _("Confirmed"))],
        "may_remind": scope.everybody and notice.live,
    }
    return render(request, "pages/reading/report.html", context)


@login_required
@require_safe
def reading_sheet(request: HttpRequest, pk: int) -> FileResponse:
    """Send the list of people as a workbook, filtered as on the page."""
    notice, scope = _followed(request, pk)
    sheet = xlsx_file(table(notice, scope, **_narrowed(request)), title=_("Confirmations"))
    return FileResponse(sheet, as_attachment=True, filename=f"xac-nhan-doc-{notice.slug[:80]}.xlsx")


@login_required
@require_POST
def reading_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind those who have not confirmed; for those who follow the whole notice."""
    notice, scope = _followed(request, pk)
    if not scope.everybody:
        raise Http404
    by: Any = request.user
    told = remind(notice, by=by)
    if told:
        text = ngettext("Reminded %(count)d reader.", "Reminded %(count)d readers.", told)
        messages.success(request, text % {"count": told})
    else:
        messages.info(request, _("Nobody is left to remind: all have confirmed, or were reminded today."))
    return redirect("reading_report", pk=pk)


@login_required
@require_safe
def reading_overview(request: HttpRequest) -> HttpResponse:
    """Show the newest notices that must be read against departments, to administrators and heads."""
    scope = scope_of(request.user)
    if not scope:
        raise Http404
    notices = NoticePage.objects.visible_to(request.user).filter(must_read=True)
    ordered = notices.select_related("audience_rule").order_by("-published_on", "-pk")
    page_of = Paginator(ordered, COLUMNS).get_page(request.GET.get("page"))
    shown = list(page_of)
    context = {"page_of": page_of, "notices": shown, "rows": heat(shown, scope)}
    return render(request, "pages/reading/overview.html", context)


def _followed(request: HttpRequest, pk: int) -> tuple[NoticePage, Scope]:
    """Return a notice that must be read, and what the reader may know of it; else 404."""
    found = NoticePage.objects.readable_by(request.user).filter(pk=pk, must_read=True)
    notice = found.select_related("audience_rule").first()
    scope = scope_of(request.user, notice) if notice is not None else Scope()
    if notice is None or not scope:
        raise Http404
    return notice, scope


def _narrowed(request: HttpRequest) -> dict[str, Any]:
    """Return the filter in the address; values that do not exist filter nothing."""
    state = request.GET.get("state", "")
    return {
        "department": key_in(request.GET.get("department", "")),
        "state": state if state in (WAITING, DONE) else "",
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
