"""What those who work on a dossier say to each other about it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..remark_gate import RemarkQuerySet
from .dossier import Dossier


class Remark(models.Model):
    """An internal remark (trao đổi nội bộ): no part of the record that the submitter is given.

    It is never deleted. Whoever wrote it may withdraw it; then only they and the audit trail know what it said.
    """

    class Audience(models.TextChoices):
        """Who of those that may see the dossier may read a remark."""

        STAFF = "staff", _("those who work on it, not the submitter")
        ALL = "all", _("everybody who may see the dossier")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="remarks", verbose_name=_("dossier"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    text = models.TextField(_("remark"))
    audience = models.CharField(
        _("who may read it"), max_length=5, choices=Audience.choices, default=Audience.STAFF
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)
    edited_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects: ClassVar = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.by_id}"


class Mention(models.Model):
    """A person whom a remark names with `@`; they could read it when it was written."""

    remark = models.ForeignKey(Remark, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering: ClassVar = ["pk"]
        constraints = [models.UniqueConstraint(fields=["remark", "user"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.remark_id} @{self.user_id}"
