"""Serving files through their gates."""

from __future__ import annotations

import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from .files import INLINE
from .gates import may_read, note_read
from .models import StoredFile
from .pictures import thumbnail


@require_safe
@cache_control(private=True, no_cache=True)
def stored_file(request: HttpRequest, pk: uuid.UUID) -> FileResponse:
    """Send a file to whoever may read it; to all others there is no such file."""
    stored = _readable(request, pk)
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


@require_safe
@cache_control(private=True, no_cache=True)
def stored_thumbnail(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Send a small copy of a picture to whoever may read it; what cannot be made smaller is sent as it is."""
    stored = _readable(request, pk)
    if not stored.content_type.startswith("image/"):
        raise Http404
    tag = f'"{stored.sha256}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    try:
        with stored.file.open("rb") as content:
            small = thumbnail(content)
    except FileNotFoundError:
        raise Http404 from None
    if small is None:
        return stored_file(request, pk)
    response = HttpResponse(small, content_type="image/webp", headers={"ETag": tag})
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _readable(request: HttpRequest, pk: uuid.UUID) -> StoredFile:
    """Return a file that the person may open, or raise Http404."""
    stored = StoredFile.objects.filter(pk=pk).first()
    if stored is None or not may_read(request.user, stored):
        raise Http404
    return stored
