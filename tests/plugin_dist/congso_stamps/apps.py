"""What the plugin says about itself."""

from django.utils.translation import gettext_lazy as _

from plugins.api.config import PluginConfig


class StampsConfig(PluginConfig):
    """The register of stamps."""

    name = "congso_stamps"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Stamps")
    api = ">=1.0,<2"
    title = _("Stamps")
    description = _("A sample plugin: which stamps the office holds, and who keeps them.")
    url_prefix = "stamps/"
