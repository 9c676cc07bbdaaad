"""The cursors of `keyset.py` in the address of a list: `?after=…` or `?before=…`."""

from __future__ import annotations

from django.http import HttpRequest

CURSORS = ("after", "before")


def cursors_of(request: HttpRequest) -> dict[str, str]:
    """Return the cursors of the address, "" where there is none."""
    return {name: request.GET.get(name, "") for name in CURSORS}


def has_cursor(request: HttpRequest) -> bool:
    """Tell whether any page but the first was asked for."""
    return any(cursors_of(request).values())


def without_cursors(request: HttpRequest) -> str:
    """Return the address of the first page: what stood behind the cursor is there no longer."""
    query = request.GET.copy()
    for name in CURSORS:
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}"
