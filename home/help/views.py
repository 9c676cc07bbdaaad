"""The pages of the help."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .chapters import Role, chapters_for


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the chapters that the reader's roles read."""
    chapters = chapters_for(request.user)
    groups = [(role.label, [one for one in chapters if one.role == role]) for role in Role]
    return render(request, "help/index.html", {"groups": [group for group in groups if group[1]]})


@login_required
@require_safe
def chapter(request: HttpRequest, code: str) -> HttpResponse:
    """Show one chapter; 404 for one that is written for others."""
    chapters = chapters_for(request.user)
    place = next((number for number, one in enumerate(chapters) if one.code == code), None)
    if place is None:
        raise Http404
    context = {
        "chapter": chapters[place],
        "chapters": chapters,
        "before": chapters[place - 1] if place else None,
        "after": chapters[place + 1] if place + 1 < len(chapters) else None,
    }
    return render(request, "help/chapter.html", context)
