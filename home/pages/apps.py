"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Wagtail page types and blocks: home, news, notice, standard page, form page, people, search."""

    name = "home.pages"
    label = "pages"
    verbose_name = _("Page types")

    def ready(self) -> None:
        """Ask readers when a notice that must be read is published, and approvers when a page is submitted; say on what
        menu and kept pages depend, and who works with shared blocks.
        """
        from wagtail.permission_policies.collections import CollectionPermissionPolicy
        from wagtail.permissions import register_permission_policy
        from wagtail.signals import page_published

        from home.people.api import renew_when_changed, renew_when_related

        from . import review_telling
        from .asking import ask_readers
        from .models import DepartmentSection, NewsCategory, SharedBlock

        renew_when_changed(DepartmentSection, NewsCategory, SharedBlock)
        register_permission_policy(SharedBlock, CollectionPermissionPolicy(SharedBlock))
        renew_when_related(DepartmentSection.administrators)
        page_published.connect(ask_readers, dispatch_uid="notice_published")
        review_telling.connect()
