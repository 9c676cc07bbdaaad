"""Who follows which dossier."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .dossier import Dossier


class Follow(models.Model):
    """A person wants to be told what happens to a dossier. It opens nothing: access is asked for each time anew."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="follows")
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("followed dossier")
        verbose_name_plural = _("followed dossiers")
        ordering: ClassVar = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "dossier"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.dossier_id}"
