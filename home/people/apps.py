"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """User, department tree, position, membership; who stands for whom."""

    name = "home.people"
    label = "people"
    verbose_name = _("People")
