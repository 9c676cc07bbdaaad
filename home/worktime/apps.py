"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorktimeConfig(AppConfig):
    """Working hours, holidays and make-up days, deadline arithmetic."""

    name = "home.worktime"
    label = "worktime"
    verbose_name = _("Working time")
