"""Pages of dossiers and tasks."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse


def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one dossier."""
    raise Http404


def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one task."""
    raise Http404
