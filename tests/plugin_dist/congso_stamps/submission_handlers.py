"""A form that adds a stamp to the register."""

from typing import Any

from django.urls import reverse

from home.forms.api import Submission, SubmissionHandler, submission_handlers


@submission_handlers.register
class RegisterStamp(SubmissionHandler):
    """Registers the stamp that the answers name."""

    code = "stamp"
    label = "Register a stamp"

    def handle(self, submission: Submission, context: dict[str, Any]) -> str:
        """Add it and lead to the list."""
        from .models import Stamp

        Stamp.objects.get_or_create(
            code=submission.answers["code"], defaults={"name": submission.answers["name"]}
        )
        return reverse("congso_stamps:list")
