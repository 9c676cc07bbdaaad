"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DossiersConfig(AppConfig):
    """Dossier, dossier types and their frozen versions, attachments, register numbers, the access gate."""

    name = "workflows.dossiers"
    label = "dossiers"
    verbose_name = _("Dossiers")
