"""Feeds that a program reads without logging in: a secret in the address, and nothing sent twice."""

from __future__ import annotations

import hashlib
import secrets

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response


def new_token() -> str:
    """Return a secret for an address: 256 bits, safe in URLs."""
    return secrets.token_urlsafe(32)


def private_feed(request: HttpRequest, content: bytes, content_type: str) -> HttpResponse:
    """Answer with one person's feed, which no cache between may keep; 304 to a program that has this very text."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    answer = HttpResponse(content, content_type=content_type)
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    answer["Referrer-Policy"] = "no-referrer"
    found: HttpResponse | None = get_conditional_response(request, etag=etag, response=answer)
    if isinstance(found, HttpResponseNotModified):
        found["Cache-Control"] = "private, no-cache"
    return found or answer
