"""Keeps what is being typed on a task, without a decision."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from home.forms.api import clean_text
from workflows.engine.api import InvalidActError, draft_of, save_draft

from .gate import login_first, reader_of, without_trace


@login_first
@require_POST
@without_trace
def keep_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the opinion as it stands now, and say so in a line of its own; the last one who types counts.

    On any device of the person it is there again. One that is too long is refused in words, and what was kept stays.
    """
    reader, refused = reader_of(request), ""
    try:
        draft = save_draft(
            pk, by=reader, outcome="", note=clean_text(request.POST.get("note", ""), lines=True)
        )
    except InvalidActError as error:
        draft, refused = draft_of(pk, reader), error.message
    return render(request, "inbox/parts/draft.html", {"draft": draft, "refused": refused})
