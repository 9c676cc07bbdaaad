"""Which profiles were loaded."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedThing(models.Model):
    """One row that a demo profile has made: its model (`app.model`), its key, and what it held when it was made."""

    profile = models.CharField(max_length=100)
    kind = models.CharField(max_length=100)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        app_label = "plugins"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="loaded_thing_once")]
        indexes = [models.Index(fields=["profile", "kind"], name="loaded_thing_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class LoadedProfile(models.Model):
    """A profile that was loaded; `anchor_on` is the day its relative dates count from."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=200)
    version = models.PositiveIntegerField(_("version"))
    anchor_on = models.DateField(_("first loaded on"))
    loaded_at = models.DateTimeField(_("loaded at"), auto_now=True)

    class Meta:
        app_label = "plugins"
        verbose_name = _("loaded profile")
        verbose_name_plural = _("loaded profiles")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
