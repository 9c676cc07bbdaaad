"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngineConfig(AppConfig):
    """Compiler to viewflow flows, runtime, decisions, timers."""

    name = "workflows.engine"
    label = "engine"
    verbose_name = _("Engine")
