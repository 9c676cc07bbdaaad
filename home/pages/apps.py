"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Wagtail page types and blocks: home, news, notice, standard page, form page, people, search."""

    name = "home.pages"
    label = "pages"
    verbose_name = _("Page types")
