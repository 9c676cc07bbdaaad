"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Append-only, hash-chained record of who did what."""

    name = "home.audit"
    label = "audit"
    verbose_name = _("Audit")
