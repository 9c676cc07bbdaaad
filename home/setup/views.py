"""The wizard: a token first, then one page a step. All of it is 404 as soon as anybody is in the office."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from home.people.api import import_template

from .door import SetupClosedError, held_draft, use_token, wizard_is_open
from .models import SetupDraft
from .opening import OpeningError, open_office
from .steps import STEPS, Step, first_open

HOLDER = "setup_holder"
_View = Callable[..., HttpResponseBase]


def _while_empty(view: _View) -> _View:
    """Let a view answer only while the office is empty."""

    @login_not_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not wizard_is_open():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _draft_of(request: HttpRequest) -> SetupDraft | None:
    return held_draft(request.session.get(HOLDER, ""))


@_while_empty
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the token, once; then go on where the wizard stands."""
    draft = _draft_of(request)
    if draft is not None:
        return redirect("setup_step", first_open(draft).code)
    wrong = False
    if request.method == "POST":
        try:
            holder = use_token(request.POST.get("token", "")[:200])
        except SetupClosedError:
            raise Http404 from None
        if holder:
            request.session[HOLDER] = holder
            return redirect("setup")
        wrong = True
    return render(request, "setup/token.html", {"wrong": wrong}, status=403 if wrong else 200)


@_while_empty
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, code: str) -> HttpResponse:
    """Show one step, and keep what it is told; steps before it must have been done."""
    found = next((one for one in STEPS if one.code == code), None)
    if found is None:
        raise Http404
    draft = _draft_of(request)
    if draft is None:
        return redirect("setup")
    reached = first_open(draft)
    if STEPS.index(found) > STEPS.index(reached):
        return redirect("setup_step", reached.code)
    if request.method == "POST" and "skip" in request.POST and found.skip(draft):
        draft.save(
            update_fields=["answers", "logo", "people"]
        )  # never the token: somebody may have used it meanwhile
        return redirect("setup_step", _after(found).code)
    form = found.form(request, draft)
    if request.method == "POST" and form.is_valid() and found.take(form, draft):
        if found is STEPS[-1]:
            return _finish(request, draft)
        draft.save(
            update_fields=["answers", "logo", "people"]
        )  # never the token: somebody may have used it meanwhile
        return redirect("setup_step", _after(found).code)
    return _page(request, found, form, draft, failed=request.method == "POST")


@_while_empty
@require_safe
def logo(request: HttpRequest) -> HttpResponseBase:
    """Show the logo that is kept so far."""
    draft = _draft_of(request)
    if draft is None or not draft.logo:
        raise Http404
    return FileResponse(draft.logo.open("rb"), content_type="image/png")


@_while_empty
@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    """Download the workbook to fill in."""
    if _draft_of(request) is None:
        raise Http404
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    name = "attachment; filename=nhan-su.xlsx"
    return HttpResponse(import_template(), content_type=kind, headers={"Content-Disposition": name})


def _after(found: Step) -> Step:
    return STEPS[STEPS.index(found) + 1]


def _finish(request: HttpRequest, draft: SetupDraft) -> HttpResponse:
    try:
        administrator = open_office(draft)
    except SetupClosedError:
        return redirect("login")
    except OpeningError as error:
        messages.warning(request, _("Nothing was stored. %(why)s") % {"why": error})
        return redirect("setup_step", error.step)
    request.session.pop(HOLDER, None)
    login(request, administrator, backend="home.people.backends.OfficeBackend")
    messages.success(request, _("The office is open. Welcome!"))
    return redirect("/")


def _page(request: HttpRequest, found: Step, form: Any, draft: SetupDraft, *, failed: bool) -> HttpResponse:
    here, reached = STEPS.index(found), STEPS.index(first_open(draft))
    trail = [
        {"step": one, "number": number + 1, "here": one is found, "open": number <= reached}
        for number, one in enumerate(STEPS)
    ]
    context = {
        "step": found,
        "form": form,
        "trail": trail,
        "before": STEPS[here - 1] if here else None,
        "number": here + 1,
        "count": len(STEPS),
        **found.context(form, draft),
    }
    return render(request, found.template, context, status=422 if failed else 200)
