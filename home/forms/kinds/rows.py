"""The kind that asks for rows: a repeating table with a question in each column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field as PydanticField
from pydantic import ValidationError, model_validator
from wagtail import blocks

from ..problems import fault
from ..schema import RESERVED, AnyField, Field, GoneField
from ..text import localized
from .base import NOTHING, FieldKind, Grid, Sampling, field_kinds, kind_of
from .row_fields import RowsField

MOST_ROWS = 200
TOTAL = ":total"


class RowsOptions(Field):
    """Options of a table: its columns, the keys of those with a total, and how many rows there may be."""

    columns: list[AnyField] = PydanticField(min_length=1, max_length=12)
    totals: list[str] = PydanticField(default_factory=list, max_length=12)
    min_rows: int = PydanticField(default=0, ge=0, le=MOST_ROWS)
    max_rows: int = PydanticField(default=20, ge=1, le=MOST_ROWS)

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        lines = [*self._wrong_columns(), *self._wrong_totals()]
        if self.min_rows > self.max_rows:
            lines.append(fault("bounds", "min_rows", value=self.min_rows))
        if lines:
            raise ValidationError.from_exception_data("RowsOptions", lines)
        return self

    def _wrong_columns(self) -> Iterable[Any]:
        seen: set[str] = set()
        for number, column in enumerate(self.columns):
            if column.key in seen:
                yield fault("duplicate_key", "columns", number, "key", value=column.key, key=column.key)
            if column.key in RESERVED:
                yield fault("reserved_key", "columns", number, "key", value=column.key, key=column.key)
            seen.add(column.key)
            if not isinstance(column, GoneField) and not kind_of(column).may_be_column(column):
                known = [kind.code for kind in field_kinds if kind.column]
                yield fault("no_column", "columns", number, known=known, value=column.kind, key=column.kind)

    def _wrong_totals(self) -> Iterable[Any]:
        known = [c.key for c in self.columns if kind_of(c).summable or isinstance(c, GoneField)]
        for number, key in enumerate(self.totals):
            if key not in known:
                yield fault("no_total", "totals", number, known=known, value=key, key=key)


@field_kinds.register
class Rows(FieldKind):
    """A table; a raw answer is a list of rows, each with the raw answers of its columns by key."""

    code = "table"
    label = gettext_lazy("Repeating table")
    icon = "table-plus"
    admin_icon = "table"
    group = gettext_lazy("Several answers")
    layout = "group"
    shape = NOTHING
    repeats = True
    describe = gettext_lazy("Rows that are added one by one, with a question in each column, and totals.")
    Options = RowsOptions

    def option_blocks(self) -> dict[str, Any]:
        """Return columns of all kinds that can be one, and the numbers of rows."""
        columns = blocks.StreamBlock(
            [(kind.code, column_block(kind)) for kind in field_kinds if kind.column],
            label=gettext_lazy("Columns"),
            min_num=1,
            max_num=12,
            collapsed=True,
        )
        rows = {"required": False, "max_value": MOST_ROWS}
        return {
            "columns": columns,
            "min_rows": blocks.IntegerBlock(label=gettext_lazy("Fewest rows"), min_value=0, **rows),
            "max_rows": blocks.IntegerBlock(label=gettext_lazy("Most rows"), min_value=1, **rows),
        }

    def from_block(self, value: Any) -> dict[str, Any]:
        """Read the columns; each says itself whether it has a total."""
        from ..blocks import question_data

        used: set[str] = set()
        columns, totals = [], []
        for child in value.get("columns") or ():
            column = question_data(child, used)
            columns.append(column)
            if child.value.get("total"):
                totals.append(column["key"])
        limits = {name: value.get(name) for name in ("min_rows", "max_rows")}
        given = {name: limit for name, limit in limits.items() if limit is not None}
        return {"columns": columns, "totals": totals, **given}

    def to_block(self, options: dict[str, Any]) -> dict[str, Any]:
        """Write the columns, with their keys."""
        from ..blocks import question_raw, stable

        raw = super().to_block(options)
        raw["columns"] = []
        for column in options["columns"]:
            block = question_raw(column)
            block["id"] = stable("b", f"{options['key']}/{column['key']}")
            block["value"]["total"] = column["key"] in options.get("totals", ())
            raw["columns"].append(block)
        return raw

    def form_field(self, field: RowsOptions) -> forms.Field:
        """Return a table of form fields."""
        return RowsField(field, **self.common(field))

    def inner(self, field: RowsOptions) -> Sequence[Field]:
        """Return the columns."""
        return field.columns

    def grid(self, raw: Any, field: RowsOptions) -> Grid | None:
        """Return the rows with their totals."""
        rows = rows_of(raw)
        if not rows:
            return None
        columns = [(column, kind_of(column)) for column in field.columns]
        cells = [[kind.display(row.get(column.key), column) for column, kind in columns] for row in rows]
        totals = totals_of(rows, field)
        foot = [
            kind.display(totals[column.key], column) if column.key in totals else ""
            for column, kind in columns
        ]
        numeric = frozenset(index for index, (_column, kind) in enumerate(columns) if kind.summable)
        headings = [localized(column.label) for column, _kind in columns]
        return Grid(headings, cells, foot if totals else [], numeric)

    def display(self, raw: Any, field: RowsOptions) -> str:
        """Write one line for each row, and one for the totals."""
        grid = self.grid(raw, field)
        if grid is None:
            return ""
        lines = [f"{number}. {_line(row)}" for number, row in enumerate(grid.lines, start=1)]
        return "\n".join(
            [*lines, *([_("Total: %(sums)s") % {"sums": _line(grid.foot)}] if grid.totals else [])]
        )

    def parts(self, field: RowsOptions) -> dict[str, str]:
        """Return one column for each column, and one for each total."""
        found = {column.key: localized(column.label) for column in field.columns}
        sums = {
            f"{key}{TOTAL}": _("%(label)s, total") % {"label": found[key]}
            for key in field.totals
            if key in found
        }
        return found | sums

    def export_part(self, raw: Any, field: RowsOptions, part: str) -> Any:
        """Return the cells of a column, one in each line; a total is a number."""
        rows = rows_of(raw)
        if not rows:
            return None
        if part.endswith(TOTAL):
            return totals_of(rows, field).get(part.removesuffix(TOTAL))
        for column in field.columns:
            if column.key == part:
                kind = kind_of(column)
                cells = [kind.display(row.get(part), column).replace("\n", " ") for row in rows]
                return "\n".join(cells) if any(cells) else None
        return None

    def cel_value(self, raw: Any, field: RowsOptions) -> Any:
        """Return `count`, `rows` (each with the values of its columns by key) and `total` by key of the column."""
        rows = rows_of(raw)
        columns = [(column, kind_of(column)) for column in field.columns]
        return {
            "count": len(rows),
            "rows": [
                {column.key: kind.cel_value(row.get(column.key), column) for column, kind in columns}
                for row in rows
            ],
            "total": totals_of(rows, field),
        }

    def cel_sample(self, field: RowsOptions) -> Any:
        """Return one row of examples."""
        row = {column.key: kind_of(column).cel_sample(column) for column in field.columns}
        totals = {key: row[key] for key in field.totals}
        return {"count": 1, "rows": [row], "total": totals}

    def sample(self, field: RowsOptions, about: Sampling) -> Any:
        """Return the fewest rows, at least one."""
        row = {column.key: kind_of(column).sample(column, about) for column in field.columns}
        given = {key: raw for key, raw in row.items() if raw is not None}
        return [dict(given) for _row in range(max(field.min_rows, 1))] if given else None


def column_block(kind: type[FieldKind]) -> blocks.StructBlock:
    """Return the block with which an administrator adds a column of this kind."""
    from ..blocks import HiddenBlock

    parts: dict[str, blocks.Block] = {
        "key": HiddenBlock(),
        "label": blocks.CharBlock(label=gettext_lazy("Heading of the column"), max_length=300),
        "label_en": blocks.CharBlock(
            label=gettext_lazy("Heading in English"), required=False, max_length=300
        ),
        "required": blocks.BooleanBlock(
            label=gettext_lazy("An answer is required in every row"), required=False
        ),
        **kind().cell_blocks(),
    }
    if kind.summable:
        parts["total"] = blocks.BooleanBlock(label=gettext_lazy("Show the total below"), required=False)
    return blocks.StructBlock(
        list(parts.items()), label=kind.label, icon=kind.admin_icon, group=kind.group, label_format="{label}"
    )


def rows_of(raw: Any) -> list[Mapping[str, Any]]:
    """Return the rows of a raw answer; what is none is left out."""
    return [row for row in raw if isinstance(row, Mapping)] if isinstance(raw, list) else []


def totals_of(rows: Iterable[Mapping[str, Any]], field: RowsOptions) -> dict[str, Any]:
    """Return the totals by key of the column: whole numbers, or such with decimal places."""
    found: dict[str, Any] = {}
    rows = list(rows)
    for column in field.columns:
        if column.key in field.totals:
            numbers = [row.get(column.key) for row in rows]
            total = sum((Decimal(str(n)) for n in numbers if _is_a_number(n)), Decimal(0))
            found[column.key] = float(total) if getattr(column, "places", 0) else int(total)
    return found


def _is_a_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _line(row: Iterable[tuple[str, str, bool]]) -> str:
    return "; ".join(f"{heading}: {text}" for heading, text, _number in row if text)
