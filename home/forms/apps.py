"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FormsConfig(AppConfig):
    """No-code forms: field kinds, schema, answers, files, export."""

    name = "home.forms"
    label = "forms"
    verbose_name = _("Forms")
