"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Wagtail page types and blocks: home, news, notice, standard page, form page, people, search."""

    name = "home.pages"
    label = "pages"
    verbose_name = _("Page types")

    def ready(self) -> None:
        """Ask readers when a notice that must be read is published, by hand or by the clock."""
        from wagtail.signals import page_published

        from .asking import ask_readers

        page_published.connect(ask_readers, dispatch_uid="notice_published")
