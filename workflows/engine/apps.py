"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngineConfig(AppConfig):
    """Compiler to viewflow flows, runtime, decisions, timers."""

    name = "workflows.engine"
    label = "engine"
    verbose_name = _("Engine")

    def ready(self) -> None:
        """Hear of delegations."""
        from home.people.api import delegation_changed

        from .standing_in import when_changed

        delegation_changed.connect(when_changed, dispatch_uid="engine.standing_in")
