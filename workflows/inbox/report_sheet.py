"""Reports as workbooks; no cell is ever run as a formula."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from openpyxl import Workbook

from home.forms.api import harmless

from .report_cells import Cell

if TYPE_CHECKING:
    from .report_lines import ListLine
    from .report_pages import Row, Table

#: The most characters that the name of a sheet has.
_NAME = 31


def report_book(tables: Sequence[Table]) -> IO[bytes]:
    """Return a workbook with a sheet for each table, at its beginning."""
    book = Workbook(write_only=True)
    for table in tables:
        times = [_("Hours on average"), _("Hours in the middle")] if table.timed else []
        more = [_("Type")] if table.code == "steps" else []
        head = [table.first, *more, *map(str, table.columns), _("On time, percent"), *times]
        _sheet(book, table.heading, head, [_table_row(row, table) for row in table.rows])
    return _stream(book)


def _table_row(row: Row, table: Table) -> list[Any]:
    line = row.line
    found: list[Any] = [line.name, *([line.more] if table.code == "steps" else [])]
    found += [cell.number for cell in row.cells]
    found.append(round(line.rate, 1) if line.rate is not None else None)
    if table.timed:
        found += [round(line.times.average, 2), round(line.times.middle, 2)] if line.times else [None, None]
    return found


def list_book(cell: Cell, lines: Sequence[ListLine]) -> IO[bytes]:
    """Return a workbook of the list behind a number, at its beginning."""
    book = Workbook(write_only=True)
    head = [
        _("Number"),
        _("Subject"),
        _("Type"),
        _("Department"),
        _("State"),
        _("Step"),
        _("Who"),
        _("From"),
        _("Until"),
        _("Due"),
        _("Due date"),
    ]
    _sheet(book, str(cell.label), head, [_list_row(line) for line in lines])
    return _stream(book)


def _list_row(line: ListLine) -> list[Any]:
    dossier = line.dossier
    words = [
        dossier.number,
        line.subject,
        str(dossier.type),
        str(dossier.department or ""),
        dossier.get_state_display(),
        "; ".join(line.steps),
        line.who,
    ]
    return [*words, *map(_moment, (line.since, line.until, line.due_at)), line.light.words]


def _moment(at: datetime | None) -> datetime | None:
    return localtime(at).replace(tzinfo=None, microsecond=0) if at else None


def _sheet(book: Workbook, name: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    sheet = book.create_sheet("".join(sign for sign in name if sign not in r"[]:*?/\ ".strip())[:_NAME])
    sheet.freeze_panes = "A2"
    for row in (head, *rows):
        sheet.append([harmless(value) for value in row])


def _stream(book: Workbook) -> IO[bytes]:
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(stream)
    stream.seek(0)
    return stream
