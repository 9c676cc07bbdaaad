"""`{% bell %}`: the bell of the page header, with the number of unread notifications."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import RequestContext

from ..api import COUNT_LIMIT, unread_count

register = template.Library()


@register.inclusion_tag("notifications/bell.html", takes_context=True)
def bell(context: RequestContext, count: int | None = None) -> dict[str, Any]:
    """Draw the bell of the logged-in reader, who has so many unread: one query, none when it is given. Visitors have
    none.
    """
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"shown": False}
    count = unread_count(user) if count is None else count
    return {"shown": True, "count": count, "text": bell_text(count)}


@register.simple_tag
def bell_text(count: int) -> str:
    """Return the number as the bell shows it: "99+" where counting stopped."""
    return f"{COUNT_LIMIT - 1}+" if count >= COUNT_LIMIT else str(count)
