"""Tables into rows of named values; everything that the header row can get wrong."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from django.utils.translation import gettext as _

from home.people.text import fold, nfc

from .columns import DEPARTMENTS, IGNORED, PEOPLE, POSITIONS, SHEETS, Column, Sheet, header_word
from .problems import Problem
from .reading import MAX_CELL, Formula, Table


@dataclass
class Row:
    """One row: values by column key, only those that are filled; `bad` if a cell is refused already."""

    sheet: str
    number: int
    kind: Sheet
    values: dict[str, str]
    bad: bool = False

    def problem(self, key: str, message: str, expected: str = "") -> Problem:
        """Return a problem of one column of this row."""
        title = next((column.title for column in self.kind.columns if column.key == key), "")
        return Problem(self.sheet, self.number, title, message, expected)


def parse(tables: list[Table]) -> tuple[list[Row], list[Problem]]:
    """Return the rows of all tables, and what is wrong with headers, formulas, lengths and required cells."""
    rows: list[Row] = []
    problems: list[Problem] = []
    for table in tables:
        if not table.rows or fold(table.title) in IGNORED:
            continue
        (number, header), *body = table.rows
        kind = _kind(table.title, header)
        if kind is None:
            titles = ", ".join(sheet.title for sheet in SHEETS)
            message = _(
                "This sheet is none that can be imported: neither its name nor its header row is known."
            )
            problems.append(Problem(table.title, number, "", message, _("Known sheets: %s.") % titles))
            continue
        columns, wrong = _columns(table.title, number, kind, header)
        problems += wrong
        if not wrong:
            for row_number, cells in body:
                row, wrong = _row(table.title, row_number, kind, columns, cells)
                row.bad = bool(wrong)
                rows.append(row)
                problems += wrong
    return rows, problems


def _kind(title: str, header: list[str]) -> Sheet | None:
    by_title = next((sheet for sheet in SHEETS if header_word(title) in sheet.names), None)
    if by_title is not None:
        return by_title
    keys = {sheet.key: {c.key for h in header if (c := sheet.column(h))} for sheet in SHEETS}
    if "username" in keys[PEOPLE.key]:
        return PEOPLE
    if "rank" in keys[POSITIONS.key] and "name" in keys[POSITIONS.key]:
        return POSITIONS
    return DEPARTMENTS if {"code", "name"} <= keys[DEPARTMENTS.key] else None


def _columns(
    title: str, number: int, kind: Sheet, header: list[str]
) -> tuple[list[Column | None], list[Problem]]:
    columns: list[Column | None] = []
    problems: list[Problem] = []
    known = _("Known columns: %s.") % kind.known()
    for text in header:
        column = kind.column(text) if text else None
        if text and column is None:
            problems.append(Problem(title, number, nfc(text)[:60], _("No column has this name."), known))
        elif column is not None and column in columns:
            problems.append(Problem(title, number, column.title, _("This column is there twice."), ""))
        columns.append(column)
    for column in kind.columns:
        if column.required and column not in columns:
            problems.append(Problem(title, number, column.title, _("This column is missing."), known))
    return columns, problems


def _row(
    title: str, number: int, kind: Sheet, columns: list[Column | None], cells: list[str]
) -> tuple[Row, list[Problem]]:
    row = Row(title, number, kind, {})
    problems = []
    for column, text in zip_longest(columns, cells, fillvalue=None):
        if column is None or text is None:
            if text:
                problems.append(Problem(title, number, "", _("A cell stands outside of all named columns.")))
        elif isinstance(text, Formula):
            problems.append(
                row.problem(column.key, _("The cell holds a formula."), _("Paste it as a plain value."))
            )
        elif len(text) > MAX_CELL:
            message = _("The text is longer than %(limit)d characters.") % {"limit": MAX_CELL}
            problems.append(row.problem(column.key, message))
        elif nfc(text):
            row.values[column.key] = nfc(text)
    for column in kind.columns:
        if column.required and column.key not in row.values and not problems:
            problems.append(row.problem(column.key, _("This cell may not be empty."), str(column.help)))
    return row, problems
