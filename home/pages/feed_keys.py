"""The secret key with which a feed program reads a person's news without logging in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.base.api import new_token


class FeedKey(models.Model):
    """One person's key; a new one ends the old one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, unique=True, default=new_token)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("key for news feeds")
        verbose_name_plural = _("keys for news feeds")

    def __str__(self) -> str:
        return str(self.user)
