"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeConfig(AppConfig):
    """Name, language, logo and colour of the office."""

    name = "home.office"
    label = "office"
    verbose_name = _("Office")
