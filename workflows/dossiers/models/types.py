"""Dossier types and their frozen versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


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
    note = models.CharField(
        _("what has changed and why"),
        max_length=500,
        blank=True,
        help_text=_("For those who look for the reason later."),
    )
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
