"""The kind that holds files. A raw answer is a list of `{"id", "name", "size", "type"}`."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator
from pydantic import Field as PydanticField
from wagtail import blocks

from ..problems import complaint
from ..schema import Field
from .base import FILES, FieldKind, FormContext, Sampling, field_kinds
from .widgets import GroupWidget

if TYPE_CHECKING:
    from ..models import StoredFile


def _allowed(value: str) -> str:
    from ..files import ALLOWED

    extension = value.lower().lstrip(".")
    if extension not in ALLOWED:
        raise complaint("extension", known=sorted(ALLOWED), key=extension)
    return extension


class FileOptions(Field):
    """Options of a question for files; without `extensions` every safe type is accepted."""

    multiple: bool = True
    max_files: int = PydanticField(default=10, ge=1, le=50)
    max_mb: float = PydanticField(default=20, gt=0, le=100)
    extensions: list[Annotated[str, AfterValidator(_allowed)]] = PydanticField(
        default_factory=list, max_length=40
    )

    @property
    def limit(self) -> int:
        """Return how many files may be given."""
        return self.max_files if self.multiple else 1


@dataclass
class Posted:
    """What a browser sent for one question: new files, kept ones, removed ones."""

    files: list[UploadedFile]
    kept: list[str]
    removed: set[str]


class UploadWidget(GroupWidget, forms.FileInput):
    """Several files, with the kept ones listed and a checkbox to remove each."""

    template_name = "forms/upload.html"
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Posted:
        """Collect what was sent; anything of the wrong type is left out."""
        uploads = (
            files.getlist(name)
            if hasattr(files, "getlist")
            else [files[name]]
            if files and name in files
            else []
        )
        return Posted(
            [upload for upload in uploads if isinstance(upload, UploadedFile)],
            _many(data, f"{name}-kept"),
            set(_many(data, f"{name}-remove")),
        )

    def format_value(self, value: Any) -> Any:
        """Keep the list of files for the template."""
        return value

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add the kept files."""
        context = super().get_context(name, value, attrs)
        context["kept"] = value if isinstance(value, list) else []
        return context


def _many(data: Any, name: str) -> list[str]:
    values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
    values = values if isinstance(values, (list, tuple)) else [values]
    return [value for value in values if isinstance(value, str)]


class UploadField(forms.Field):
    """Files that survive a validation error: each good one is kept as a draft at once."""

    widget = UploadWidget

    def __init__(self, *, options: FileOptions, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.options = options
        self.context = FormContext()
        self.kept: list[Any] = []
        # Django's own widget would say yes for each that is able to take several.
        self.widget.attrs["multiple"] = options.limit > 1
        if options.extensions:
            self.widget.attrs["accept"] = ",".join(f".{extension}" for extension in options.extensions)

    def clean(self, value: Any) -> list[StoredFile]:
        """Return the stored files: the kept ones and the new ones."""
        posted = value if isinstance(value, Posted) else Posted([], [], set())
        self.kept = self._kept([name for name in posted.kept if name not in posted.removed])
        errors = self._take(posted.files)
        if errors:
            raise forms.ValidationError(errors)
        if self.required and not self.kept:
            raise forms.ValidationError(_("Please attach a file."), code="required")
        return self.kept

    def _kept(self, names: list[str]) -> list[Any]:
        """Return the files among `names` that are this person's own or were in the answer before."""
        from ..models import StoredFile

        ids = list(dict.fromkeys(name for name in names if _is_uuid(name)))[: self.options.limit]
        found = {str(stored.pk): stored for stored in StoredFile.objects.filter(pk__in=ids)} if ids else {}
        mine = self.context.user
        return [
            found[name]
            for name in map(str, map(uuid.UUID, ids))
            if name in found
            and (name in self.context.held or (mine is not None and found[name].uploaded_by_id == mine.pk))
            and self._fits(found[name])
        ]

    def _fits(self, stored: StoredFile) -> bool:
        """Tell whether a kept file would be accepted here: it may have been uploaded to another question."""
        if str(stored.pk) in self.context.held:
            return True
        extension = stored.name.rpartition(".")[2].lower()
        allowed = not self.options.extensions or extension in self.options.extensions
        return allowed and stored.size <= self.options.max_mb * 1024 * 1024

    def _take(self, uploads: list[UploadedFile]) -> list[str]:
        """Store what is acceptable and return what is wrong with the rest."""
        from ..files import MAX_FORM_MB, MIB, store_upload

        errors: list[str] = []
        if self.kept and not self.options.multiple and uploads:
            self.kept = []
        room = self.options.limit - len(self.kept)
        if len(uploads) > room:
            errors.append(_("At most %(limit)s files are possible here.") % {"limit": self.options.limit})
        for upload in uploads[: max(room, 0)]:
            if (upload.size or 0) > self.context.budget:
                limit = filesizeformat(MAX_FORM_MB * MIB)
                errors.append(
                    _("All files of a form together may have at most %(limit)s.") % {"limit": limit}
                )
                break
            try:
                stored = store_upload(
                    self.prepared(upload),
                    by=self.context.user,
                    extensions=self.options.extensions,
                    max_mb=self.options.max_mb,
                )
            except forms.ValidationError as error:
                errors += error.messages
            else:
                self.context.budget -= stored.size
                self.kept.append(stored)
        return errors

    def prepared(self, upload: UploadedFile) -> UploadedFile:
        """Return what is stored for an upload; kinds of pictures look into it. Raises ValidationError."""
        return upload

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Show what is kept, not what was sent."""
        return self.kept

    def prepare_value(self, value: Any) -> Any:
        """Turn a raw answer into links."""
        from ..files import FileLink

        links = []
        for entry in value if isinstance(value, list) else ():
            if is_file(entry):
                links.append(FileLink(entry["id"], entry["name"], entry["size"], entry.get("type", "")))
            elif hasattr(entry, "pk"):
                links.append(FileLink(str(entry.pk), entry.name, entry.size, entry.content_type))
        return links


def is_file(entry: Any) -> bool:
    """Tell whether an entry of a raw answer names a stored file."""
    return isinstance(entry, dict) and all(name in entry for name in ("id", "name", "size"))


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


class HeldKind(FieldKind):
    """What all kinds of files share: the answer names them, the files themselves lie behind their gate."""

    group = gettext_lazy("Files")
    layout = "files"
    shape = FILES

    def to_json(self, value: Any, field: Any) -> Any:
        """Store what is needed to list the files without another query."""
        if not value:
            return None
        return [{"id": str(f.pk), "name": f.name, "size": f.size, "type": f.content_type} for f in value]

    def display(self, raw: Any, field: Any) -> str:
        """Write the names."""
        return ", ".join(entry["name"] for entry in raw or ())

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return the list of file names (empty for no answer)."""
        return [entry["name"] for entry in raw or ()]

    def cel_sample(self, field: Any) -> Any:
        """Return one name."""
        return ["a.pdf"]

    def files(self, raw: Any) -> list[dict[str, Any]]:
        """Return the answer itself, without what is no file."""
        return [entry for entry in raw if is_file(entry)] if isinstance(raw, list) else []


@field_kinds.register
class FileKind(HeldKind):
    """One or several files; conditions see the list of their names."""

    code = "file"
    label = gettext_lazy("Files")
    icon = "paperclip"
    admin_icon = "upload"
    describe = gettext_lazy("Files with a limit of size, number and types; content is checked.")
    Options = FileOptions

    def option_blocks(self) -> dict[str, Any]:
        """Return the limits and the types."""
        from ..files import ALLOWED

        types = [(extension, f".{extension}") for extension in ALLOWED]
        return {
            "multiple": blocks.BooleanBlock(
                label=gettext_lazy("Several files are possible"), required=False, default=True
            ),
            "max_files": blocks.IntegerBlock(
                label=gettext_lazy("Most files"), required=False, min_value=1, max_value=50
            ),
            "max_mb": blocks.FloatBlock(
                label=gettext_lazy("Largest size of a file (MB)"),
                required=False,
                min_value=0.1,
                max_value=100,
            ),
            "extensions": blocks.MultipleChoiceBlock(
                choices=types,
                required=False,
                label=gettext_lazy("Types of files"),
                help_text=gettext_lazy("None chosen: every safe type is accepted."),
            ),
        }

    def form_field(self, field: FileOptions) -> forms.Field:
        """Return a file input that names its limits."""
        return UploadField(options=field, **self.hinted(field))

    def hinted(self, field: FileOptions) -> dict[str, Any]:
        """Return the arguments of the form field, with the limits in its help text."""
        common = self.common(field)
        limits = (
            _("Up to %(count)s files, %(size)s each.") if field.limit > 1 else _("One file, up to %(size)s.")
        )
        hint = limits % {"count": field.limit, "size": filesizeformat(field.max_mb * 1024 * 1024)}
        if field.extensions:
            hint += " " + _("Types: %(known)s.") % {"known": ", ".join(field.extensions)}
        common["help_text"] = f"{common['help_text']} {hint}".strip()
        return common

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return a made-up file where nothing is stored."""
        entry = {"id": "0", "name": _("sample.pdf"), "size": 1, "type": "application/pdf"}
        return [entry] if about.reader else None
