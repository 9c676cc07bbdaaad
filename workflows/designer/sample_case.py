"""Sample cases of a draft: with what its flow is tried out, and the way that the dossier is expected to take."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SampleCase(models.Model):
    """One sample: who submits, the answers and what is chosen at which step; run again at each publication.

    `answers` and `choices` are JSON as `workflows.engine` reads them, `expected` is the path of the walk when the
    sample was stored: `{"steps": [[step, result], …], "end": state}`. The submitter is empty when the account is gone.
    """

    draft = models.ForeignKey("designer.FlowDraft", models.CASCADE, related_name="samples")
    name = models.CharField(_("name"), max_length=120)
    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("submitted by")
    )
    answers = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    expected = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    class Meta:
        verbose_name = _("sample case")
        verbose_name_plural = _("sample cases")
        ordering: ClassVar = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["draft", "name"], name="sample_case_name")]

    def __str__(self) -> str:
        return self.name
