"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    """Personal home page: panel registry and layout."""

    name = "home.dashboard"
    label = "dashboard"
    verbose_name = _("Dashboard")

    def ready(self) -> None:
        """Let pages have the columns of panels."""
        from . import drawing  # noqa: F401
