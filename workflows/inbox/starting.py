"""Starting a dossier: choose the type, fill in the form."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from home.forms.api import AnswerForm, build_form, find_submission, keep_on_expiry, posted, submit
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
    version = version_to_start(code, reader_of(request))
    data, files = posted(request)
    definition = definition_of(version)
    form = build_form(definition.form, user=reader_of(request), data=data, files=files)
    if request.method != "POST":
        return _page(request, version, form)
    if (sent := find_submission(by=reader_of(request), source=_source(code), key=form.key)) is not None:
        return redirect(sent.result_url)
    if request.POST.get("version") != str(version.pk):
        return _page(request, version, form, problem=_replaced(), status=409)
    if not form.is_valid():
        return _page(request, version, form)
    try:
        return _open(request, version, form)
    except InvalidActError:
        version = version_to_start(code, reader_of(request))
        form = build_form(
            definition_of(version).form, user=reader_of(request), data=_with_drafts(request, form)
        )
        return _page(request, version, form, problem=_replaced(), status=409)
    except FaultError as fault:
        problem = _("The flow cannot begin with these answers: %(reason)s") % {"reason": fault.message}
        return _page(request, version, form, problem=problem)
    except (BusyError, OperationalError):
        problem = _("The office is very busy at this moment. Nothing is lost; please send it again.")
        return _page(request, version, form, problem=problem, status=409)


def _open(request: HttpRequest, version: FlowVersion, form: AnswerForm) -> HttpResponse:
    submission = submit(
        version.schema,
        by=reader_of(request),
        answers=form.answers(),
        handler="dossier",
        source=_source(version.type.code),
        key=form.key,
        context={"version": version},
    )
    messages.success(request, _("Your dossier is submitted. This page always shows where it is."))
    return redirect(submission.result_url)


def _with_drafts(request: HttpRequest, form: AnswerForm) -> QueryDict:
    """Return what was posted, with the uploads named as the drafts that `form` has made of them."""
    data = request.POST.copy()
    for name, question in form.fields.items():
        for stored in getattr(question, "kept", ()):
            data.appendlist(f"{name}-kept", str(stored.pk))
    return data


def _source(code: str) -> str:
    return f"dossier-type:{code}"


def _replaced() -> str:
    return _("This form has been replaced by a newer one. Please check your answers again.")


def _page(
    request: HttpRequest, version: FlowVersion, form: AnswerForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "version": version,
        "type": version.type,
        "form": form,
        "problem": problem,
        "days": definition_of(version).days,
    }
    return render(request, "inbox/new.html", context, status=status)
