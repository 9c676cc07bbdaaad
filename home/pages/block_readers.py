"""For whom a block is drawn."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser


def reader_of(parent_context: dict[str, Any] | None) -> Any:
    """Return for whom a block is drawn; nobody outside of a request (the search index)."""
    request = (parent_context or {}).get("request")
    return getattr(request, "user", None) or AnonymousUser()
