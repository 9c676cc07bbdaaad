"""The one row that says what the office is called and how it looks."""

from __future__ import annotations

import secrets
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from .colours import checked_colour
from .pictures import draw_logo


def logo_storage() -> Storage:
    """Return where the logo lies: served by our own view, so that the login page may show it."""
    return storages["private"]


def logo_path(_office: Office, _name: str) -> str:
    """Return a new name each time, so that browsers may keep what they have."""
    return f"office/{secrets.token_hex(16)}.png"


class LogoFile(FieldFile):
    """The stored logo, at the address where everybody may see it."""

    @property
    def url(self) -> str:
        """Return the address of our own view: the storage is out of reach."""
        return reverse("office_logo", args=[Path(self.name or "").stem])


class LogoField(models.FileField):
    """A file that knows its address."""

    attr_class = LogoFile


@register_setting(icon="home", order=10)
class Office(BaseGenericSetting):
    """Name, language, logo and colour; without a row the office is called as the environment says."""

    name = models.CharField(_("name"), max_length=120, blank=True)
    name_en = models.CharField(
        _("name in English"),
        max_length=120,
        blank=True,
        help_text=_("Shown to whoever reads in English; when empty, the other name is."),
    )
    language = models.CharField(
        _("language of the office"),
        max_length=5,
        choices=[("vi", "Tiếng Việt"), ("en", "English")],
        default="vi",
        help_text=_("For visitors who have chosen none; everybody may read in their own."),
    )
    logo = LogoField(
        _("logo"),
        storage=logo_storage,
        upload_to=logo_path,
        blank=True,
        max_length=200,
        help_text=_("PNG, JPEG or WebP, up to 2 MB. It is drawn anew, at most 512 × 256 points."),
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        help_text=_("For buttons and links, such as #1d5aa8; dark enough for white text."),
    )
    #: When the first-run wizard was finished; empty where the office was opened without it.
    set_up_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager[Office]] = models.Manager()

    panels: ClassVar = [FieldPanel(name) for name in ("name", "name_en", "language", "logo", "colour")]

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")

    def __str__(self) -> str:
        return self.called()

    def called(self, language: str | None = None) -> str:
        """Return the name in a language, the active one unless another is named."""
        english = (language or get_language() or "").startswith("en")
        return (self.name_en if english else "") or self.name or str(settings.WAGTAIL_SITE_NAME)

    @property
    def logo_name(self) -> str:
        """Return the name of the logo's file without folder and ending; empty without a logo."""
        return Path(self.logo.name or "").stem

    @property
    def looks(self) -> str:
        """Return what changes whenever the office looks different."""
        words = "\0".join((self.name, self.name_en, self.logo_name, self.colour))
        return sha256(words.encode()).hexdigest()[:16]

    def clean(self) -> None:
        """Check the colour, and draw a logo that was sent anew."""
        super().clean()
        problems = {}
        if self.colour:
            try:
                self.colour = checked_colour(self.colour)
            except ValidationError as error:
                problems["colour"] = error
        sent = getattr(self.logo, "_file", None)
        if isinstance(sent, UploadedFile):
            try:
                self.logo = draw_logo(sent)
            except ValidationError as error:
                problems["logo"] = error
        if problems:
            raise ValidationError(problems)
