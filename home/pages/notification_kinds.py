"""What people are told about notices, and about comments on news."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.base.models import BasePage
from home.notifications.api import Notification, NotificationKind, Params, kinds


def _known_to(user: Any, rows: Sequence[Notification]) -> set[int]:
    """Return the notifications about pages that the reader still sees, or edits: an audience may have been narrowed."""
    pages = {row.pk: row.params.get("page") for row in rows}
    named = BasePage.objects.seen_or_edited_by(user).filter(pk__in=set(pages.values()) - {None})
    seen = set(named.values_list("pk", flat=True))
    # Older rows do not name their page.
    return {pk for pk, page in pages.items() if page is None or page in seen}


def _titled(words: Promise) -> Callable[[Params], str]:
    """Return what makes a subject out of words with the title in them, in the reader's language."""
    return lambda params: str(words) % {"title": params["title"]}


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
        subject=_titled(gettext_lazy("Please read and confirm: %(title)s")),
        body=_body,
        icon="speakerphone",
        known_to=_known_to,
    )
)
kinds.register(
    NotificationKind(
        "pages.reminder",
        gettext_lazy("Reminder of a notice that you have not confirmed"),
        subject=_titled(gettext_lazy("Reminder – not yet confirmed: %(title)s")),
        body=_body,
        icon="bell-ringing",
        known_to=_known_to,
    )
)


def _by_author(params: Params) -> str:
    return _("By %(author)s.") % {"author": params["author"]}


def _with_comment(params: Params) -> str:
    by = _("Decided by %(author)s.") % {"author": params["author"]} if params.get("author") else ""
    return "\n".join(filter(None, [by, params.get("comment", "")]))


def _about_pages(
    group: Any, entries: Iterable[tuple[str, Any, Promise, Callable[[Params], str], str]]
) -> None:
    """Register kinds of one group of wishes: code, label, subject, body, icon."""
    for code, label, subject, body, icon in entries:
        kinds.register(
            NotificationKind(
                code, label, subject=_titled(subject), body=body, icon=icon, group=group, known_to=_known_to
            )
        )


_about_pages(
    gettext_lazy("News"),
    (
        (
            "pages.comment",
            gettext_lazy("A comment on news that you wrote"),
            gettext_lazy("New comment: %(title)s"),
            _by_author,
            "message",
        ),
        (
            "pages.comment_waiting",
            gettext_lazy("A comment that waits for approval"),
            gettext_lazy("A comment waits for approval: %(title)s"),
            _by_author,
            "message",
        ),
        (
            "pages.comment_shown",
            gettext_lazy("Your comment is approved"),
            gettext_lazy("Your comment is approved: %(title)s"),
            lambda _params: "",
            "message",
        ),
    ),
)
_about_pages(
    gettext_lazy("Writing and approving"),
    (
        (
            "pages.review",
            gettext_lazy("A page that waits for your approval"),
            gettext_lazy("Waits for your approval: %(title)s"),
            lambda params: _by_author(params) if params.get("author") else "",
            "eye-check",
        ),
        (
            "pages.approved",
            gettext_lazy("A page of yours is approved"),
            gettext_lazy("Approved: %(title)s"),
            _with_comment,
            "file-check",
        ),
        (
            "pages.sent_back",
            gettext_lazy("A page of yours is sent back"),
            gettext_lazy("Sent back to be changed: %(title)s"),
            _with_comment,
            "file-x",
        ),
        (
            "pages.remark",
            gettext_lazy("Remarks of other editors on a page"),
            gettext_lazy("Remarks on: %(title)s"),
            lambda params: params.get("comment", ""),
            "message-2",
        ),
    ),
)
