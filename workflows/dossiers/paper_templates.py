"""The acts on paper templates: a file is checked, becomes the next version, and stays as it is."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from home.audit.api import Entry, record
from home.forms.api import clean_text
from home.people.api import User

from .models import PaperTemplate, PaperTemplateVersion
from .paper_names import known_words, unknown_names
from .press.run import PressError, names_of

#: The extension of the files of each kind.
EXTENSIONS = {PaperTemplate.Kind.DOCX: ".docx", PaperTemplate.Kind.TYPST: ".typ"}


@dataclass(frozen=True)
class Checked:
    """A file that may become a version of a template, with the variables that it uses."""

    name: str
    content: bytes
    names: list[str]

    @property
    def sha256(self) -> str:
        """The digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


def check_template(kind: str, name: str, content: bytes) -> Checked:
    """Look into a file. Raises `ValidationError` for one that no dossier could ever fill in."""
    extension = EXTENSIONS[PaperTemplate.Kind(kind)]
    if not name.lower().endswith(extension):
        raise ValidationError(_("A file with the ending %(ending)s is needed.") % {"ending": extension})
    try:
        names = names_of(kind, content)
    except PressError as error:
        raise ValidationError(str(error)) from error
    if unknown := unknown_names(names):
        message = _("There is no such variable: %(names)s. Known: %(known)s.")
        raise ValidationError(message % {"names": ", ".join(unknown), "known": known_words()})
    return Checked(clean_text(name)[-200:], content, names)


def save_template(
    template: PaperTemplate, *, by: User | None, file: Checked | None = None, note: str = ""
) -> PaperTemplateVersion | None:
    """Store a template, and make `file` its next version; return that, or the newest one.

    The same file again makes no version. Raises `ValidationError` for a template whose code or kind was changed.
    """
    kept: list[PaperTemplateVersion] = []
    try:
        with transaction.atomic():
            template.clean()
            template.save()
            PaperTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)
            version = template.newest
            if file is not None and (version is None or version.sha256 != file.sha256):
                version = _next(template, version, file, by, note)
                kept.append(version)
                version.save(force_insert=True)
            record(_saved(template, kept, by=by))
    except BaseException:
        for lost in kept:
            lost.file.storage.delete(str(lost.file.name))
        raise
    return version


def _next(
    template: PaperTemplate, newest: PaperTemplateVersion | None, file: Checked, by: User | None, note: str
) -> PaperTemplateVersion:
    """Return the next version with its file in the storage, not stored itself yet."""
    version = PaperTemplateVersion(
        template=template,
        number=newest.number + 1 if newest else 1,
        name=file.name,
        size=len(file.content),
        sha256=file.sha256,
        names=file.names,
        note=clean_text(note)[:300],
        uploaded_by=by,
    )
    version.file.save("file", ContentFile(file.content), save=False)
    return version


def content_of(version: PaperTemplateVersion) -> bytes:
    """Return the file of a version. Raises `ValidationError` when it is gone, or not what was uploaded."""
    content = b""
    with suppress(FileNotFoundError), version.file.open("rb") as stream:
        content = stream.read()
    if hashlib.sha256(content).hexdigest() != version.sha256:
        raise ValidationError(_("The file of “%(version)s” is not what was uploaded.") % {"version": version})
    return content


def _saved(template: PaperTemplate, uploaded: list[PaperTemplateVersion], *, by: User | None) -> Entry:
    data: dict[str, Any] = {
        "title": template.title,
        "kind": template.kind,
        "department": template.department_id,
        "is_active": template.is_active,
    }
    for version in uploaded:
        data |= {
            "version": version.number,
            "sha256": version.sha256,
            "file": version.name,
            "note": version.note,
        }
    target = f"paper-template:{template.pk}"
    return Entry(verb="template.saved", by=by, target=target, label=template.code, data=data)
