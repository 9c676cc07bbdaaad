"""Dossiers, who may see them, and the files added on their way."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..due import DueOrNever
from ..gate import DossierQuerySet
from .types import DossierType, FlowVersion


class Dossier(models.Model):
    """The business record (hồ sơ). It outlives the processes that carry it.

    `answers` follow the schema of the version; `open_steps` holds the ids of the steps where it stands now;
    `revision` counts the changes of state and is what a decision form was made for.
    """

    class State(models.TextChoices):
        """Where a dossier is in its life."""

        RUNNING = "running", _("in progress")
        RETURNED = "returned", _("returned to the submitter")
        SUPPLEMENT = "supplement", _("waits for a supplement")
        HELD = "held", _("on hold")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN: ClassVar = (State.RUNNING, State.RETURNED, State.SUPPLEMENT, State.HELD)
    #: The clock stands still and nobody decides.
    PAUSED: ClassVar = (State.SUPPLEMENT, State.HELD)

    type = models.ForeignKey(DossierType, models.PROTECT, related_name="dossiers", verbose_name=_("type"))
    version = models.ForeignKey(
        FlowVersion, models.PROTECT, related_name="dossiers", verbose_name=_("version")
    )
    number = models.CharField(_("number"), max_length=60, db_index=True)
    subject = models.CharField(_("subject"), max_length=300)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RUNNING)
    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="dossiers", verbose_name=_("submitted by")
    )
    department = models.ForeignKey(
        "people.Department",
        models.PROTECT,
        null=True,
        related_name="dossiers",
        verbose_name=_("department"),
    )
    submission = models.ForeignKey("forms.Submission", models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict)
    open_steps = models.JSONField(default=list)
    opened_at = models.DateTimeField(_("received"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    objects: ClassVar = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="dossier_newest"),
            models.Index(fields=["type", "state", "-opened_at", "-id"], name="dossier_type_state"),
            models.Index(fields=["submitter", "-opened_at"], name="dossier_submitter"),
            models.Index(fields=["department", "state", "-opened_at"], name="dossier_department"),
            models.Index(
                fields=["due_at"], name="dossier_due", condition=models.Q(state__in=["running", "returned"])
            ),
            models.Index(DueOrNever("due_at"), "id", name="dossier_by_due"),
            models.Index("state", DueOrNever("due_at"), "id", name="dossier_by_state_due"),
        ]

    def __str__(self) -> str:
        return f"{self.number} – {self.subject}"

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return self.state in self.OPEN

    @property
    def is_paused(self) -> bool:
        """Whether the clock stands still."""
        return self.state in self.PAUSED

    @property
    def target(self) -> str:
        """The name under which audit entries speak of this dossier."""
        return f"dossier:{self.pk}"


class DossierAccess(models.Model):
    """Who may see a dossier: a `principal` is `user:5` or a role code of `home.people` (`dept:3`, `head:3`)."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="access", db_index=False)
    principal = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["principal", "dossier"], name="dossier_access_once")]
        # Lists walk from dossier to dossier and ask of each who may see it.
        indexes = [models.Index(fields=["dossier", "principal"], name="dossier_readers")]

    def __str__(self) -> str:
        return f"{self.principal}: {self.dossier_id}"


class Attachment(models.Model):
    """A file that somebody added to a dossier on its way (tệp đính kèm)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="attachments")
    file = models.OneToOneField("forms.StoredFile", models.PROTECT, related_name="+")
    step = models.CharField(max_length=60, blank=True)
    #: Nobody for what the office made itself (`Paper`).
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return str(self.file_id)
