"""The frame of every page (menu and header), drawn once for all readers for whom it looks the same.

A frame is kept under everything that it shows, so it is never out of date: two readers with the same menu share its
text. What differs in every request, the token of forms and the reader's own address, stays a hole. Rooms above this one
add parts of their own (`add_part`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from home.office.api import office_of
from home.people.api import is_office_admin

from .audiences import reach_of, rule_generation
from .frame_numbers import UNREAD
from .kept import Kept, Shelf, hole
from .navigation import may_enter_admin, menu_digest
from .numbers import numbers_of
from .preferences import theme_of
from .scheduler import scheduler_silent

#: Characters of frames that one process keeps: those of some hundreds of people.
shelf: Shelf[Kept] = Shelf(16_000_000)


#: What a part of the frame shows one reader: texts, one behind the other.
Part = Callable[[HttpRequest], Sequence[Kept]]


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


def audience_of(request: HttpRequest) -> Hashable | None:
    """Return what is the same for all who see the same pages in the same way today, until one of them changes.

    None when that is not known: for requests that act, and as long as nothing has ever changed.
    """
    user: Any = request.user
    if request.method not in {"GET", "HEAD"} or not getattr(user, "remembers", False):
        return None
    reach = reach_of(user)
    # Whoever writes pages sees more on them: ways to edit, by rights that no reach describes.
    person = user.pk if reach.own or may_enter_admin(user) else None
    return (user.stamp, timezone.localdate(), rule_generation(), replace(reach, user_id=person), person)


def keep(
    request: HttpRequest,
    template: str,
    about: Hashable,
    context: Callable[[], Mapping[str, Any]] = dict,
) -> Kept:
    """Return the text of a template, drawn once for all readers with the same language, theme and `about`.

    The text must depend on nothing else. `context()` is asked only when it is drawn; the template also knows `about`.
    """
    key = (template, look_of(request), about)
    kept = shelf.get(key)
    if kept is None:
        kept = draw(request, template, {"about": about, **context()})
        shelf.put(key, kept)
    return kept


def draw(request: HttpRequest, template: str, context: Mapping[str, Any]) -> Kept:
    """Return the text of a template with holes for what differs in every request, without keeping it."""
    holes = {"csrf_token": hole("token"), "here": hole("here"), "holes": True}
    return Kept.of(render_to_string(template, {**context, **holes}, request))


def look_of(request: HttpRequest) -> Hashable:
    """Return what every drawn text depends on: how the office looks, the reader's language and theme."""
    return office_of(request).looks, str(getattr(request, "LANGUAGE_CODE", "")), theme_of(request)


@dataclass(frozen=True)
class _Frame:
    """What stands around every page for readers who see the same: its parts by name, and their digests as one."""

    parts: Mapping[str, Kept]
    digest: str
    #: The texts themselves lie on the other shelf; several frames share them.
    size: int = 1_000


_frames: Shelf[_Frame] = Shelf(4_000_000)

#: The parts of the frame; all are found at once.
_FRAME = ("navigation", "header", "bell", "scheduler")
#: The parts that rooms above this one have added.
_added: dict[str, Part] = {}


def _frame_of(request: HttpRequest) -> _Frame:
    """Return the frame for this reader, remembered on the request."""
    frame: _Frame | None = request.__dict__.get("_congso_frame")
    if frame is None:
        about = (menu_digest(request), _reader(request), numbers_of(request).get(UNREAD, 0), _warned(request))
        key = (look_of(request), *about)
        frame = _frames.get(key)
        if frame is None:
            parts = {
                name: keep(request, f"base/{name}.html", shown)
                for name, shown in zip(_FRAME, about, strict=True)
            }
            frame = _Frame(parts, " ".join(part.digest for part in parts.values()))
            _frames.put(key, frame)
        request.__dict__["_congso_frame"] = frame
    return frame


def add_part(name: str, part: Part) -> None:
    """Let kept pages have a hole of this name (small letters only). Raises ValueError when it is taken."""
    if name in _FRAME or name in _added:
        raise ValueError(f"There is a part {name!r} of the frame already.")
    _added[name] = part


def frame(request: HttpRequest, name: str) -> Sequence[Kept]:
    """Return a part of the frame for this reader; raises KeyError for an unknown name. Remembered on the request."""
    if name in _FRAME:
        return [_frame_of(request).parts[name]]
    drawn: dict[str, Sequence[Kept]] = request.__dict__.setdefault("_congso_parts", {})
    if name not in drawn:
        drawn[name] = _added[name](request)
    return drawn[name]


def digest_of(request: HttpRequest, kept: Kept) -> str:
    """Return what changes whenever a kept page looks different to this reader."""
    pieces = [kept, *_below(request, kept)]
    inner = [piece for one in pieces[1:] for piece in _below(request, one)]
    return " ".join([_frame_of(request).digest, *(piece.digest for piece in (*pieces, *inner))])


def _below(request: HttpRequest, kept: Kept) -> list[Kept]:
    """Return the added parts that stand in the holes of a text."""
    names = [name for name in dict.fromkeys(kept.holes) if name in _added]
    return [piece for name in names for piece in frame(request, name)]


def drawn(request: HttpRequest, name: str) -> SafeString:
    """Return the text of a part of the frame for this very request."""
    return mark_safe("".join(piece.filled(holes_of(request)) for piece in frame(request, name)))


def encoded(request: HttpRequest, kept: Kept) -> bytes:
    """Return a text for this very request, in UTF-8."""
    return kept.encoded(partial(_encoded_hole, request))


def _encoded_hole(request: HttpRequest, name: str) -> bytes:
    if name in _FRAME or name in _added:
        return b"".join(encoded(request, piece) for piece in frame(request, name))
    return holes_of(request)[name]().encode()


def holes_of(request: HttpRequest) -> Mapping[str, Callable[[], str]]:
    """Return what fills the holes for this request; the token is masked once, as all of its forms go out together."""
    holes: dict[str, Callable[[], str]] | None = getattr(request, "_congso_holes", None)
    if holes is None:
        parts = {name: partial(drawn, request, name) for name in (*_FRAME, *_added)}
        token = cache(partial(get_token, request))
        holes = {**parts, "token": token, "here": lambda: escape(request.get_full_path())}
        request._congso_holes = holes  # type: ignore[attr-defined]
    return holes
