"""Dossiers that were opened by a step of another one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .dossier import Dossier


class SubDossier(models.Model):
    """A dossier that a task of `parent` opened for one unit or person (`item`: `dept:3`, `user:5`).

    `task_id` is the waiting task of the parent. The same item of a task is opened once, however often it is tried.
    """

    parent = models.ForeignKey(Dossier, models.PROTECT, related_name="subs", verbose_name=_("dossier"))
    child = models.OneToOneField(
        Dossier, models.PROTECT, related_name="sub_of", verbose_name=_("linked dossier")
    )
    step = models.CharField(max_length=60)
    task_id = models.BigIntegerField()
    item = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("linked dossier")
        verbose_name_plural = _("linked dossiers")
        ordering: ClassVar = ["pk"]
        constraints = [models.UniqueConstraint(fields=["task_id", "item"], name="sub_dossier_once")]

    def __str__(self) -> str:
        return f"{self.parent_id} → {self.child_id}"
