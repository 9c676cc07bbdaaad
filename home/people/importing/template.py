"""The workbook that people download, fill in and import."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from .columns import DEPARTMENTS, PEOPLE, POSITIONS, SHEETS


def template() -> bytes:
    """Return an .xlsx file: a sheet for each kind with its header row, and a guide with an example."""
    book = Workbook()
    guide = book.worksheets[0]
    guide.title = "Hướng dẫn"
    for sheet in (DEPARTMENTS, POSITIONS, PEOPLE):
        page = book.create_sheet(sheet.title)
        page.append([column.title for column in sheet.columns])
        for cell in page[1]:
            cell.font = Font(bold=True)
            page.column_dimensions[cell.column_letter].width = 22
            cell.number_format = "@"
        page.freeze_panes = "A2"
    guide.append([_("Sheet"), _("Column"), _("Required"), _("What to write"), _("Example")])
    for sheet in SHEETS:
        for column, example in zip(sheet.columns, sheet.example, strict=True):
            required = _("yes") if column.required else ""
            guide.append([sheet.title, column.title, required, str(column.help), example])
    for cell in guide[1]:
        cell.font = Font(bold=True)
    for letter in "ABCDE":
        guide.column_dimensions[letter].width = 30
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
