"""Kinds that hold pictures: images, and a signature drawn by hand. Raw answers are those of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.widgets import Script
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, ValidationError, model_validator
from pydantic import Field as PydanticField
from wagtail import blocks

from ..pictures import PICTURES, signature, size_of
from ..problems import complaint, fault
from ..schema import Field
from .base import Sampling, field_kinds
from .uploads import FileKind, FileOptions, HeldKind, UploadField, UploadWidget

if TYPE_CHECKING:
    from ..models import StoredFile

MOST = 20_000
SIGNATURE_TYPES = ("png", "jpg", "jpeg", "webp")

Pixels = Annotated[int, PydanticField(ge=0, le=MOST)]


def _picture(value: str) -> str:
    extension = value.lower().lstrip(".")
    if extension not in PICTURES:
        raise complaint("extension", known=PICTURES, key=extension)
    return extension


class ImageOptions(FileOptions):
    """Options of pictures: limits of files, and of the size in pixels (0: none)."""

    multiple: bool = False
    max_mb: float = PydanticField(default=10, gt=0, le=100)
    extensions: list[Annotated[str, AfterValidator(_picture)]] = PydanticField(
        default_factory=lambda: list(PICTURES), max_length=10
    )
    min_width: Pixels = 0
    min_height: Pixels = 0
    max_width: Pixels = 0
    max_height: Pixels = 0

    @model_validator(mode="after")
    def _sizes_are_in_order(self) -> Self:
        for low, high in ((self.min_width, self.max_width), (self.min_height, self.max_height)):
            if high and low > high:
                lines = [fault("bounds", "min_width", value=low)]
                raise ValidationError.from_exception_data("ImageOptions", lines)
        return self


class PictureField(UploadField):
    """Files that are pictures; one that was kept from before is looked into like a new one."""

    def prepared(self, upload: UploadedFile) -> UploadedFile:
        """Return a picture. Raises ValidationError."""
        from ..files import check_upload

        check_upload(upload, extensions=self.options.extensions, max_mb=self.options.max_mb)
        return upload

    def _fits(self, stored: StoredFile) -> bool:
        if not super()._fits(stored):
            return False
        if str(stored.pk) in self.context.held:
            return True
        try:
            with stored.file.open("rb") as content:
                self.measure(content, stored.name)
        except (forms.ValidationError, OSError):
            return False
        return True

    def measure(self, content: Any, name: str) -> None:
        """Check a stored picture. Raises ValidationError."""
        size_of(content, name)


class ImageField(PictureField):
    """Pictures within limits of pixels."""

    options: ImageOptions

    def prepared(self, upload: UploadedFile) -> UploadedFile:
        """Return a picture of the right size. Raises ValidationError."""
        upload = super().prepared(upload)
        self.measure(upload, upload.name or "")
        return upload

    def measure(self, content: Any, name: str) -> None:
        """Measure a picture. Raises ValidationError that names the size and the limit."""
        width, height = size_of(content, name)
        about = {"name": name, "width": width, "height": height}
        low, high = (self.options.min_width, self.options.min_height), self._most()
        if width < low[0] or height < low[1]:
            text = _("“%(name)s” has %(width)s × %(height)s pixels; at least %(limit)s are needed.")
            raise forms.ValidationError(text % {**about, "limit": f"{low[0]} × {low[1]}"}, code="small")
        if width > high[0] or height > high[1]:
            text = _("“%(name)s” has %(width)s × %(height)s pixels; at most %(limit)s are possible.")
            raise forms.ValidationError(text % {**about, "limit": f"{high[0]} × {high[1]}"}, code="large")

    def _most(self) -> tuple[int, int]:
        return self.options.max_width or MOST, self.options.max_height or MOST


@field_kinds.register
class ImageKind(FileKind):
    """One or several pictures, shown small; conditions see the list of their names."""

    code = "image"
    label = gettext_lazy("Pictures")
    icon = "photo"
    admin_icon = "image"
    pictures = True
    describe = gettext_lazy("Pictures with limits of size and pixels; content is checked.")
    Options = ImageOptions

    def option_blocks(self) -> dict[str, Any]:
        """Return the limits."""
        given = super().option_blocks()
        given["multiple"] = blocks.BooleanBlock(
            label=gettext_lazy("Several pictures are possible"), required=False
        )
        del given["extensions"]
        labels = {
            "min_width": gettext_lazy("Least width in pixels"),
            "min_height": gettext_lazy("Least height in pixels"),
            "max_width": gettext_lazy("Most width in pixels"),
            "max_height": gettext_lazy("Most height in pixels"),
        }
        pixels = {"required": False, "min_value": 0, "max_value": MOST}
        return given | {name: blocks.IntegerBlock(label=label, **pixels) for name, label in labels.items()}

    def form_field(self, field: Any) -> forms.Field:
        """Return a file input that names its limits."""
        return ImageField(options=field, **self.hinted(field))

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return a made-up picture where nothing is stored."""
        entry = {"id": "0", "name": _("sample.png"), "size": 1, "type": "image/png"}
        return [entry] if about.reader else None


class SignatureWidget(UploadWidget):
    """A file input; a script adds a pad to draw on, whose picture becomes the file."""

    template_name = "forms/kinds/signature.html"

    class Media:
        js: ClassVar = [Script("forms/signature.js", defer=True)]


class SignatureField(PictureField):
    """One picture of a signature, kept as PNG."""

    widget = SignatureWidget

    def prepared(self, upload: UploadedFile) -> UploadedFile:
        """Draw the picture anew, on white."""
        return signature(super().prepared(upload))


@field_kinds.register
class SignatureKind(HeldKind):
    """A signature drawn with finger, pen or mouse, or a picture of one; stored as a PNG file.

    It shows who signed as a drawing does, and is no digital signature.
    """

    code = "signature"
    label = gettext_lazy("Signature")
    icon = "signature"
    admin_icon = "edit"
    pictures = True
    describe = gettext_lazy("A signature drawn by hand, or a picture of one; it is no digital signature.")

    def form_field(self, field: Field) -> forms.Field:
        """Return a pad, or a file input."""
        options = FileOptions(
            key=field.key,
            kind=self.code,
            label=field.label,
            multiple=False,
            max_mb=5,
            extensions=list(SIGNATURE_TYPES),
        )
        return SignatureField(options=options, **self.common(field))

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return a made-up picture where nothing is stored."""
        entry = {"id": "0", "name": _("signature.png"), "size": 1, "type": "image/png"}
        return [entry] if about.reader else None
