"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DelegationConfig(AppConfig):
    """Who is away and who may sign for whom: acts and screens; the rows belong to `home.people`."""

    name = "home.delegation"
    label = "delegation"
    verbose_name = _("Delegation")
