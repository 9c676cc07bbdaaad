"""Starting a dossier: choose the type, fill in the form."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from home.forms.api import Filling, TakenError, fill_in, find_submission, keep_on_expiry, submit
from home.people.api import fold
from workflows.definitions.api import definition_of
from workflows.dossiers.api import DossierType, FlowVersion
from workflows.engine.api import BusyError, FaultError, InvalidActError, startable_by, version_to_start

from .gate import reader_of, without_trace

MAX_QUERY = 100


@dataclass(frozen=True)
class Offer:
    """One dossier type that the reader may start; `days` is the number of working days it may take."""

    type: DossierType
    days: int | None

    @property
    def department(self) -> str:
        """The department that the type belongs to; empty for those of the whole office."""
        return str(self.type.department or "")


@login_required
@require_safe
def dossier_start(request: HttpRequest) -> HttpResponse:
    """List what the reader may start, by department, with a search that ignores diacritics."""
    query = request.GET.get("q", "")[:MAX_QUERY]
    offers = [_offer(kind) for kind in startable_by(reader_of(request))]
    found = [offer for offer in offers if _matches(offer, fold(query))]
    found.sort(key=lambda offer: (fold(offer.department), fold(str(offer.type))))
    groups = [(name, list(rows)) for name, rows in groupby(found, key=lambda offer: offer.department)]
    context = {"query": query, "groups": groups, "any_offer": bool(offers)}
    return render(request, "inbox/start.html", context)


def _offer(kind: DossierType) -> Offer:
    return Offer(kind, definition_of(kind.current).days if kind.current else None)


def _matches(offer: Offer, query: str) -> bool:
    kind = offer.type
    text = fold(
        " ".join((kind.title, kind.title_en, kind.summary, kind.summary_en, kind.code, offer.department))
    )
    return all(word in text for word in query.split())


@keep_on_expiry
@require_http_methods(["GET", "HEAD", "POST"])
@without_trace
def dossier_new(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the questions of a dossier type and open a dossier from the answers."""
    reader = reader_of(request)
    version = version_to_start(code, reader)
    filling = fill_in(request, definition_of(version).form, user=reader, source=_source(code))
    if request.method != "POST":
        return _page(request, version, filling)
    is_replaced = filling.is_complete and request.POST.get("version") != str(version.pk)
    # Whoever sends the same once more is led to what the first time has made: `submit` sees to it, where the form
    # gets that far.
    if is_replaced or (filling.is_complete and not filling.is_sent):
        sent = find_submission(by=reader, source=_source(code), key=filling.form.key)
        if sent is not None:
            return redirect(sent.result_url)
    if is_replaced:
        return _page(request, version, filling, problem=_replaced(), status=409)
    if filling.response is not None:
        return filling.response
    if not filling.is_sent:
        return _page(request, version, filling)
    try:
        return _open(request, version, filling)
    except TakenError as error:
        filling.refuse(error.question, str(error))
        return _page(request, version, filling)
    except InvalidActError:
        version = version_to_start(code, reader)
        filling.replace(definition_of(version).form)
        return _page(request, version, filling, problem=_replaced(), status=409)
    except FaultError as fault:
        problem = _("The flow cannot begin with these answers: %(reason)s") % {"reason": fault.message}
        return _page(request, version, filling, problem=problem)
    except (BusyError, OperationalError):
        problem = _("The office is very busy at this moment. Nothing is lost; please send it again.")
        return _page(request, version, filling, problem=problem, status=409)


def _open(request: HttpRequest, version: FlowVersion, filling: Filling) -> HttpResponse:
    submission = submit(
        version.schema,
        by=reader_of(request),
        answers=filling.form.answers(),
        handler="dossier",
        source=_source(version.type.code),
        key=filling.form.key,
        context={"version": version},
    )
    filling.discard()
    messages.success(request, _("Your dossier is submitted. This page always shows where it is."))
    return redirect(submission.result_url)


def _source(code: str) -> str:
    return f"dossier-type:{code}"


def _replaced() -> str:
    return _("This form has been replaced by a newer one. Please check your answers again.")


def _page(
    request: HttpRequest, version: FlowVersion, filling: Filling, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "version": version,
        "type": version.type,
        "filling": filling,
        "form": filling.form,
        "problem": problem,
        "days": definition_of(version).days,
    }
    return render(request, "inbox/new.html", context, status=status)
