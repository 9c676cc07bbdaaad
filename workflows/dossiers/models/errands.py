"""Work that follows a change of state, may fail and is tried again: papers, calls of other systems, linked dossiers."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .dossier import Dossier


class Errand(models.Model):
    """One piece of work, written in the transaction that wants it and done after its commit (transactional outbox).

    `kind` is a code of the registry of errands, `payload` and `result` are plain JSON of that kind. `key` is the same
    over all attempts, so that whoever receives the work can tell a repetition. `task_id` is the task that wants it.
    """

    class State(models.TextChoices):
        """How far the work has come."""

        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="errands", verbose_name=_("dossier"))
    step = models.CharField(max_length=60, blank=True)
    task_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    #: Until when one worker has it for itself.
    leased_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("wanted at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("errand")
        verbose_name_plural = _("errands")
        ordering: ClassVar = ["pk"]
        indexes = [
            models.Index(fields=["next_at", "id"], name="errand_waiting", condition=Q(state="waiting")),
            models.Index(fields=["-id"], name="errand_failed", condition=Q(state="failed")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dossier_id}"
