"""Serving pages: what all readers of one audience see alike is kept in each process, and filled in for each reader.

A kept page is found under the stamp that was read with the person of this very request (`home.people.remembering`), and
under the reader's reach: a publication, a change of an audience, of a group or of somebody's department shows on the
next request in every process, and nobody is shown what was made for another audience. Pages whose text depends on more
than that are never kept: only types that say so (`is_same_for_audience`, `may_be_kept`), and only plain addresses.
"""

from __future__ import annotations

from collections.abc import Hashable
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from wagtail.views import serve as serve_page

from .frames import audience_of, digest_of, encoded, holes_of
from .kept import Kept, Shelf, hole
from .preferences import theme_of

#: Characters of pages that one process keeps.
shelf: Shelf[Kept] = Shelf(24_000_000)


def serve(request: HttpRequest, path: str) -> Any:
    """Answer with the page at `path`: kept, or made by Wagtail; 404 for whoever may not see it."""
    key = _key(request, path)
    if key is None:
        return serve_page(request, path)
    kept = shelf.get(key)
    if kept is not None:
        return _answer(request, kept)
    answer = serve_page(request, path)
    page = (getattr(answer, "context_data", None) or {}).get("page")
    if page is None or not page.may_be_kept():
        return answer
    answer.context_data |= {"holes": True, "csrf_token": hole("token"), "here": hole("here")}
    answer.render()
    kept = Kept.of(answer.content.decode())
    shelf.put(key, kept)
    return _answer(request, kept)


def _key(request: HttpRequest, path: str) -> Hashable | None:
    """Return under what a page is kept for this reader; None when it is to be made anew."""
    audience = audience_of(request)
    if audience is None:
        return None
    if request.META.get("QUERY_STRING") or request.headers.get("HX-Request") or _has_messages(request):
        return None
    return (path, request.get_host(), getattr(request, "LANGUAGE_CODE", ""), theme_of(request), audience)


def _has_messages(request: HttpRequest) -> bool:
    return "messages" in request.COOKIES or "_messages" in request.session


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """Fill the holes; answer 304 when the browser has this very page with this frame."""
    if "CSRF_COOKIE" not in request.META:
        holes_of(request)["token"]()  # makes the cookie that the tag below depends on
    words = [digest_of(request, kept), str(request.user.pk), request.META["CSRF_COOKIE"]]
    etag = f'W/"{sha256(" ".join(words).encode()).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=etag, response=None)
    if answer is None:
        answer = HttpResponse(encoded(request, kept))
    answer.headers["ETag"] = etag
    return answer
