"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Wagtail page types and blocks: home, news, notice, standard page, form page, people, search."""

    name = "home.pages"
    label = "pages"
    verbose_name = _("Page types")

    def ready(self) -> None:
        """Ask readers when a notice that must be read is published, and say on what the menu depends."""
        from wagtail.signals import page_published

        from home.people.api import renew_when_changed, renew_when_related

        from .asking import ask_readers
        from .models import DepartmentSection, NewsCategory

        renew_when_changed(DepartmentSection, NewsCategory)
        renew_when_related(DepartmentSection.administrators)
        page_published.connect(ask_readers, dispatch_uid="notice_published")
