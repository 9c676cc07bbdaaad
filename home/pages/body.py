"""What pages with a body share: blocks, searchable text, breadcrumbs."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from home.base.api import may_enter_admin
from home.base.models import BasePage

from .blocks import BodyBlock
from .body_form import BodyForm
from .calling_blocks import LIVING

#: Depth of the pages right below a home page.
_SECTION_DEPTH = 3


def plain_text(value: Any) -> str:
    """Return all text of a StreamField value, without mark-up."""
    return strip_tags(" ".join(value.stream_block.get_searchable_content(value))) if value else ""


class PageFrame(BasePage):
    """What every page template needs besides the page itself."""

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the pages above this one, and whether the reader may edit it."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["above"] = self.pages_above()
        context["may_edit"] = self._may_be_edited_by(request)
        return context

    def pages_above(self) -> list[BasePage]:
        """Return the published pages between the home page and this one. One query, none at the page's address."""
        if self.way is not None:
            return [page for page in self.way if page.live]
        if not self.path or self.depth <= _SECTION_DEPTH:
            return []
        return list(BasePage.objects.ancestor_of(self).filter(depth__gte=_SECTION_DEPTH).live())

    def _may_be_edited_by(self, request: HttpRequest) -> bool:
        user = request.user
        if getattr(request, "is_preview", False) or not may_enter_admin(user):
            return False
        return bool(self.permissions_for_user(user).can_edit())


class PageWithBody(PageFrame):
    """A page with a lead and a body of blocks."""

    lead = models.TextField(
        _("lead"), blank=True, max_length=600, help_text=_("One or two sentences, shown in lists as well.")
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    class Meta:
        abstract = True

    base_form_class = BodyForm
    content_panels = [*BasePage.content_panels, "lead", "body"]

    def may_be_kept(self) -> bool:
        """Keep no page that shows a form or a start: they differ with the hour and the reader."""
        return super().may_be_kept() and LIVING.isdisjoint(block["type"] for block in self.body.raw_data)

    def search_text(self) -> str:
        """Return lead and body."""
        return f"{self.lead} {plain_text(self.body)}"

    def summary(self) -> str:
        """Return the lead, or the beginning of the body."""
        return self.lead or plain_text(self.body)[:240].strip()
