"""What people have begun and not sent, and which answers are taken where each may be given once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FormDraft(models.Model):
    """A form that somebody has begun: what was typed, as it was posted, right or wrong; seen by that person alone.

    `data` is a list of [name, value]; files are named as drafts of files (`<question>-kept`).
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    source = models.CharField(max_length=100)
    schema = models.ForeignKey("forms.Schema", models.PROTECT, related_name="+")
    data = models.JSONField()
    step = models.PositiveSmallIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft of a form")
        verbose_name_plural = _("drafts of forms")
        constraints = [models.UniqueConstraint(fields=["person", "source"], name="form_draft_once_by_source")]
        indexes = [models.Index(fields=["saved_at"], name="form_draft_by_age")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.source}"


class TakenAnswer(models.Model):
    """An answer that nobody else may give to the same question of the same form; `digest` says which."""

    source = models.CharField(max_length=100)
    question = models.CharField(max_length=41)
    digest = models.CharField(max_length=64)
    submission = models.ForeignKey("forms.Submission", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "question", "digest"], name="answer_once_by_question")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.question}"
