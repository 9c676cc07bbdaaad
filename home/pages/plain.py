"""The home page and standard pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField, StreamField

from home.base.models import BasePage

from .blocks import PLAIN_RICH_TEXT, QuickLinksBlock
from .body import PageFrame, PageWithBody


class HomePage(PageFrame):
    """What people see first: their own panels, below a welcome and links that the office chose."""

    welcome = RichTextField(_("welcome"), blank=True, features=PLAIN_RICH_TEXT)
    links = StreamField([("quick_links", QuickLinksBlock())], blank=True, verbose_name=_("quick links"))

    content_panels = [*BasePage.content_panels, "welcome", "links"]
    parent_page_types = ["base.BasePage"]
    max_count_per_parent = 1
    template = "pages/home_page.html"
    is_same_for_audience = True
    front_icon = "home"

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the day; the reader's panels are parts of the frame."""
        context = super().get_context(request, *args, **kwargs)
        context["today"] = timezone.localdate()
        return context


class StandardPage(PageWithBody):
    """A page that stays: procedures, rules, introductions. Pages may hang below it."""

    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    template = "pages/standard_page.html"
    is_same_for_audience = True

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the pages right below this one that the reader may see."""
        context = super().get_context(request, *args, **kwargs)
        below = BasePage.objects.visible_to(request.user).child_of(self) if self.path else []
        context["below"] = list(below)
        return context
