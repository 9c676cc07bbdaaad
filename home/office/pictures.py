"""Pictures that people send: drawn anew, so that nothing hidden in them is kept.

Drawings that can hold scripts (SVG) are no pictures here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MEGABYTE = 1024 * 1024
MAX_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
LOGO_BYTES = 2 * MEGABYTE
LOGO_SIZE = (512, 256)


@contextmanager
def opened_picture(sent: Any, max_bytes: int) -> Iterator[Image.Image]:
    """Give the sent picture, turned upright. Raises `ValidationError` for what is no picture, or too big."""
    if sent.size > max_bytes:
        message = _("This picture is larger than %(mb)d MB. Please choose a smaller one.")
        raise ValidationError(message % {"mb": max_bytes // MEGABYTE}, code="too_big")
    try:
        with Image.open(sent, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValidationError(_("This picture has too many pixels."), code="too_big")
            yield ImageOps.exif_transpose(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValidationError(
            _("This is no picture that can be read. Please send a JPEG, PNG or WebP file.")
        ) from error


def draw_logo(sent: Any) -> ContentFile:
    """Return the sent logo as a PNG of at most 512 × 256 points, its transparency kept. Raises `ValidationError`."""
    drawn_anew = BytesIO()
    with opened_picture(sent, LOGO_BYTES) as picture:
        logo = picture.convert("RGBA")
        logo.thumbnail(LOGO_SIZE)
        logo.save(drawn_anew, "PNG", optimize=True)
    return ContentFile(drawn_anew.getvalue(), name="logo.png")
