"""Files into rows of text: Excel and CSV in the encodings that offices use, hostile ones refused."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from .problems import FileRefusedError

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 5000
MAX_COLUMNS = 40
MAX_CELL = 1000

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass
class Table:
    """One sheet: its title, and its rows with their numbers as a spreadsheet shows them."""

    title: str
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


class Formula(str):
    """The text of a cell that holds a formula: never computed, never imported."""


def read(file: Any) -> list[Table]:
    """Return the tables of a file. Raises `FileRefusedError` for what cannot or must not be read."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise FileRefusedError(_("The file is larger than %(mb)d MB.") % {"mb": MAX_BYTES // 1024 // 1024})
    if not content.strip():
        raise FileRefusedError(_("The file is empty."))
    if content.startswith(_OLD_EXCEL):
        raise FileRefusedError(_("This is an old Excel file (.xls). Save it as .xlsx and try again."))
    tables = list(_workbook(content)) if content.startswith(b"PK") else [Table("CSV", list(_csv(content)))]
    if sum(len(table.rows) for table in tables) > MAX_ROWS:
        raise _too_many_rows()
    return tables


def _workbook(content: bytes) -> Iterator[Table]:
    unreadable = _("The file cannot be read as an Excel workbook (.xlsx).")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise FileRefusedError(_("The workbook is too large when unpacked."))
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False, rich_text=False)
        for sheet in book.worksheets:
            if hasattr(sheet, "reset_dimensions"):
                sheet.reset_dimensions()
            yield Table(str(sheet.title), list(_sheet_rows(sheet)))
    except FileRefusedError:
        raise
    except Exception as error:  # openpyxl raises whatever its XML, zip and number parsers raise
        raise FileRefusedError(unreadable) from error


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    kept = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        texts = [_cell_text(cell) for cell in cells]
        if number > MAX_ROWS * 4 or kept > MAX_ROWS:
            raise _too_many_rows()
        if any(texts):
            kept += 1
            yield number, texts


def _cell_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    return Formula(text) if getattr(cell, "data_type", "") == "f" or text.startswith("=") else text


def _csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decode(content)
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(";\t,", key=first.count)
    kept = 0
    try:
        for number, cells in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1
        ):
            texts = [
                Formula(c.strip()) if c.strip().startswith("=") else c.strip() for c in cells[:MAX_COLUMNS]
            ]
            if number > MAX_ROWS * 4 or kept > MAX_ROWS:
                raise _too_many_rows()
            if any(texts):
                kept += 1
                yield number, texts
    except csv.Error as error:
        raise FileRefusedError(
            _("The file cannot be read as CSV: %(reason)s.") % {"reason": error}
        ) from error


def _decode(content: bytes) -> str:
    """Decode by the byte order mark, else UTF-8, else UTF-16 by its zeros, else Windows-1258."""
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    guesses = [code for mark, code in marks.items() if content.startswith(mark)]
    if not guesses and b"\x00" in content[:200]:
        guesses = ["utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"]
    for encoding in guesses or ["utf-8", "cp1258"]:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\x00" not in text:
            return text
    raise FileRefusedError(
        _("The file is neither an Excel workbook nor text. Save it as .xlsx or as CSV (UTF-8).")
    )


def _too_many_rows() -> FileRefusedError:
    return FileRefusedError(
        _("The file has more than %(rows)d rows. Split it and import the parts.") % {"rows": MAX_ROWS}
    )
