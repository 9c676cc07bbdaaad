"""The files of a dossier: where each belongs, what it replaced, and a look at it within the page."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from home.forms.api import StoredFile, kind_of, localized
from home.people.api import User
from workflows.definitions.api import Definition
from workflows.dossiers.api import AnswerChange, Attachment, Dossier

from .gate import visible_dossier
from .words import title_of

_IMAGES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_PDF = "application/pdf"
#: What a framed file may do: be shown by this site, and nothing else.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


@dataclass(frozen=True)
class FileRow:
    """One file; `replaced_at` is when another took its place, None for what holds now."""

    file: StoredFile
    by: User | None
    at: datetime
    replaced_at: datetime | None = None

    @property
    def is_image(self) -> bool:
        """Whether a browser shows it as a picture."""
        return self.file.content_type in _IMAGES

    @property
    def is_shown(self) -> bool:
        """Whether a browser can show it within the page."""
        return self.is_image or self.file.content_type == _PDF


@dataclass(frozen=True)
class FileGroup:
    """The files of one question, or those enclosed at one step: what holds now, and earlier versions."""

    title: str
    now: list[FileRow]
    earlier: list[FileRow]


def files_of(dossier: Dossier, definition: Definition | None) -> list[FileGroup]:
    """Return the files by question in the order of the form, then by the step at which they were enclosed.

    Three queries, whatever their number.
    """
    held = StoredFile.objects.filter(holder_kind="dossier", holder_id=str(dossier.pk)).select_related(
        "uploaded_by"
    )
    files = {str(file.pk): file for file in held.order_by("uploaded_at", "pk")}
    if not files:
        return []
    changes = list(AnswerChange.objects.filter(dossier=dossier).only("at", "before"))
    groups = list(_of_questions(dossier, definition, files, changes)) if definition else []
    return groups + _enclosed(dossier, definition, files)


def _of_questions(
    dossier: Dossier, definition: Definition, files: dict[str, StoredFile], changes: list[AnswerChange]
) -> Iterator[FileGroup]:
    schema = definition.questions
    for question in schema.fields():
        now = kind_of(question).file_ids(dossier.answers.get(question.key))
        earlier: dict[str, datetime] = {}
        for change in changes:
            for key in kind_of(question).file_ids(change.before.get(question.key)):
                earlier[key] = change.at
        rows = [_row(files[key]) for key in now if key in files]
        old = [_row(files[key], earlier[key]) for key in reversed(earlier) if key not in now and key in files]
        if rows or old:
            yield FileGroup(localized(question.label), rows, old)


def _enclosed(
    dossier: Dossier, definition: Definition | None, files: dict[str, StoredFile]
) -> list[FileGroup]:
    """Return what was enclosed on the way and what the flow had made; a paper that was made anew has versions."""
    found: dict[str, list[FileRow]] = {}
    for row in Attachment.objects.filter(dossier=dossier).select_related("added_by", "paper"):
        if (file := files.get(str(row.file_id))) is not None:
            title = title_of(definition, row.step) if row.step else _("Enclosed files")
            replaced_at = getattr(getattr(row, "paper", None), "replaced_at", None)
            found.setdefault(title, []).append(FileRow(file, row.added_by, row.added_at, replaced_at))
    return [
        FileGroup(
            title,
            [row for row in rows if row.replaced_at is None],
            [row for row in reversed(rows) if row.replaced_at is not None],
        )
        for title, rows in found.items()
    ]


def _row(file: StoredFile, replaced_at: datetime | None = None) -> FileRow:
    return FileRow(file, file.uploaded_by, file.uploaded_at, replaced_at)


@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def file_shown(request: HttpRequest, pk: int, file: uuid.UUID) -> FileResponse:
    """Send a picture or a PDF of a dossier to be shown within its page, and there only."""
    found = visible_dossier(request, pk)
    stored = StoredFile.objects.filter(pk=file, holder_kind="dossier", holder_id=str(found.pk)).first()
    if stored is None or stored.content_type not in _IMAGES | {_PDF}:
        raise Http404
    try:
        content = stored.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, filename=stored.name, content_type=stored.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Content-Security-Policy"] = _POLICY
    return response
