"""What the office is called, asked for on every page: read once a request, and not at all while nothing has changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from .models import Office

#: The newest stamp under which the row was read, with the row: shared by the threads of a process, never changed.
_known: tuple[int, Office] | None = None


def office_now() -> Office:
    """Return the office as the database has it; one query."""
    return Office.objects.first() or Office()


def office_of(request: HttpRequest) -> Office:
    """Return the office for this request: one query, none for readers whose stamp is the one seen last."""
    global _known
    held: Office | None = request.__dict__.get("_office")
    if held is not None:
        return held
    user: Any = getattr(request, "user", None)
    stamp = getattr(user, "stamp", None) if getattr(user, "remembers", False) else None
    known = _known
    if stamp is not None and known is not None and known[0] == stamp:
        office = known[1]
    else:
        office = office_now()
        if stamp is not None:
            _known = (stamp, office)
    request.__dict__["_office"] = office
    return office


def office_name() -> str:
    """Return the name in the active language, for what is no page: mails, papers, feeds. One query."""
    return office_now().called()
