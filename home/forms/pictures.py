"""Pictures that people upload: how large they are, small copies of them, and what is drawn by hand."""

from __future__ import annotations

import io
from typing import IO, Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.forms import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

#: Extensions of pictures that may be uploaded.
PICTURES = ("jpg", "jpeg", "png", "gif", "webp")
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
#: More is refused: a small file may unpack to a picture that fills the memory.
MAX_PIXELS = 60_000_000
#: More of anything but JPEG, which shrinks while it is read, is not made smaller.
MAX_UNPACKED = 20_000_000
THUMBNAIL = (320, 320)
SIGNATURE = (1200, 600)

#: What Pillow raises on a file that is broken or no picture.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError)


def open_picture(stream: IO[bytes]) -> Image.Image:
    """Return a picture of which only the head is read. Raises one of `BROKEN`."""
    stream.seek(0)
    picture = Image.open(stream, formats=FORMATS)
    if picture.width * picture.height > MAX_PIXELS:
        raise Image.DecompressionBombError
    return picture


def size_of(stream: IO[bytes], name: str) -> tuple[int, int]:
    """Return width and height of a picture as it is looked at. Raises ValidationError."""
    try:
        picture = open_picture(stream)
        turned = picture.getexif().get(0x0112) in (5, 6, 7, 8)
    except BROKEN as error:
        text = _("“%(name)s” is a picture that cannot be read, or is far too large.")
        raise ValidationError(text % {"name": name}) from error
    finally:
        stream.seek(0)
    return (picture.height, picture.width) if turned else (picture.width, picture.height)


def thumbnail(stream: IO[bytes]) -> bytes | None:
    """Return a small copy as WebP, the right way up; None where none can be made."""
    try:
        picture = open_picture(stream)
        picture.draft("RGB", THUMBNAIL)
        if picture.width * picture.height > MAX_UNPACKED:
            return None
        small = ImageOps.exif_transpose(picture)
        small.thumbnail(THUMBNAIL)
        made = io.BytesIO()
        small.convert("RGBA" if "A" in small.getbands() or "transparency" in small.info else "RGB").save(
            made, "WEBP", quality=80
        )
    except BROKEN:
        return None
    return made.getvalue()


def signature(upload: UploadedFile) -> UploadedFile:
    """Return a picture of a signature as PNG on white, without anything hidden in it. Raises ValidationError."""
    params = {"name": upload.name}
    try:
        picture: Any = open_picture(upload)
        picture.draft("RGB", SIGNATURE)
        if picture.width * picture.height > MAX_UNPACKED:
            raise Image.DecompressionBombError
        picture = ImageOps.exif_transpose(picture).convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture)
        drawn = paper.convert("RGB")
        drawn.thumbnail(SIGNATURE)
        made = io.BytesIO()
        drawn.save(made, "PNG", optimize=True)
    except BROKEN as error:
        text = _("“%(name)s” is a picture that cannot be read, or is far too large.")
        raise ValidationError(text % params) from error
    finally:
        upload.seek(0)
    bounds: Any = drawn.getextrema()
    if all(low == high for low, high in bounds):
        raise ValidationError(_("There is nothing in this picture. Please sign, or choose another one."))
    return SimpleUploadedFile(_("signature.png"), made.getvalue(), content_type="image/png")
