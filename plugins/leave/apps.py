"""What the plugin says about itself."""

from django.utils.translation import gettext_lazy as _

from plugins.api.config import PluginConfig


class LeaveConfig(PluginConfig):
    """Requests for leave."""

    name = "plugins.leave"
    label = "leave"
    verbose_name = _("Leave")
    api = ">=1.0,<2"
    version = "1.0"
    title = _("Leave")
    description = _("Requests for leave: the head approves, above five days personnel as well.")
