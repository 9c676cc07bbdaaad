"""A dossier taken out of the site: one document with all that is on its page, and an archive with its files."""

from __future__ import annotations

import hashlib
import json
import logging
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, cast

from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from home.audit.api import Entry, record
from home.forms.api import Pipe, pack
from home.office.api import office_name
from home.people.api import User
from workflows.dossiers.api import Dossier, PressError, press

from .answers import AnswerSection, answers_of, readable_definition
from .files import FileGroup, FileRow, files_of
from .notes import Card, cards_of, moment
from .pauses import pauses_of
from .stages import Stage, readable_way, stages_of
from .timeline import Event, timeline

logger = logging.getLogger(__name__)

_TEMPLATE = Path(__file__).with_name("export.typ")


def note_export(dossier: Dossier, *, by: User, form: str) -> None:
    """Record that `by` takes a dossier out of the site as `form` (`pdf`, `zip`)."""
    with transaction.atomic():
        data = {"form": form}
        record(Entry(verb="dossier.exported", by=by, target=dossier.target, label=dossier.number, data=data))


def pdf_of(dossier: Dossier, reader: User) -> bytes:
    """Return the document of a dossier as `reader` may see it. Internal remarks are no part of it.

    It is set by a process of its own with limits of time and memory. Raises `PressError`.
    """
    return press("typst", _TEMPLATE.read_bytes(), content_of(dossier, reader))


def content_of(dossier: Dossier, reader: User) -> dict[str, Any]:
    """Return what the document says, as plain JSON in the reader's language."""
    definition = readable_definition(dossier)
    way = readable_way(dossier)
    made = _("Made by %(person)s at %(at)s") % {"person": reader, "at": moment(timezone.now())}
    return {
        "lang": get_language() or "vi",
        "office": office_name(),
        "title": dossier.subject,
        "number": dossier.number,
        "type": str(dossier.type),
        "made": made,
        "facts": [{"name": name, "value": value} for name, value in facts_of(dossier)],
        "sections": [_section(section) for section in answers_of(dossier, definition)],
        "cards": [_card(card) for card in cards_of(dossier, reader, pauses_of(dossier))],
        "files": [
            _file(row, group)
            for group in files_of(dossier, definition)
            for row in (*group.now, *group.earlier)
        ],
        "stages": [_stage(stage) for stage in stages_of(way)] if way else [],
        "events": [_event(event) for event in timeline(dossier, definition)],
        "words": {
            "files": _("Files"),
            "file": _("File"),
            "size": _("Size"),
            "added": _("Added"),
            "way": _("The way of this dossier"),
            "acts": _("What happened"),
        },
    }


def facts_of(dossier: Dossier) -> list[tuple[str, str]]:
    """Return the facts at the head of a dossier."""
    found = [
        (_("Number"), dossier.number),
        (_("Type"), str(dossier.type)),
        (_("State"), dossier.get_state_display().capitalize()),
        (_("Submitted by"), str(dossier.submitter)),
        (_("Department"), str(dossier.department or "")),
        (_("Received"), moment(dossier.opened_at)),
        (_("Due"), moment(dossier.due_at) if dossier.due_at else ""),
        (_("Closed"), moment(dossier.closed_at) if dossier.closed_at else ""),
    ]
    return [(name, value) for name, value in found if value]


def _section(section: AnswerSection) -> dict[str, Any]:
    rows = [{"label": answer.row.label, "text": _text(answer.row) or "–"} for answer in section.answers]
    return {"title": section.title or _("Content of the dossier"), "rows": rows}


def _text(row: Any) -> str:
    return "\n".join(file.name for file in row.files) if row.files else str(row.text)


def _card(card: Card) -> dict[str, Any]:
    notes = [
        {"title": note.title, "meta": note.meta, "text": note.text, "lines": list(note.lines)}
        for note in card.notes
    ]
    return {"heading": card.heading, "notes": notes}


def _file(row: FileRow, group: FileGroup) -> dict[str, str]:
    replaced = ""
    if row.replaced_at:
        replaced = " · " + _("replaced at %(at)s") % {"at": moment(row.replaced_at)}
    return {
        "name": row.file.name,
        "place": group.title + replaced,
        "size": filesizeformat(row.file.size).replace("\xa0", " "),
        "added": f"{moment(row.at)}\n{row.by or ''}".strip(),
        "sha256": row.file.sha256,
    }


def _stage(stage: Stage) -> dict[str, Any]:
    words = {
        "done": stage.outcome or _("passed"),
        "open": _("here now"),
        "cancelled": _("no longer needed"),
    }
    who = str(stage.state.owner or stage.role or "")
    at = moment(stage.state.finished) if stage.state.finished else ""
    return {
        "title": stage.title,
        "depth": stage.depth,
        "state": words.get(stage.state.state, _("not reached")),
        "who": " · ".join(filter(None, (who, at))) if stage.state.state in ("done", "open") else "",
    }


def _event(event: Event) -> dict[str, str]:
    behalf = _("on behalf of %(person)s") % {"person": event.on_behalf_of} if event.on_behalf_of else ""
    changed = _("Changed: %(answers)s") % {"answers": ", ".join(event.changed)} if event.changed else ""
    return {
        "at": moment(event.at),
        "by": str(event.by or _("The system")),
        "for": behalf,
        "words": event.outcome or ": ".join(filter(None, [event.words, event.whom])),
        "step": event.step,
        "note": event.note,
        "changed": changed,
    }


# --- the archive -------------------------------------------------------------------------------------------------


def archive_of(dossier: Dossier, reader: User) -> Iterator[bytes]:
    """Yield an archive: the document, every file with its earlier versions, and last a manifest with their sums.

    One file at a time is read, in pieces. A file whose content is not what was stored, or that is gone, is told in the
    manifest, and so is a document that could not be set.
    """
    groups = files_of(dossier, readable_definition(dossier))
    try:
        document, problem = pdf_of(dossier, reader), ""
    except PressError as error:
        logger.exception("Dossier %s cannot be set as a document", dossier.pk)
        document, problem = b"", str(error)
    return _zipped(dossier, reader, groups, document, problem)


def _zipped(
    dossier: Dossier, reader: User, groups: Sequence[FileGroup], document: bytes, problem: str
) -> Iterator[bytes]:
    pipe = Pipe()
    listed: list[dict[str, Any]] = []
    manifest: dict[str, Any] = {
        "number": dossier.number,
        "subject": dossier.subject,
        "type": dossier.type.code,
        "state": dossier.state,
        "version": dossier.version.number,
        "answers": dossier.answers,
        "exported_at": timezone.now().isoformat(),
        "exported_by": reader.username,
        "document": {"name": "ho-so.pdf", "sha256": hashlib.sha256(document).hexdigest()}
        if document
        else None,
        "problem": problem,
        "files": listed,
    }
    with zipfile.ZipFile(cast(IO[bytes], pipe), "w", zipfile.ZIP_DEFLATED) as archive:
        if document:
            archive.writestr("ho-so.pdf", document, zipfile.ZIP_STORED)
            yield pipe.take()
        rows = [(group, row) for group in groups for row in (*group.now, *group.earlier)]
        for number, (group, row) in enumerate(rows, 1):
            entry = _listed(number, group, row)
            listed.append(entry)
            yield from pack(archive, pipe, row.file, entry)
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2))
    yield pipe.take()


def _listed(number: int, group: FileGroup, row: FileRow) -> dict[str, Any]:
    return {
        "path": f"tep/{number:03d}-{row.file.name}",
        "name": row.file.name,
        "place": group.title,
        "added_at": row.at.isoformat(),
        "added_by": row.by.username if row.by else "",
        "replaced_at": row.replaced_at.isoformat() if row.replaced_at else None,
        "size": row.file.size,
        "sha256": row.file.sha256,
    }
