"""How one person has arranged the home page."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class HomeLayout(models.Model):
    """Where one person's panels stand, which are hidden, and the person's own links. Without a row: the defaults.

    `places` lists `[code, column]` in order; panels that are not in it (new ones) stand where their rooms put them.
    Codes of panels that are not there now are kept: a plugin may come back.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True)
    places = models.JSONField(default=list)
    hidden = models.JSONField(default=list)
    links = models.JSONField(default=list)

    objects: ClassVar[models.Manager[HomeLayout]] = models.Manager()

    class Meta:
        verbose_name = _("arrangement of the home page")
        verbose_name_plural = _("arrangements of the home page")

    def __str__(self) -> str:
        return str(self.user)
