"""When somebody last had a dossier before them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from .dossier import Dossier


class Visit(models.Model):
    """The newest look of a person at a dossier, and the look before this visit.

    What has changed since `before` is new to the person for as long as the visit lasts; `at` moves with every look.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="visits")
    at = models.DateTimeField(default=timezone.now)
    before = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "dossier"], name="visit_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.dossier_id}"
