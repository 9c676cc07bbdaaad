"""Who is told that a form page was sent: whoever sent it, and those who read the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from home.forms.api import fill, values_for, write_letter
from home.notifications.api import send

if TYPE_CHECKING:
    from home.forms.api import Submission
    from home.people.api import User

    from .form_page import FormPage


def tell(submission: Submission, *, page: FormPage, by: User) -> None:
    """Write what is to be sent, in the transaction of the answer. Of an anonymous answer nobody is told."""
    if submission.by_id is None:
        return
    if page.confirm_by_mail and by.email:
        _confirm(submission, page, by)
    if page.tell_readers in ("", "nobody"):
        return
    readers = [reader for reader in page.readers.all() if reader.is_active and reader.pk != by.pk]
    if page.tell_readers == "notice":
        send(
            "forms.answered",
            to=readers,
            params={"form": page.title, "by": str(by)},
            url=reverse("submission", args=[submission.pk]),
            by=by,
        )
    else:
        for language in {reader.language for reader in readers}:
            _mail_content(
                submission, page, [r for r in readers if r.language == language and r.email], language
            )


def _confirm(submission: Submission, page: FormPage, by: User) -> None:
    values = values_for(submission, form=page.title)
    subject = page.mail_subject or _("We have received: {form}")
    write_letter(submission, to=[by.email], subject=fill(subject, values), body=fill(page.mail_body, values))


def _mail_content(submission: Submission, page: FormPage, readers: list[User], language: str) -> None:
    with translation.override(language):
        values = values_for(submission, form=page.title)
        subject = _("New answer: %(form)s") % {"form": page.title}
        body = "\n\n".join(
            [_("From: %(person)s") % {"person": values["name"]}, values["answers"], values["link"]]
        )
    write_letter(submission, to=[reader.email for reader in readers], subject=subject, body=body)
