"""Photos of people: what is sent is drawn anew as a small square, so that nothing hidden in it is kept or served."""

from __future__ import annotations

import secrets
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from PIL import ImageOps

from home.office.api import opened_picture

if TYPE_CHECKING:
    from .models import User

SIDE = 320
MAX_BYTES = 10 * 1024 * 1024


def photo_storage() -> Storage:
    """Return where photos lie: out of reach of the web server."""
    return storages["private"]


def photo_path(person: User, _name: str) -> str:
    """Return a new name each time, so that browsers may keep what they have."""
    return f"photos/{secrets.token_hex(16)}.jpg"


def drawn(sent: Any) -> ContentFile:
    """Return the sent picture as a square JPEG. Raises `ValidationError` for what is no picture, or too big."""
    with opened_picture(sent, MAX_BYTES) as picture:
        square = ImageOps.fit(picture.convert("RGB"), (SIDE, SIDE))
    drawn_anew = BytesIO()
    square.save(drawn_anew, "JPEG", quality=85)
    return ContentFile(drawn_anew.getvalue(), name="photo.jpg")


@transaction.atomic
def set_photo(person: User, picture: ContentFile | None) -> None:
    """Store a drawn photo, or none; the file of the one before goes once that is certain."""
    before, storage = person.photo.name, person.photo.storage
    if picture is None:
        person.photo = ""
    else:
        person.photo.save("photo.jpg", picture, save=False)
    person.save(update_fields=["photo"])
    if before:
        transaction.on_commit(lambda: storage.delete(before), robust=True)
