"""Serving files through their gates."""

from __future__ import annotations

import uuid

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .files import INLINE
from .gates import may_read, note_read
from .models import StoredFile


@require_safe
@cache_control(private=True, no_cache=True)
def stored_file(request: HttpRequest, pk: uuid.UUID) -> FileResponse:
    """Send a file to whoever may read it; to all others there is no such file."""
    stored = StoredFile.objects.filter(pk=pk).first()
    if stored is None or not may_read(request.user, stored):
        raise Http404
    try:
        content = stored.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    note_read(request.user, stored)  # type: ignore[arg-type]
    inline = stored.content_type in INLINE and "download" not in request.GET
    response = FileResponse(
        content, as_attachment=not inline, filename=stored.name, content_type=stored.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    if not inline:
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
