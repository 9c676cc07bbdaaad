"""The built-in submission handler."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from .models import Submission
from .submissions import SubmissionHandler, submission_handlers


@submission_handlers.register
class Store(SubmissionHandler):
    """Keep the answers, nothing else; `context["result_url"]` says where the person goes."""

    code = "store"
    label = gettext_lazy("Keep the answers")

    def handle(self, submission: Submission, context: dict[str, Any]) -> str:
        """Return the address from the context."""
        return str(context.get("result_url", ""))
