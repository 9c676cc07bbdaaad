"""Answers as CSV or XLSX, row by row: memory does not grow with their number."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from .models import Submission
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


def rows(submissions: QuerySet[Submission]) -> Iterator[list[Any]]:
    """Yield the heading and then one row for each submission, oldest first."""
    columns = columns_of(submissions)
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
    at = timezone.localtime(submission.at).replace(tzinfo=None, microsecond=0)
    return [submission.pk, at, *map(harmless, person), *map(harmless, answers)]


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
    """Write a workbook of one sheet to a temporary file and return it, at its beginning."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet((title or _("Answers"))[:31])
    sheet.freeze_panes = "A2"
    for row in table:
        sheet.append(row)
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    workbook.save(stream)
    stream.seek(0)
    return stream
