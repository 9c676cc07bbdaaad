"""What people keep of the inbox for themselves."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A list of the inbox under a name of one's own: a tab, filters and an order.

    `query` holds the filters as they stand in an address, the known ones only; what they name may be gone meanwhile and
    then filters nothing.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    tab = models.CharField(max_length=10)
    query = models.CharField(max_length=2500, blank=True)
    order = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
