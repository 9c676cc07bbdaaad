"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """Meetings, rooms, the approved weekly schedule, calendar feeds."""

    name = "home.meetings"
    label = "meetings"
    verbose_name = _("Meetings")
