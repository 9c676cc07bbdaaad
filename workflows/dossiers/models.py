"""Dossier types and their frozen versions, dossiers, access, attachments and registers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .gate import DossierQuerySet


class DossierType(models.Model):
    """What a department sets up: a form, a flow and a register (loại hồ sơ)."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=400, blank=True)
    department = models.ForeignKey(
        "people.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dossier_types",
        verbose_name=_("department"),
    )
    current = models.ForeignKey(
        "FlowVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("current version"),
    )
    is_active = models.BooleanField(_("open for new dossiers"), default=True)

    class Meta:
        verbose_name = _("dossier type")
        verbose_name_plural = _("dossier types")
        ordering = ["title"]

    def __str__(self) -> str:
        return (get_language() == "en" and self.title_en) or self.title

    @property
    def description(self) -> str:
        """The summary in the reader's language."""
        return (get_language() == "en" and self.summary_en) or self.summary


class FlowVersion(models.Model):
    """A published definition, frozen: running dossiers stay on theirs for life.

    `sha256` is over the canonical JSON of the definition and names the compiled class together with the key, so that
    a key that is used again (a restored database) never finds another definition's class.
    """

    type = models.ForeignKey(DossierType, models.PROTECT, related_name="versions", verbose_name=_("type"))
    number = models.PositiveIntegerField(_("version"))
    definition = models.JSONField(_("definition"))
    schema = models.ForeignKey("forms.Schema", models.PROTECT, related_name="+", verbose_name=_("questions"))
    sha256 = models.CharField(max_length=64, editable=False)
    published_at = models.DateTimeField(_("published at"), default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["type", "-number"]
        constraints = [models.UniqueConstraint(fields=["type", "number"], name="flow_version_number")]

    def __str__(self) -> str:
        return f"{self.type} – {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new version; a stored one never changes."""
        if self.pk is not None and not self._state.adding:
            raise ValidationError(_("A published version never changes. Publish a new one."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: dossiers and history name their version."""
        raise ValidationError(_("A published version is never deleted."))

    @property
    def class_name(self) -> str:
        """The name of the compiled flow class in `workflows.engine.compiled`."""
        return f"V{self.pk}_{self.sha256[:8]}"


class Dossier(models.Model):
    """The business record (hồ sơ). It outlives the processes that carry it.

    `answers` follow the schema of the version; `open_steps` holds the ids of the steps where it stands now;
    `revision` counts the changes of state and is what a decision form was made for.
    """

    class State(models.TextChoices):
        """Where a dossier is in its life."""

        RUNNING = "running", _("in progress")
        RETURNED = "returned", _("returned to the submitter")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN: ClassVar = (State.RUNNING, State.RETURNED)

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
            models.Index(fields=["type", "state", "-opened_at"], name="dossier_type_state"),
            models.Index(fields=["submitter", "-opened_at"], name="dossier_submitter"),
            models.Index(fields=["department", "state", "-opened_at"], name="dossier_department"),
            models.Index(
                fields=["due_at"], name="dossier_due", condition=models.Q(state__in=["running", "returned"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} – {self.subject}"

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return self.state in self.OPEN

    @property
    def target(self) -> str:
        """The name under which audit entries speak of this dossier."""
        return f"dossier:{self.pk}"


class DossierAccess(models.Model):
    """Who may see a dossier: a `principal` is `user:5` or a role code of `home.people` (`dept:3`, `head:3`)."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="access")
    principal = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["principal", "dossier"], name="dossier_access_once")]

    def __str__(self) -> str:
        return f"{self.principal}: {self.dossier_id}"


class Attachment(models.Model):
    """A file that somebody added to a dossier on its way (tệp đính kèm)."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="attachments")
    file = models.OneToOneField("forms.StoredFile", models.PROTECT, related_name="+")
    step = models.CharField(max_length=60, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return str(self.file_id)


class Register(models.Model):
    """The last number of one register in one year (sổ); the row is the lock that keeps numbers without gaps."""

    code = models.CharField(_("register"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="register_year")]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"


class RegisterEntry(models.Model):
    """One number that was given out. A voided number stays, with its reason (Nghị định 30/2020/NĐ-CP, Điều 15)."""

    register = models.CharField(_("register"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    symbol = models.CharField(_("number and symbol"), max_length=60)
    holder = models.CharField(max_length=60, db_index=True)
    taken_at = models.DateTimeField(_("taken at"), default=timezone.now)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    void_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("register entry")
        verbose_name_plural = _("register entries")
        ordering = ["register", "-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["register", "year", "number"], name="register_number_once")
        ]

    def __str__(self) -> str:
        return self.symbol
