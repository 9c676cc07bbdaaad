"""Inline SVG icons, read once from the Tabler set."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

logger = logging.getLogger(__name__)

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BODY = re.compile(r"<svg.*?>(.*)</svg>", re.DOTALL)
_EMPTY = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


class UnknownIconError(LookupError):
    """No icon of this name is in the set."""


@lru_cache(maxsize=512)
def icon_body(name: str) -> str:
    """Return what is inside the `<svg>` of the icon; raises `UnknownIconError`."""
    if not _NAME.fullmatch(name):
        raise UnknownIconError(f"{name!r} is not an icon name: lower-case words joined by hyphens.")
    file = Path(settings.ICONS_DIR) / f"{name}.svg"
    try:
        match = _BODY.search(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnknownIconError(f"No icon is called {name!r} in {file.parent}.") from None
    return re.sub(r"\s+", " ", match[1]).strip() if match else _EMPTY


def icon_shape(name: str) -> SafeString:
    """Return what is inside the icon, 24 by 24, for a place inside another SVG; treats unknown names as
    `render_icon` does."""
    return mark_safe(_known_body(name))


def _known_body(name: str) -> str:
    try:
        return icon_body(str(name))
    except UnknownIconError as error:
        if getattr(settings, "ICONS_STRICT", False):
            raise
        logger.warning("%s", error)
        return _EMPTY


def render_icon(name: str, css_class: str = "") -> SafeString:
    """Return the icon as inline SVG, hidden from screen readers: words stand beside it.

    An unknown name raises where `ICONS_STRICT` is set (tests); elsewhere it is logged and an empty square
    keeps the place, so that a typing error never takes a page down.
    """
    body = _known_body(name)
    classes = " ".join(filter(None, ["icon", re.sub(r"[^\w\s-]", "", css_class)]))
    return mark_safe(
        f'<svg class="{classes}" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        f' stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"'
        f' focusable="false">{body}</svg>'
    )
