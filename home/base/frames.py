"""The frame of every page (menu and header), drawn once for all readers for whom it looks the same.

A frame is kept under everything that it shows, so it is never out of date: two readers with the same menu share its
text. What differs in every request, the token of forms and the reader's own address, stays a hole.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from home.notifications.api import unread_count
from home.office.api import office_of
from home.people.api import is_office_admin

from .kept import Kept, Shelf, hole
from .navigation import may_enter_admin, menu_for
from .preferences import theme_of
from .scheduler import scheduler_silent

#: Characters of frames that one process keeps: those of some hundreds of people.
shelf = Shelf(8_000_000)


@dataclass(frozen=True)
class _Frame:
    """A part of the frame: its template, and all that its text depends on besides language and theme: the template
    knows it as `about`.
    """

    template: str
    depends_on: Callable[[HttpRequest], Hashable]


def _menu(request: HttpRequest) -> Hashable:
    return tuple(
        (
            group.code,
            group.label,
            *((link.label, link.icon, link.url, link.badge, link.active) for link in group.links),
        )
        for group in menu_for(request)
    )


def _reader(request: HttpRequest) -> Hashable:
    user = request.user
    return (
        str(user),
        getattr(user, "email", ""),
        user.get_username(),
        getattr(user, "photo_name", ""),
        may_enter_admin(user),
    )


def _warned(request: HttpRequest) -> Hashable:
    return is_office_admin(request.user) and scheduler_silent()


_FRAMES = {
    "navigation": _Frame("base/navigation.html", _menu),
    "header": _Frame("base/header.html", _reader),
    "bell": _Frame("base/bell.html", lambda request: unread_count(request.user)),
    "scheduler": _Frame("base/scheduler.html", _warned),
}


def frame(request: HttpRequest, name: str) -> Kept:
    """Return a part of the frame for this reader; raises KeyError for an unknown name. Remembered on the request."""
    drawn: dict[str, Kept] = request.__dict__.setdefault("_frames", {})
    if name not in drawn:
        drawn[name] = _kept(request, name)
    return drawn[name]


def _kept(request: HttpRequest, name: str) -> Kept:
    part = _FRAMES[name]
    about = part.depends_on(request)
    key = (name, office_of(request).looks, _language(request), theme_of(request), about)
    kept = shelf.get(key)
    if kept is None:
        context = {"csrf_token": hole("token"), "here": hole("here"), "holes": True, "about": about}
        kept = Kept.of(render_to_string(part.template, context, request))
        shelf.put(key, kept)
    return kept


def _language(request: HttpRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", ""))


def digest_of(request: HttpRequest) -> str:
    """Return what changes whenever any part of this reader's frame looks different."""
    return " ".join(frame(request, name).digest for name in _FRAMES)


def drawn(request: HttpRequest, name: str) -> SafeString:
    """Return the text of a part of the frame for this very request."""
    return frame(request, name).filled(holes_of(request))


def holes_of(request: HttpRequest) -> dict[str, Callable[[], str]]:
    """Return what fills the holes for this request."""
    parts = {name: (lambda name=name: drawn(request, name)) for name in _FRAMES}
    return {
        **parts,
        "token": lambda: get_token(request),
        "here": lambda: escape(request.get_full_path()),
    }
