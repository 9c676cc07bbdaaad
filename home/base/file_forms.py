"""The forms of images and documents in the admin: what is broken or infected is refused with a reason."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from .scanning import ScannedFile

#: What is raised for a file that only begins like a picture.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError)


class PictureField(WagtailImageField):
    """Looks at the whole picture: Wagtail's own field reads the beginning, and fails where that is cut off."""

    def to_python(self, data: Any) -> Any:
        """Return the file. Raises `ValidationError` for what cannot be drawn."""
        try:
            file = super().to_python(data)
            if file is not None:
                with Image.open(file) as picture:
                    picture.load()
                file.seek(0)
        except _BROKEN as error:
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error
        return file


class DocumentForm(ScannedFile, BaseDocumentForm):
    """Wagtail's form of documents; new files are scanned."""


class PictureForm(ScannedFile, BaseImageForm):
    """Wagtail's form of images, with our field for the file; new files are scanned."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.fields.get("file")
        if isinstance(given, WagtailImageField):
            self.fields["file"] = PictureField(
                label=given.label,
                required=given.required,
                help_text=given.help_text,
                max_length=given.max_length,
                widget=given.widget,
            )
