"""The built-in submission handlers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from home.people.api import department_of

from .handlers import SubmissionHandler, submission_handlers
from .letters import write
from .models import Submission
from .placeholders import fill, known_in, unknown_in, values_of
from .schema import FormSchema

MAX_ADDRESSES = 20


@submission_handlers.register
class Store(SubmissionHandler):
    """Keep the answers, nothing else; `context["result_url"]` says where the person goes."""

    code = "store"
    label = gettext_lazy("Keep the answers")
    describe = gettext_lazy("Answers are kept for their readers; nothing else happens.")
    admin_icon = "table"
    on_pages = changeable = nameless = True

    def handle(self, submission: Submission, context: dict[str, Any]) -> str:
        """Return the address from the context."""
        return str(context.get("result_url", ""))


@submission_handlers.register
class Mail(SubmissionHandler):
    """Keep the answers and mail them to fixed addresses, for example of a registry or a shared mailbox."""

    code = "mail"
    label = gettext_lazy("Mail each answer")
    describe = gettext_lazy("Answers are kept, and each one is mailed to the addresses given here.")
    admin_icon = "mail"
    on_pages = True

    def option_blocks(self) -> dict[str, blocks.Block]:
        """Return addresses and words."""
        words = gettext_lazy("Words in braces are replaced, such as {name}, {form} and {answers}.")
        return {
            "addresses": blocks.TextBlock(label=gettext_lazy("E-mail addresses, one a line"), rows=2),
            "subject": blocks.CharBlock(
                label=gettext_lazy("Subject"), default="{form}", max_length=200, help_text=words
            ),
            "body": blocks.TextBlock(label=gettext_lazy("Text"), default="{answers}\n\n{link}", rows=6),
        }

    def read_options(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Part the addresses."""
        options = super().read_options(value)
        options["addresses"] = str(options["addresses"] or "").replace(",", " ").replace(";", " ").split()
        return options

    def check(self, options: Mapping[str, Any], schema: FormSchema) -> Iterable[str]:
        """Check each address and the words in braces."""
        if not options["addresses"] or len(options["addresses"]) > MAX_ADDRESSES:
            yield _("Give 1 to %(limit)s e-mail addresses.") % {"limit": MAX_ADDRESSES}
        for address in options["addresses"]:
            try:
                validate_email(address)
            except ValidationError:
                yield _("“%(address)s” is no e-mail address.") % {"address": address}
        for name in ("subject", "body"):
            yield from unknown_words(str(options[name] or ""), schema)

    def handle(self, submission: Submission, context: dict[str, Any]) -> str:
        """Write a letter to each address."""
        options = context["options"]
        values = values_for(submission, form=context["form"])
        write(
            submission,
            to=options["addresses"],
            subject=fill(options["subject"], values),
            body=fill(options["body"], values),
        )
        return ""


def values_for(submission: Submission, *, form: str) -> dict[str, str]:
    """Return what the words in braces stand for, with the giver and their department."""
    person = submission.by
    unit = department_of(person) if person else None
    return values_of(submission, form=form, person=str(person or ""), department=str(unit or ""))


def unknown_words(text: str, schema: FormSchema | None) -> Iterable[str]:
    """Say for each word in braces that means nothing what would be right."""
    for word in unknown_in(text, schema):
        known = ", ".join(f"{{{name}}}" for name in known_in(schema))
        yield _("“{%(word)s}” means nothing here. Known: %(known)s.") % {"word": word, "known": known}
