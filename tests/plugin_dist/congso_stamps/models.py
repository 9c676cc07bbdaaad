"""Stamps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stamp(models.Model):
    """One stamp."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("stamp")
        verbose_name_plural = _("stamps")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
