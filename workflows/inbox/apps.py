"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InboxConfig(AppConfig):
    """Task lists, task page, dossier page."""

    name = "workflows.inbox"
    label = "inbox"
    verbose_name = _("Inbox")

    def ready(self) -> None:
        """Teach the database the searches by words."""
        from . import content_search, folding

        folding.install()
        content_search.install()
