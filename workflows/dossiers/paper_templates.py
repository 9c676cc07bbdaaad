"""The acts on paper templates: a file is checked, becomes the next version, and stays as it is."""

from __future__ import annotations

import hashlib

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


def check_template(kind: str, name: str, content: bytes) -> list[str]:
    """Return the variables that a file uses. Raises `ValidationError` for one that no dossier could ever fill in."""
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
    return names


def add_version(
    template: PaperTemplate, *, name: str, content: bytes, by: User | None, note: str = ""
) -> PaperTemplateVersion:
    """Make a file the next version of a template. The same file again changes nothing. Raises `ValidationError`."""
    names = check_template(template.kind, name, content)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        PaperTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)
        newest = template.newest
        if newest is not None and newest.sha256 == digest:
            return newest
        version = PaperTemplateVersion(
            template=template,
            number=newest.number + 1 if newest else 1,
            name=clean_text(name)[-200:],
            size=len(content),
            sha256=digest,
            names=names,
            note=clean_text(note)[:300],
            uploaded_by=by,
        )
        version.file.save("file", ContentFile(content), save=False)
        try:
            version.save(force_insert=True)
            record(_entry("template.uploaded", template, version, by=by))
        except BaseException:
            version.file.storage.delete(str(version.file.name))
            raise
    return version


def content_of(version: PaperTemplateVersion) -> bytes:
    """Return the file of a version. Raises `ValidationError` when it is not what was uploaded."""
    with version.file.open("rb") as stream:
        content: bytes = stream.read()
    if hashlib.sha256(content).hexdigest() != version.sha256:
        raise ValidationError(_("The file of “%(version)s” is not what was uploaded.") % {"version": version})
    return content


def _entry(verb: str, template: PaperTemplate, version: PaperTemplateVersion, *, by: User | None) -> Entry:
    data = {"version": version.number, "sha256": version.sha256, "file": version.name}
    if version.note:
        data["note"] = version.note
    return Entry(verb=verb, by=by, target=f"paper-template:{template.pk}", label=template.code, data=data)
