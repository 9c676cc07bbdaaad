"""Addresses that pages had before they were renamed or moved: they lead on, for those who may see the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

from .models import BasePage


def following_moves(view: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap the view of pages: where there is none, look whether one has moved away. Two queries, only then."""

    def follow(request: HttpRequest, path: str) -> Any:
        try:
            return view(request, path)
        except Http404:
            answer = _moved(request) if request.method in ("GET", "HEAD") else None
            if answer is None:
                raise
            return answer

    return follow


def _moved(request: HttpRequest) -> HttpResponse | None:
    """Return the way to where a page is now; never lasting: tomorrow the reader may not be in its audience."""
    found = get_redirect(request, Redirect.normalise_path(request.path, decode_unicode=False))
    if found is None:
        return None
    if found.redirect_page_id is None:
        return redirect(found.link) if found.link else None
    page = BasePage.objects.readable_by(request.user).filter(pk=found.redirect_page_id).first()
    if page is None or not page.specific.is_visible_to(request.user) or not page.url:
        return None
    return redirect(page.url)
