"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DesignerConfig(AppConfig):
    """The editor of dossier types."""

    name = "workflows.designer"
    label = "designer"
    verbose_name = _("Editor of dossier types")
