"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StepsConfig(AppConfig):
    """The Step registry and the built-in step kinds."""

    name = "workflows.steps"
    label = "steps"
    verbose_name = _("Steps")
