"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PluginsConfig(AppConfig):
    """The plugin kernel."""

    name = "plugins.api"
    label = "plugins"
    verbose_name = _("Plugins")

    def ready(self) -> None:
        """Register the system checks."""
        from . import checks  # noqa: F401
