"""What cannot be right about a form page, each mistake by its field."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from home.forms.api import FormSchema, SchemaError, is_doubt, lint_form, schema_of, unknown_words
from plugins.api.api import UnknownCodeError

if TYPE_CHECKING:
    from .form_page import FormPage

#: Words in braces.
_PLACE = re.compile(r"\{([^{}\n]+)\}")

Mistakes = dict[str, list[str]]


def mistakes_of(page: FormPage) -> Mistakes:
    """Return the mistakes by field; empty when the form can work."""
    try:
        schema = schema_of(page.sections)
    except SchemaError as error:
        return {"sections": [str(problem) for problem in error.problems]}
    found: Mistakes = {}
    faults = [problem for problem in lint_form(schema) if not is_doubt(problem)] if schema else []
    if faults:
        found["sections"] = [problem.message for problem in faults]
    if page.opens_at and page.closes_at and page.closes_at <= page.opens_at:
        found["closes_at"] = [_("The form closes before it opens.")]
    for field in ("thanks", "mail_subject", "mail_body"):
        if unknown := list(unknown_words(getattr(page, field) or "", schema)):
            found[field] = unknown
    if page.confirm_by_mail and not page.mail_body.strip():
        found["mail_body"] = [_("What shall the mail say?")]
    _check_handling(page, schema, found)
    return found


def _check_handling(page: FormPage, schema: FormSchema | None, found: Mistakes) -> None:
    chosen = page.handled
    try:
        handler = chosen.handler
    except UnknownCodeError as error:
        found["handling"] = [str(error)]
        return
    problems = chosen.problems(schema) if schema is not None else []
    if problems:
        found["handling"] = problems
    if page.changeable and not handler.changeable:
        found["changeable"] = [
            _("With “%(handler)s” an answer cannot be changed afterwards.") % {"handler": handler.label}
        ]
    if page.anonymous:
        _check_anonymous(page, nameless=handler.nameless, label=str(handler.label), found=found)


def _check_anonymous(page: FormPage, *, nameless: bool, label: str, found: Mistakes) -> None:
    """Refuse whatever would lead an anonymous answer back to its giver."""
    if not nameless:
        found["anonymous"] = [_("“%(handler)s” cannot be anonymous.") % {"handler": label}]
    if used := [word for word in _PLACE.findall(page.thanks) if word != "form"]:
        words = ", ".join(f"{{{word}}}" for word in used)
        found["thanks"] = [
            _("On an anonymous form only {form} can be used here, not %(words)s.") % {"words": words}
        ]
    if page.changeable:
        found["changeable"] = [_("Nobody can find their own anonymous answer again to change it.")]
    if page.confirm_by_mail:
        found["confirm_by_mail"] = [_("A mail to whoever answers would say who answered when.")]
    if page.tell_readers not in ("", "nobody"):
        found["tell_readers"] = [_("A notice of each answer would say when it was given.")]
