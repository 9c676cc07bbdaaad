"""What answers said before they were changed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from .dossier import Dossier


class AnswerChange(models.Model):
    """One change of answers: `before` holds by key what they were (null: there was none); the new ones follow it.

    The audit trail names the questions, never the answers: what was answered can be looked up here.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="answer_changes")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    before = models.JSONField()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.at:%d/%m/%Y %H:%M}"
