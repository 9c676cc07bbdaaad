"""Uploads that the virus scanner refuses are not taken in, wherever they come from."""

from __future__ import annotations

import logging
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from .virus import ScannerError, TooLongError, found_in, is_on

logger = logging.getLogger(__name__)

_MARKUP = re.compile(r"[<>&\"'`]")


def scan(upload: UploadedFile, name: str) -> None:
    """Refuse an upload in which the virus scanner finds something, or about which it says nothing.

    `name` is what the message calls it. Raises `ValidationError`; afterwards the upload is read from its beginning.
    """
    if not is_on():
        return
    upload.seek(0)
    try:
        found = found_in(upload.chunks())
    except TooLongError as error:
        logger.error("The virus scanner reads no file of %s bytes: raise its StreamMaxLength.", upload.size)
        text = _(
            "“%(name)s” is larger than the virus scanner reads, so it was not taken. Please tell your administrator."
        )
        raise ValidationError(text % {"name": name}) from error
    except ScannerError as error:
        logger.error("The virus scanner did not answer: %s", error)
        text = _(
            "“%(name)s” cannot be checked for viruses at this moment, so it was not taken. Please try again later."
        )
        raise ValidationError(text % {"name": name}) from error
    finally:
        upload.seek(0)
    if found:
        logger.warning("Refused an upload: %s", found)
        raise ValidationError(
            _("“%(name)s” was refused: the virus scanner found %(found)s.") % {"name": name, "found": found}
        )


class ScannedFile:
    """A form of the admin whose `file` is scanned when a new one is uploaded.

    Scripts of Wagtail's admin put errors of uploads into the page as they come: what they say is no markup.
    """

    cleaned_data: dict[str, Any]

    def clean_file(self) -> Any:
        """Return the file. Raises `ValidationError` for one that is refused."""
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            try:
                scan(file, file.name or "")
            except ValidationError as error:
                raise ValidationError(_MARKUP.sub("_", str(error.message))) from error
        return file
