"""Words in braces that an administrator may use in thanks and mail: a fixed list, replaced by plain text.

Typed text is never a template: a word in braces that is not on the list stays as it is, values are put in once (a
value with braces is not looked at again), and in HTML every value is escaped and stands between tags only.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from .display import display
from .schema import FormSchema
from .text import clean_text, localized

if TYPE_CHECKING:
    from .models import Submission

_PLACE = re.compile(r"\{([^{}\n]{1,320})\}")
_TAG = re.compile(r"(<[^>]*>)")

#: What may stand in braces, besides the words of a question.
PLACEHOLDERS: dict[str, str | Promise] = {
    "name": _("who sent the form"),
    "department": _("their department"),
    "form": _("the title of the form"),
    "number": _("the number of the answer"),
    "time": _("when it was sent"),
    "answers": _("all questions with their answers"),
    "link": _("the address of the answer"),
}


def known_in(schema: FormSchema | None) -> list[str]:
    """Return everything that may stand in braces for a form: the fixed words, then its questions."""
    questions = [localized(field.label) for field in schema.fields()] if schema else []
    return [*PLACEHOLDERS, *questions]


def _key(word: str) -> str:
    return clean_text(html.unescape(word)).casefold()


def unknown_in(text: str, schema: FormSchema | None) -> list[str]:
    """Return the words in braces that mean nothing for a form; tags of HTML are not looked into."""
    known = {_key(word) for word in known_in(schema)}
    plain = "".join(part for part in _TAG.split(text) if not part.startswith("<"))
    return [word for word in _PLACE.findall(plain) if _key(word) not in known]


def values_of(submission: Submission, *, form: str, person: str = "", department: str = "") -> dict[str, str]:
    """Return what the words in braces stand for, in the active language. No query."""
    rows = display(submission.schema, submission.answers)
    local = timezone.localtime(submission.at)
    when = date_format(local, "d/m/Y") if submission.by_id is None else date_format(local, "d/m/Y H:i")
    found = {_key(row.label): row.text for row in rows}
    found |= {
        "name": person,
        "department": department,
        "form": form,
        "number": "" if submission.by_id is None else str(submission.pk),
        "time": when,
        "answers": "\n".join(_lines((row.label, row.text) for row in rows)),
        "link": "" if submission.by_id is None else address_of(submission),
    }
    return found


def address_of(submission: Submission) -> str:
    """Return the full address of an answer, for mail."""
    from django.urls import reverse

    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("submission", args=[submission.pk])


def _lines(pairs: Iterable[tuple[str, str]]) -> Iterable[str]:
    for label, text in pairs:
        if text:
            yield (
                f"{label}:\n  {text.replace(chr(10), chr(10) + '  ')}" if "\n" in text else f"{label}: {text}"
            )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return plain text with the words in braces replaced, in one pass."""
    return _PLACE.sub(lambda match: values.get(_key(match[1]), match[0]), text)


def fill_html(text: str, values: Mapping[str, str]) -> SafeString:
    """Return safe HTML with the words in braces between tags replaced by escaped text."""

    def put(match: re.Match[str]) -> str:
        value = values.get(_key(match[1]))
        return match[0] if value is None else escape(value).replace("\n", "<br>")

    parts = (part if part.startswith("<") else _PLACE.sub(put, part) for part in _TAG.split(str(text)))
    return mark_safe("".join(parts))
