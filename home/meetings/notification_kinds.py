"""What people are told about meetings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext as _p

from home.notifications.api import NotificationKind, Params, kinds


def when(params: Params) -> str:
    """Return the beginning in words, in the office's time zone."""
    local = timezone.localtime(datetime.fromisoformat(params["starts_at"]), timezone.get_default_timezone())
    return _("%(time)s on %(date)s") % {
        "time": date_format(local, "H:i"),
        "date": date_format(local, "j/n/Y"),
    }


def _subject(text: Callable[[], str]) -> Callable[[Params], str]:
    return lambda params: text() % {"title": params["title"]}


def _body(params: Params) -> str:
    lines = [
        _p("meeting", "Time: %s") % when(params),
        _p("meeting", "Place: %s") % params["where"] if params.get("where") else "",
        _p("meeting", "Reason: %s") % params["reason"] if params.get("reason") else "",
    ]
    return "\n".join(filter(None, lines))


for code, label, icon, text in [
    (
        "invited",
        gettext_lazy("You are invited to a meeting"),
        "calendar-plus",
        lambda: _("Invitation: %(title)s"),
    ),
    (
        "changed",
        gettext_lazy("A meeting of yours is changed"),
        "calendar-time",
        lambda: _("Meeting changed: %(title)s"),
    ),
    (
        "removed",
        gettext_lazy("You are no longer invited to a meeting"),
        "calendar-minus",
        lambda: _("No longer invited: %(title)s"),
    ),
    (
        "cancelled",
        gettext_lazy("A meeting of yours is cancelled"),
        "calendar-x",
        lambda: _("Meeting cancelled: %(title)s"),
    ),
]:
    kinds.register(
        NotificationKind(
            f"meetings.{code}",
            label,
            subject=_subject(text),
            body=_body,
            icon=icon,
            group=gettext_lazy("Meetings"),
        )
    )
