"""What is done about work in the background that has failed: it is tried again, or the dossier does without it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from home.forms.api import keep_on_expiry
from home.people.api import key_in
from workflows.dossiers.api import Errand
from workflows.engine.api import (
    BusyError,
    ConflictError,
    InvalidActError,
    may_waive,
    retry_errand,
    waive_errand,
)

from .act_page import Act, Words, act_page
from .clashes import busy_words
from .gate import login_first, reader_of, visible_dossier, without_trace

_WAIVE = Words(
    gettext_lazy("Go on without this work"),
    gettext_lazy("It is not tried again, and a step that waits for it goes on. Nobody can take that back."),
    gettext_lazy("Why can the dossier do without it?"),
    gettext_lazy("Go on without it"),
    gettext_lazy("The dossier does without this work."),
    "player-skip-forward",
)


@login_first
@require_POST
@without_trace
def retry_work(request: HttpRequest, pk: int) -> HttpResponse:
    """Have background work that has failed tried again."""
    found, reader = visible_dossier(request, pk), reader_of(request)
    key = key_in(request.POST.get("errand", ""))
    errand = found.errands.filter(pk=key).first() if key is not None else None
    if errand is None:
        raise Http404
    try:
        retry_errand(errand.pk, by=reader)
    except ConflictError:
        raise Http404 from None
    except InvalidActError:
        messages.info(
            request, _("Nothing was changed: this has been done already, or is no longer possible.")
        )
    except BusyError:
        messages.error(request, busy_words())
    else:
        messages.success(request, _("The work is tried again."))
    return redirect("dossier", pk)


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def waive_work(request: HttpRequest, pk: int, errand: int) -> HttpResponse:
    """Ask for the reason, then let the dossier go on without work that has failed for good."""
    found, reader = visible_dossier(request, pk), reader_of(request)
    work = found.errands.filter(pk=errand).first()
    if work is None:
        raise Http404
    work.dossier = found
    act = Act(
        _WAIVE,
        found,
        may_waive(work, reader),
        lambda given: waive_errand(errand, by=reader, reason=given.reason),
        then=redirect("dossier", pk),
        back=("dossier", pk),
    )
    return act_page(request, act, late=work.state == Errand.State.CANCELLED)
