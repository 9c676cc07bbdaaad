"""What people are told about notices, and about comments on news."""

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


def _by_author(params: Params) -> str:
    return _("By %(author)s.") % {"author": params["author"]}


for _code, _label, _subject, _body_of in (
    (
        "pages.comment",
        gettext_lazy("A comment on news that you wrote"),
        lambda params: _("New comment: %(title)s") % {"title": params["title"]},
        _by_author,
    ),
    (
        "pages.comment_waiting",
        gettext_lazy("A comment that waits for approval"),
        lambda params: _("A comment waits for approval: %(title)s") % {"title": params["title"]},
        _by_author,
    ),
    (
        "pages.comment_shown",
        gettext_lazy("Your comment is approved"),
        lambda params: _("Your comment is approved: %(title)s") % {"title": params["title"]},
        lambda _params: "",
    ),
):
    kinds.register(
        NotificationKind(
            _code, _label, subject=_subject, body=_body_of, icon="message", group=gettext_lazy("News")
        )
    )
