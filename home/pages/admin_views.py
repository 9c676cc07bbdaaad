"""Views of Wagtail's admin in which this room does something by its own means."""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.pages.edit import EditView

from .review_telling import tell_of_remarks


class EditPage(EditView):
    """The form of a page: news about the remarks of editors go through the bell.

    Wagtail would mail them while it keeps the draft, and lose the draft while the mail server is away.
    """

    def send_commenting_notifications(self, changes: dict[str, Any]) -> None:
        """Tell those concerned."""
        tell_of_remarks(self.page, changes, by=self.request.user)
