"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpConfig(AppConfig):
    """The chapters of the help, by role."""

    name = "home.help"
    label = "help"
    verbose_name = _("Help")
