"""What one photograph of the running demo is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Screen:
    """A picture `docs/images/<name>.png` (and `<name>.en.png`): who (user name) looks at which address.

    Before, `action` gets Playwright's page, which has loaded; it clicks and types as a person would, and finds things
    by role, name or place, never by words, since it runs in both languages. `element` (a CSS selector) limits the
    picture to a part of the page. Screens with the same `series` share one page, one after the other, so that the
    later ones go on where the earlier stopped; an empty address stays where the page is.
    """

    name: str
    user: str
    address: str
    action: Callable[[Any], None] | None = None
    width: int = 1280
    height: int = 800
    dark: bool = False
    element: str = ""
    series: str = ""
