"""What people are told about notices."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.notifications.api import NotificationKind, Params, kinds


def _body(params: Params) -> str:
    lines = [
        _("No. %(number)s") % {"number": params["number"]} if params.get("number") else "",
        _("To be confirmed by %(date)s.") % {"date": f"{date.fromisoformat(params['until']):%d/%m/%Y}"}
        if params.get("until")
        else "",
    ]
    return "\n".join(filter(None, lines))


kinds.register(
    NotificationKind(
        "pages.must_read",
        gettext_lazy("A notice that you must read"),
        subject=lambda params: _("Please read and confirm: %(title)s") % {"title": params["title"]},
        body=_body,
        icon="speakerphone",
    )
)
kinds.register(
    NotificationKind(
        "pages.reminder",
        gettext_lazy("Reminder of a notice that you have not confirmed"),
        subject=lambda params: _("Reminder – not yet confirmed: %(title)s") % {"title": params["title"]},
        body=_body,
        icon="bell-ringing",
    )
)
