"""The base page: every page has a department and an audience."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractPage


class BasePage(AbstractPage):
    """What every page of the intranet is (`WAGTAIL_PAGE_MODEL`)."""

    class Audience(models.TextChoices):
        """Who may see a page."""

        EVERYONE = "everyone", _("Everyone who is logged in")
        DEPARTMENTS = "departments", _("Only these departments")

    department = models.ForeignKey(
        "people.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pages",
        verbose_name=_("department"),
    )
    audience = models.CharField(
        _("audience"), max_length=20, choices=Audience.choices, default=Audience.EVERYONE
    )
    audience_departments = models.ManyToManyField(
        "people.Department", blank=True, related_name="+", verbose_name=_("departments of the audience")
    )
