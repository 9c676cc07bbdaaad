"""The one upward call: a submitted form becomes a dossier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy
from wagtail import blocks

from home.forms.api import FormSchema, Submission, SubmissionHandler, submission_handlers
from home.people.api import User
from workflows.dossiers.api import FlowVersion

from .addresses import dossier_url
from .form_intake import (
    check_intake,
    intake_blocks,
    open_from_form,
    read_intake,
    refusal_of_intake,
)
from .opening import open_dossier
from .versions import version_called


@submission_handlers.register
class OpenDossier(SubmissionHandler):
    """Opens a dossier: on the version that the form was shown for, or of the type that a form page has chosen."""

    code = "dossier"
    label = gettext_lazy("Open a dossier")
    describe = gettext_lazy("Each answer becomes a dossier of a type that you choose, and its flow begins.")
    admin_icon = "folder-open-1"
    on_pages = True

    def option_blocks(self) -> dict[str, blocks.Block]:
        """Return the type, and which question of the form answers which of the type."""
        return intake_blocks()

    def read_options(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Return the type and the pairs of questions."""
        return read_intake(value)

    def check(self, options: Mapping[str, Any], schema: FormSchema) -> Iterable[str]:
        """Look for questions of the type that nothing in the form answers, or that something else answers."""
        return check_intake(options, schema)

    def refusal(self, user: User, options: Mapping[str, Any]) -> str:
        """Say when this person may not start such a dossier."""
        return refusal_of_intake(user, options)

    def handle(self, submission: Submission, context: dict[str, Any]) -> str:
        """Return the address of the new dossier. `context["version"]` is a version with its type, or its key."""
        if submission.by is None:
            raise ValueError("A dossier needs a submitter; anonymous forms cannot open one.")
        if "version" not in context:
            return dossier_url(open_from_form(submission, context["options"]))
        version = context["version"]
        if not isinstance(version, FlowVersion):
            version = version_called(version)
        dossier = open_dossier(version, by=submission.by, answers=submission.answers, submission=submission)
        return dossier_url(dossier)
