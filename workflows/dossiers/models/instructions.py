"""A leader's notes that route work (bút phê)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .dossier import Dossier


class Instruction(models.Model):
    """What a leader wrote on a dossier: who leads, who supports, who is informed, until when.

    The newest one of a step counts; the earlier ones stay. `task_id` is the task in which it was given.
    """

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, related_name="instructions", verbose_name=_("dossier")
    )
    step = models.CharField(max_length=60)
    task_id = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    text = models.TextField(_("instruction"), blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    given_at = models.DateTimeField(_("given at"), default=timezone.now)

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        ordering: ClassVar = ["given_at", "pk"]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.step}"


class InstructionParty(models.Model):
    """One department or person that an instruction names, and for what."""

    class Role(models.TextChoices):
        """What is asked of a party."""

        LEAD = "lead", _("leads")
        SUPPORT = "support", _("supports")
        INFORMED = "informed", _("is informed")

    instruction = models.ForeignKey(Instruction, models.PROTECT, related_name="parties")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, related_name="+", verbose_name=_("department")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("party of an instruction")
        verbose_name_plural = _("parties of an instruction")
        ordering: ClassVar = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(department__isnull=True, user__isnull=False)
                | Q(department__isnull=False, user__isnull=True),
                name="party_is_one_of_both",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.item}"

    @property
    def item(self) -> str:
        """The party as branches and rules write it: `dept:3` or `user:5`."""
        return f"dept:{self.department_id}" if self.department_id else f"user:{self.user_id}"
