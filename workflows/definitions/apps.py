"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DefinitionsConfig(AppConfig):
    """Dossier types: validate, lint, publish, import and export."""

    name = "workflows.definitions"
    label = "definitions"
    verbose_name = _("Dossier types")
