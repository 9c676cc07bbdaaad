"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    """The page that every page is: department, audience, `visible_to`."""

    name = "home.base"
    label = "base"
    verbose_name = _("Pages")
