"""Decision tables: rows of tests on inputs, each of which compiles to one condition in CEL."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from home.forms.api import Strict

from .editor import Option

#: A comparison in a cell: `> 50000000`, `<= 2026-12-31`, `!= annual`.
_COMPARISON = re.compile(r"(>=|<=|!=|>|<)\s*(.+)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMERAL = re.compile(r"-?\d{1,15}(\.\d{1,6})?")

Plain = bool | int | float | str
#: One test: a value, a comparison, a list of values, or `-` for anything.
Cell = Plain | list[Plain]
#: A branch by its number, from 1, or by its title.
Target = int | str


class Row(Strict):
    """One line: a test for each input, and the branch that it leads to."""

    when: list[Cell] = Field(min_length=1, max_length=10)
    go: Target

    editor: ClassVar[Mapping[str, Option]] = {
        "when": Option(
            _("Tests, one for each input"),
            _("A value, `> 5`, `a | b` for one of several, `-` for anything."),
            plain=True,
        ),
        "go": Option(_("Leads to branch"), _("Its number, from 1, or its name."), plain=True),
    }


class Table(Strict):
    """Inputs (keys or CEL), rows of which the first that holds wins, and where everything else goes."""

    inputs: list[str] = Field(min_length=1, max_length=10)
    rows: list[Row] = Field(min_length=1, max_length=50)
    otherwise: Target

    editor: ClassVar[Mapping[str, Option]] = {
        "inputs": Option(_("Questions that decide"), picks="question", order=1),
        "rows": Option(_("Rows; the first that fits counts"), order=2),
        "otherwise": Option(_("Otherwise to branch"), plain=True, order=3),
    }

    def condition(self, row: Row) -> str:
        """Return the condition of a row; a row that tests nothing always holds."""
        tests = [
            _test(expression, cell)
            for expression, cell in zip(self.inputs, row.when, strict=False)
            if cell != "-"
        ]
        return " && ".join(tests) or "true"


def row_words(table: Table, row: Row) -> str:
    """Say a row in a few words, as in `amount > 50000000, kind = annual`."""
    pairs = zip(table.inputs, row.when, strict=False)
    return ", ".join(_words(expression, cell) for expression, cell in pairs if cell != "-")


def _words(expression: str, cell: Cell) -> str:
    if isinstance(cell, list):
        return f"{expression} = {' / '.join(map(str, cell))}"
    if isinstance(cell, bool):
        return expression if cell else f"! {expression}"
    compared = isinstance(cell, str) and _COMPARISON.fullmatch(cell)
    return f"{expression} {cell}" if compared else f"{expression} = {cell}"


def _test(expression: str, cell: Cell) -> str:
    if isinstance(cell, list):
        return f"({' || '.join(_test(expression, value) for value in cell) or 'false'})"
    if isinstance(cell, str) and (found := _COMPARISON.fullmatch(cell)):
        return f"({expression}) {found[1]} {_literal(found[2])}"
    return f"({expression}) == {_literal(cell) if isinstance(cell, str) and _DAY.fullmatch(cell) else _value(cell)}"


def _literal(text: str) -> str:
    """Return what stands behind a sign: a number, a day, or a text."""
    if _DAY.fullmatch(text):
        return f'timestamp("{text}T00:00:00Z")'
    return text if _NUMERAL.fullmatch(text) else _value(text)


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
