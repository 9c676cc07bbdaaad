"""Which profiles were loaded."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


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
