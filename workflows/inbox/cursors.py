"""The cursors of `keyset.py` in the address of a list: `?after=…` or `?before=…`."""

from __future__ import annotations

from typing import TypedDict

from django.http import HttpRequest


class Cursors(TypedDict):
    """The line behind which a page begins, or in front of which it ends; "" where there is none."""

    after: str
    before: str


CURSORS = tuple(Cursors.__annotations__)


def cursors_of(request: HttpRequest) -> Cursors:
    """Return the cursors of the address."""
    return {"after": request.GET.get("after", ""), "before": request.GET.get("before", "")}


def has_cursor(request: HttpRequest) -> bool:
    """Tell whether any page but the first was asked for."""
    return any(cursors_of(request).values())


def without_cursors(request: HttpRequest) -> str:
    """Return the address of the first page: what stood behind the cursor is there no longer."""
    query = request.GET.copy()
    for name in CURSORS:
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}"
