"""The one upward call: a submitted form becomes a dossier."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from home.forms.api import Submission, SubmissionHandler, submission_handlers
from workflows.dossiers.api import FlowVersion

from .addresses import dossier_url
from .opening import open_dossier
from .versions import version_called


@submission_handlers.register
class OpenDossier(SubmissionHandler):
    """Opens a dossier on the version that the form was shown for."""

    code = "dossier"
    label = gettext_lazy("Open a dossier")

    def handle(self, submission: Submission, context: dict[str, Any]) -> str:
        """Return the address of the new dossier. `context["version"]` is a version with its type, or its key."""
        if submission.by is None:
            raise ValueError("A dossier needs a submitter; anonymous forms cannot open one.")
        version = context["version"]
        if not isinstance(version, FlowVersion):
            version = version_called(version)
        dossier = open_dossier(version, by=submission.by, answers=submission.answers, submission=submission)
        return dossier_url(dossier)
