"""Address patterns of the rooms, which are asked only for addresses that begin with one of their own words.

Every room brings a dozen patterns, and pages of the intranet come after all of them: without this, each page tried more
than a hundred patterns before its own.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from django.urls import Resolver404, include
from django.urls.resolvers import RegexPattern, RoutePattern, URLResolver

_ROUTE = re.compile(r"([\w.-]+)(/|$)")
_REGEX = re.compile(r"\^([\w-]+)/")


class RoomResolver(URLResolver):
    """The patterns of one room; their addresses begin with few fixed words (`meetings/…`, `forms/…`)."""

    @cached_property
    def first_words(self) -> frozenset[str] | None:
        """The words before the first slash; None when a pattern begins with anything else."""
        words = [_first_word(entry.pattern) for entry in self.url_patterns]
        return None if None in words else frozenset(word for word in words if word)

    def resolve(self, path: str) -> Any:
        """Find the view of an address; raises `Resolver404`."""
        words = self.first_words
        if words is not None and path.partition("/")[0] not in words:
            raise Resolver404({"path": path, "tried": []})
        return super().resolve(path)


def _first_word(pattern: Any) -> str | None:
    if isinstance(pattern, RoutePattern):
        found = _ROUTE.match(str(pattern))
    else:
        found = _REGEX.match(str(pattern)) if isinstance(pattern, RegexPattern) else None
    return found[1] if found else None


def room(urlconf: str) -> RoomResolver:
    """Return the patterns of a room's `urls.py`, for the URLconf of the site."""
    module, app_name, namespace = include(urlconf)
    return RoomResolver(
        RoutePattern("", is_endpoint=False), module, {}, app_name=app_name, namespace=namespace
    )
