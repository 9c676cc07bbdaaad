"""When the clock of a dossier stood still, and why."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .dossier import Dossier


class Pause(models.Model):
    """One interval in which the clock stood still: a request for a supplement, or a hold.

    `started_at` is included, `ended_at` (null while it lasts) is not. `step` is where the dossier stood.
    """

    class Kind(models.TextChoices):
        """Why the clock stands still."""

        SUPPLEMENT = "supplement", _("supplement requested")
        HOLD = "hold", _("put on hold")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="pauses", verbose_name=_("dossier"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    step = models.CharField(max_length=60, blank=True)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering: ClassVar = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(ended_at__isnull=True), name="pause_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")),
                name="pause_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.get_kind_display()}"
