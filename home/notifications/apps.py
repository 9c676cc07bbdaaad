"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """The bell, e-mail; channel registry; personal preferences."""

    name = "home.notifications"
    label = "notifications"
    verbose_name = _("Notifications")
