"""The kind that asks the same thing of several rows: a matrix, or a Likert scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field as PydanticField
from pydantic import ValidationError, model_validator
from wagtail import blocks

from ..schema import Field
from ..text import localized
from .base import NOTHING, FieldKind, Grid, Sampling, Shape, field_kinds
from .choices import GROUP, Choice, choices_raw, repeated
from .widgets import GroupWidget


class MatrixOptions(Field):
    """Options of a matrix: the rows, the answers offered in each, and whether several of them may be ticked."""

    rows: list[Choice] = PydanticField(min_length=1, max_length=50)
    columns: list[Choice] = PydanticField(min_length=1, max_length=12)
    several: bool = False

    @model_validator(mode="after")
    def _values_are_unique(self) -> Self:
        lines = [*repeated(self.rows, "rows"), *repeated(self.columns, "columns")]
        if lines:
            raise ValidationError.from_exception_data("MatrixOptions", lines)
        return self


class MatrixWidget(GroupWidget):
    """A table of radio buttons or boxes; on a phone each row is a short list."""

    template_name = "forms/kinds/matrix.html"

    def __init__(self, options: MatrixOptions) -> None:
        super().__init__()
        self.options = options

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, list[str]]:
        """Take what was ticked, by the value of the row."""
        found = {}
        for index, row in enumerate(self.options.rows):
            key = f"{name}-{index}"
            values = data.getlist(key) if hasattr(data, "getlist") else data.get(key, [])
            values = values if isinstance(values, list | tuple) else [values]
            found[row.value] = [str(value) for value in values[:50] if value]
        return found

    def first_id(self, id_: str) -> str:
        """Return the id of the first control."""
        return f"{id_}_0_0"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add rows of cells."""
        context = super().get_context(name, None, attrs)
        given = value if isinstance(value, Mapping) else {}
        id_ = context["widget"]["attrs"].get("id") or f"id_{name}"
        columns = [
            {"value": column.value, "label": localized(column.label), "id": f"{id_}_head_{number}"}
            for number, column in enumerate(self.options.columns)
        ]
        rows = [
            {
                "id": f"{id_}_row_{index}",
                "label": localized(row.label),
                "name": f"{name}-{index}",
                "cells": [
                    {**column, "id": f"{id_}_{index}_{number}", "head": column["id"], "on": on}
                    for number, column in enumerate(columns)
                    for on in [column["value"] in given.get(row.value, ())]
                ],
            }
            for index, row in enumerate(self.options.rows)
        ]
        return context | {"columns": columns, "rows": rows, "several": self.options.several}


class MatrixField(forms.Field):
    """An answer for each row; when one is required every row needs it."""

    def __init__(self, options: MatrixOptions, **kwargs: Any) -> None:
        super().__init__(widget=MatrixWidget(options), **kwargs)
        self.options = options

    def clean(self, value: Any) -> dict[str, Any] | None:
        """Return the raw answer, or None."""
        posted: Mapping[str, list[str]] = value if isinstance(value, Mapping) else {}
        known = {column.value for column in self.options.columns}
        found: dict[str, Any] = {}
        errors = []
        for row in self.options.rows:
            values = list(dict.fromkeys(posted.get(row.value, ())))
            if any(one not in known for one in values) or (len(values) > 1 and not self.options.several):
                errors.append(self._of(row, _("Please pick one of the given answers.")))
            elif values:
                found[row.value] = values if self.options.several else values[0]
            elif self.required:
                errors.append(self._of(row, _("Please answer this question.")))
        if errors:
            raise forms.ValidationError(errors)
        return found or None

    def _of(self, row: Choice, message: str) -> str:
        return _("“%(row)s”: %(message)s") % {"row": localized(row.label), "message": message}

    def prepare_value(self, value: Any) -> Any:
        """Return lists of values by row."""
        given = value if isinstance(value, Mapping) else {}
        return {row: one if isinstance(one, list) else [one] for row, one in given.items()}


@field_kinds.register
class Matrix(FieldKind):
    """An answer for each row: `{"row": "column"}`, or with `several` `{"row": ["column", …]}`."""

    code = "matrix"
    label = gettext_lazy("Matrix")
    icon = "table-options"
    admin_icon = "table"
    group = GROUP
    layout = "group"
    shape = NOTHING
    describe = gettext_lazy("The same answers offered in several rows, such as a scale of satisfaction.")
    Options = MatrixOptions

    def option_blocks(self) -> dict[str, Any]:
        """Return rows and columns."""
        from ..blocks import ChoiceBlock

        return {
            "rows": blocks.ListBlock(ChoiceBlock(), label=gettext_lazy("Rows"), min_num=1, max_num=50),
            "columns": blocks.ListBlock(
                ChoiceBlock(), label=gettext_lazy("Answers in each row"), min_num=1, max_num=12
            ),
            "several": blocks.BooleanBlock(
                label=gettext_lazy("Several answers are possible in a row"), required=False
            ),
        }

    def from_block(self, value: Any) -> dict[str, Any]:
        """Give every row and column its stable value."""
        from ..blocks import choices_of

        return {
            **super().from_block(value),
            **{name: choices_of(value[name]) for name in ("rows", "columns")},
        }

    def to_block(self, options: dict[str, Any]) -> dict[str, Any]:
        """Keep the values."""
        return {
            **super().to_block(options),
            **{name: choices_raw(options, name) for name in ("rows", "columns")},
        }

    def form_field(self, field: MatrixOptions) -> forms.Field:
        """Return a table of controls."""
        return MatrixField(field, **self.common(field))

    def _pairs(self, raw: Any, field: MatrixOptions) -> list[tuple[str, str, str]]:
        """Return value and label of each row with the labels that were picked."""
        given = raw if isinstance(raw, Mapping) else {}
        labels = {column.value: localized(column.label) for column in field.columns}
        found = []
        for row in field.rows:
            picked = given.get(row.value, [])
            values = picked if isinstance(picked, list) else [picked]
            words = ", ".join(labels.get(str(one), str(one)) for one in values)
            found.append((row.value, localized(row.label), words))
        return found

    def display(self, raw: Any, field: MatrixOptions) -> str:
        """Write one line for each answered row."""
        return "\n".join(f"{label}: {words}" for _value, label, words in self._pairs(raw, field) if words)

    def grid(self, raw: Any, field: MatrixOptions) -> Grid | None:
        """Return all rows, when anything was answered."""
        rows = [[label, words or "–"] for _value, label, words in self._pairs(raw, field)]
        return Grid([_("Row"), _("Answer")], rows) if raw else None

    def parts(self, field: MatrixOptions) -> dict[str, str]:
        """Return one column for each row."""
        return {row.value: localized(row.label) for row in field.rows}

    def export_part(self, raw: Any, field: MatrixOptions, part: str) -> Any:
        """Return what was picked in a row."""
        return next(
            (words or None for value, _label, words in self._pairs(raw, field) if value == part), None
        )

    def shape_of(self, options: Mapping[str, Any]) -> Shape:
        """Offer nothing to pick; an expression may ask for `matrix.row`."""
        return NOTHING

    def cel_value(self, raw: Any, field: MatrixOptions) -> Any:
        """Return the value by row (`""` where there is none), or with `several` a list of values."""
        given = raw if isinstance(raw, Mapping) else {}
        empty: Any = [] if field.several else ""
        return {row.value: given.get(row.value, empty) for row in field.rows}

    def cel_sample(self, field: MatrixOptions) -> Any:
        """Return the first answer in every row."""
        return self.cel_value(self._first(field), field)

    def sample(self, field: MatrixOptions, about: Sampling) -> Any:
        """Return the first answer in every row."""
        return self._first(field)

    def _first(self, field: MatrixOptions) -> dict[str, Any]:
        first = field.columns[0].value
        return {row.value: [first] if field.several else first for row in field.rows}
