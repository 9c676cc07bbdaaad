"""What a notice asks of the one who reads it, on its own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from .articles import NoticePage
from .reading import with_receipt
from .reading_report import scope_of


@dataclass(frozen=True)
class Asked:
    """The reader is asked to confirm, and has done so at `at` (None: not yet)."""

    at: datetime | None


def reading_frame(request: HttpRequest, notice: NoticePage) -> dict[str, Any]:
    """Return what the page says about confirming: nothing for notices that need none. One query."""
    if not notice.must_read:
        return {}
    if getattr(request, "is_preview", False):
        return {"asked": Asked(None), "is_preview": True}
    row = with_receipt(request.user).filter(pk=notice.pk).values_list("confirmed_at", flat=True)
    found = list(row)
    return {
        "asked": Asked(found[0]) if found else None,
        "may_follow": bool(scope_of(request.user, notice)),
    }
