"""Answers as CSV, XLSX, JSON or an archive with files, row by row: memory does not grow with their number."""

from __future__ import annotations

import csv
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import IO, Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from .archives import Pipe, pack
from .display import display
from .models import Schema, StoredFile, Submission
from .submissions import HOLDER
from .table import Column, columns_of

CHUNK = 500
#: The most characters that a spreadsheet cell holds.
CELL = 32_000
#: How a formula begins, also in full-width characters.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """Return a cell that no spreadsheet runs: text that looks like a formula gets an apostrophe before it."""
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:CELL]
    return f"'{text}" if text.lstrip(" \n\u00a0").startswith(DANGEROUS) else text


#: So many rows go on one sheet; a spreadsheet holds 1,048,576.
SHEET = 1_000_000


def rows(submissions: QuerySet[Submission]) -> Iterator[list[Any]]:
    """Yield the heading and then one row for each submission, oldest first."""
    columns = [part for column in columns_of(submissions) for part in column.spread()]
    yield [
        _("Number"),
        _("Given at"),
        _("Given by"),
        _("Login name"),
        *(harmless(c.heading) for c in columns),
    ]
    found = submissions.select_related("by").order_by("pk")
    for submission in found.iterator(chunk_size=CHUNK):
        yield _row(submission, columns)


def _row(submission: Submission, columns: list[Column]) -> list[Any]:
    by = submission.by
    person = [str(by), by.get_username()] if by else ["", ""]
    answers = (column.cell(submission) for column in columns)
    at: Any = timezone.localtime(submission.at).replace(tzinfo=None, microsecond=0)
    if by is None:
        at = at.date()  # an anonymous answer knows no more
    return [submission.number, at, *map(harmless, person), *map(harmless, answers)]


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def csv_lines(table: Iterable[list[Any]]) -> Iterator[str]:
    """Yield lines of CSV in UTF-8 with a byte order mark, which Excel needs to read Vietnamese."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for row in table:
        yield writer.writerow([_csv_cell(value) for value in row])


def _csv_cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else value


def xlsx_file(table: Iterable[list[Any]], *, title: str = "") -> IO[bytes]:
    """Write a workbook to a temporary file and return it, at its beginning; very many rows go on several sheets."""
    workbook = Workbook(write_only=True)
    row_iterator = iter(table)
    heading = next(row_iterator)
    sheet, left = _sheet(workbook, heading, title), SHEET
    for row in row_iterator:
        if not left:
            sheet, left = _sheet(workbook, heading, title), SHEET
        sheet.append(row)
        left -= 1
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    workbook.save(stream)
    stream.seek(0)
    return stream


def _sheet(workbook: Workbook, heading: list[Any], title: str) -> Any:
    number = len(workbook.worksheets) + 1
    name = (title or _("Answers"))[:25]
    sheet = workbook.create_sheet(name if number == 1 else f"{name} {number}")
    sheet.freeze_panes = "A2"
    sheet.append(heading)
    return sheet


def json_parts(submissions: QuerySet[Submission], *, title: str) -> Iterator[str]:
    """Yield one JSON object in pieces: each answer with its questions as they were, and what was stored."""
    head = {"form": title, "exported_at": timezone.now().isoformat(timespec="seconds")}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "answers": ['
    found = submissions.select_related("by").order_by("pk")
    schemas = {row.pk: row for row in Schema.objects.filter(pk__in=submissions.order_by().values("schema"))}
    for number, submission in enumerate(found.iterator(chunk_size=CHUNK)):
        entry = _entry(submission, schemas[submission.schema_id])
        yield ("," if number else "") + "\n" + json.dumps(entry, ensure_ascii=False)
    yield "\n]}\n"


def _entry(submission: Submission, schema: Schema) -> dict[str, Any]:
    by = submission.by
    at = timezone.localtime(submission.at)
    return {
        "number": submission.number,
        "at": at.isoformat(timespec="seconds") if by else at.date().isoformat(),
        "by": {"name": str(by), "username": by.get_username()} if by else None,
        "form": schema.digest,
        "answers": [
            {
                "key": row.key,
                "question": row.label,
                "text": row.text,
                "value": submission.answers.get(row.key),
            }
            for row in display(schema, submission.answers)
        ],
    }


def zip_parts(submissions: QuerySet[Submission], *, title: str) -> Iterator[bytes]:
    """Yield an archive: a table of the answers, every file in a folder of its answer, and a list of the files.

    Files that an answer has handed on, to a dossier for example, are read there, behind the gate of the dossier.
    """
    pipe = Pipe()
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(cast(IO[bytes], pipe), "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("answers.csv", "w", force_zip64=True) as table:
            for line in csv_lines(rows(submissions)):
                table.write(line.encode())
                yield pipe.take()
        for pk, stored in _files_of(submissions):
            number = len(listed) + 1
            entry = {
                "path": f"files/{abs(pk)}/{number:05d}-{stored.name}",
                "answer": abs(pk),
                "sha256": stored.sha256,
            }
            listed.append(entry)
            yield from pack(archive, pipe, stored, entry)
        manifest = {"form": title, "files": listed}
        archive.writestr("files.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    yield pipe.take()


def _files_of(submissions: QuerySet[Submission]) -> Iterator[tuple[int, StoredFile]]:
    """Yield every file with the number of its answer, some hundred answers at a time."""
    keys = submissions.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    while batch := list(islice(keys, CHUNK)):
        held = StoredFile.objects.filter(holder_kind=HOLDER, holder_id__in=map(str, batch))
        for stored in sorted(held, key=lambda found: (int(found.holder_id), found.name)):
            yield int(stored.holder_id), stored
