"""What news is about: a short list that the editors of the office keep."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class NewsCategory(models.Model):
    """One subject of news. `code` stands in the addresses of lists and feeds, and should never change."""

    class Tone(models.TextChoices):
        """The colour of the badge."""

        BLUE = "blue", _("blue")
        TEAL = "teal", _("teal")
        GREEN = "green", _("green")
        ORANGE = "orange", _("orange")
        RED = "red", _("red")
        PURPLE = "purple", _("purple")

    code = models.CharField(
        _("address"),
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("Only a–z, 0–9 and hyphens between them."))
        ],
        help_text=_("Part of the address of lists and feeds, for example cai-cach."),
    )
    name = models.CharField(_("name"), max_length=60)
    tone = models.CharField(_("colour"), max_length=20, choices=Tone.choices, default=Tone.BLUE)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("category of news")
        verbose_name_plural = _("categories of news")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
