"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SetupConfig(AppConfig):
    """The wizard of the first run, which exists as long as there is nobody."""

    name = "home.setup"
    label = "setup"
    verbose_name = _("First run")
