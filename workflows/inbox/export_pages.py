"""The pages on which a dossier leaves the site: printed, as one document, or as an archive."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from home.people.api import fold
from workflows.dossiers.api import Dossier, PressError
from workflows.engine.api import draw

from .answers import answers_of, readable_definition
from .export import archive_of, facts_of, note_export, pdf_of
from .files import files_of
from .gate import login_first, reader_of, visible_dossier, without_trace
from .notes import cards_of
from .pauses import pauses_of
from .stages import readable_way, stages_of
from .timeline import timeline
from .why_due import why_due


@login_required
@require_safe
@without_trace
def print_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all of a dossier one below the other, as paper wants it; internal remarks are no part of it."""
    found, reader = visible_dossier(request, pk), reader_of(request)
    definition, way, pauses = readable_definition(found), readable_way(found), pauses_of(found)
    context: dict[str, Any] = {
        "dossier": found,
        "facts": facts_of(found),
        "sections": answers_of(found, definition, reader=reader),
        "cards": cards_of(found, reader, pauses),
        "files": files_of(found, definition),
        "why_due": why_due(found, definition, pauses),
        "diagram": draw(way).svg if way else "",
        "stages": stages_of(way) if way else [],
        "events": timeline(found, definition),
    }
    return render(request, "inbox/print.html", context)


@login_first
@require_http_methods(["GET", "HEAD", "POST"])
def export_dossier(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what an export holds; on POST send it, and keep in the history who took the dossier out."""
    found, reader = visible_dossier(request, pk), reader_of(request)
    if request.method != "POST":
        return render(request, "inbox/export.html", {"dossier": found})
    if "zip" in request.POST:
        note_export(found, by=reader, form="zip")
        response = StreamingHttpResponse(archive_of(found, reader), content_type="application/zip")
        return _named(response, found, "zip")
    try:
        document = pdf_of(found, reader)
    except PressError as error:
        messages.error(request, _("The document cannot be made now: %(reason)s") % {"reason": error})
        return redirect("dossier_export", pk)
    note_export(found, by=reader, form="pdf")
    return _named(HttpResponse(document, content_type="application/pdf"), found, "pdf")


def _named(response: HttpResponseBase, dossier: Dossier, extension: str) -> HttpResponseBase:
    name = re.sub(r"[^a-z0-9]+", "-", fold(dossier.number)).strip("-") or str(dossier.pk)
    response["Content-Disposition"] = f'attachment; filename="ho-so-{name}.{extension}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
