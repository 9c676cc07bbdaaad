"""The form field of a repeating table: rows of cells, each cell with the form field of its column's kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import Script
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..text import localized
from .base import FieldKind, FormContext, kind_of
from .widgets import GroupWidget

if TYPE_CHECKING:
    from ..schema import Field
    from .rows import RowsOptions

#: What stands for the number of a row in the empty row that a script copies.
BLANK = "__row__"
#: So many mistakes are named in the summary; each cell shows its own.
NAMED = 20


class CellBoundField(BoundField):
    """A cell on the page, with Tabler's classes."""

    def build_widget_attrs(self, attrs: Any, widget: Any = None) -> Any:
        """Add classes; only mistakes that are shown colour the cell."""
        attrs = super().build_widget_attrs(attrs, widget)
        base = "form-select" if isinstance(self.field.widget, forms.Select) else "form-control"
        attrs["class"] = f"{base} is-invalid" if self.shown_errors else base
        if not self.shown_errors:
            attrs.pop("aria-invalid", None)
        if self.field.required:
            attrs["aria-required"] = "true"
        return attrs

    @property
    def shown_errors(self) -> list[str]:
        """Return the mistakes of this cell, unless the page is only shown again with another row."""
        if not self.form.shows_errors:  # type: ignore[attr-defined]
            return []
        return [str(error) for error in self.errors]


class RowForm(forms.Form):
    """One row; `kinds` and `fields` are by key of the column."""

    bound_field_class = CellBoundField
    use_required_attribute = False

    def __init__(self, options: RowsOptions, context: FormContext, before: Any, **kwargs: Any) -> None:
        self.columns: Sequence[Field] = options.columns
        self.kinds: dict[str, FieldKind] = {column.key: kind_of(column) for column in self.columns}
        self.shows_errors = False
        raw = before if isinstance(before, Mapping) else {}
        initial = {c.key: self.kinds[c.key].from_json(raw.get(c.key), c) for c in self.columns}
        super().__init__(initial=initial, **kwargs)
        for column in self.columns:
            control = self.kinds[column.key].cell_field(column)
            if hasattr(control, "context"):
                control.context = context
            if hasattr(control, "before"):
                control.before = raw.get(column.key)
            self.fields[column.key] = control

    @property
    def index(self) -> str:
        """Return the number under which the row is posted."""
        return str(self.prefix).rpartition("-")[2]

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing at all was put into the row."""
        for name, control in self.fields.items():
            value = control.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            if str(value or "").strip():
                return False
        return True

    def answers(self) -> dict[str, Any]:
        """Return the raw answers of the row; call after `is_valid()`."""
        raws = {c.key: self.kinds[c.key].to_json(self.cleaned_data.get(c.key), c) for c in self.columns}
        return {key: raw for key, raw in raws.items() if raw is not None}

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """Yield label and message of each mistake."""
        for column in self.columns:
            for message in self.errors.get(column.key, ()):
                yield localized(column.label), str(message)

    def number(self, key: str) -> Decimal:
        """Return what a cell adds to the total of its column; nothing while it is no number."""
        value = self[key].data if self.is_bound else self[key].initial
        try:
            number = self.fields[key].to_python(value) if self.is_bound else value
            return Decimal(str(number or 0))
        except (forms.ValidationError, ArithmeticError):
            return Decimal(0)


@dataclass(frozen=True)
class PostedRows:
    """What a browser sent for a table: the numbers of its rows, and which button was pressed."""

    data: Any
    name: str
    indexes: Sequence[str]
    adds: bool = False
    drops: str = ""


class RowsWidget(GroupWidget):
    """A table with a button that adds a row and one in each row that removes it, with and without a script."""

    template_name = "forms/kinds/rows.html"
    asks: RowsField

    class Media:
        js: ClassVar = [Script("forms/rows.js", defer=True)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> PostedRows:
        """Find the rows; no more are looked at than there may be, and one."""
        key = f"{name}-row"
        values = data.getlist(key) if hasattr(data, "getlist") else data.get(key, [])
        values = values if isinstance(values, list | tuple) else [values]
        most = self.asks.options.max_rows + 1
        numbers = [one for one in values[: 2 * most] if isinstance(one, str) and _is_number(one)]
        drops = data.get(f"{name}-drop", "")
        return PostedRows(
            data,
            name,
            list(dict.fromkeys(numbers))[:most],
            adds=f"{name}-add" in data,
            drops=drops if isinstance(drops, str) else "",
        )

    def first_id(self, id_: str) -> str:
        """Return the id of the table, which can take the focus."""
        return id_

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add columns, rows, totals, and the empty row that a script copies."""
        context = super().get_context(name, None, attrs)
        rows: list[RowForm] = value if isinstance(value, list) else []
        shows = "is-invalid" in context["widget"]["attrs"].get("class", "")
        for row in rows:
            row.shows_errors = shows and row.is_bound and not row.is_blank
        options = self.asks.options
        columns = [
            {
                "key": column.key,
                "label": localized(column.label),
                "required": column.required,
                "help": localized(column.help),
                "total": self._total(column, rows) if column.key in options.totals else None,
                "places": getattr(column, "places", 0),
                "zero": kind_of(column).display(0, column),
            }
            for column in options.columns
        ]
        return context | {
            "columns": columns,
            "rows": rows,
            "blank": self.asks.row(name, BLANK),
            "has_totals": bool(options.totals),
            "most": options.max_rows,
            "next": 1 + max((int(row.index) for row in rows), default=-1),
            "full": len(rows) >= options.max_rows,
        }

    def _total(self, column: Field, rows: list[RowForm]) -> str:
        kind = kind_of(column)
        total = sum((row.number(column.key) for row in rows), Decimal(0))
        places = getattr(column, "places", 0)
        return kind.display(float(total) if places else int(total), column)


def _is_number(text: str) -> bool:
    return len(text) <= 6 and text.isascii() and text.isdigit()


class RowsField(forms.Field):
    """Rows; the cleaned value is the raw answer. `pressed` tells that a row was only added or removed."""

    def __init__(self, options: RowsOptions, **kwargs: Any) -> None:
        widget = RowsWidget()
        super().__init__(widget=widget, **kwargs)
        self.widget.asks = self
        self.options = options
        self.context = FormContext()
        self.before: Any = None
        self.pressed = False
        self._rows: list[RowForm] | None = None

    def row(self, name: str, index: str, data: Any = None, before: Any = None) -> RowForm:
        """Return the form of one row of the question posted as `name`."""
        return RowForm(self.options, self.context, before, data=data, prefix=f"{name}-{index}")

    def clean(self, value: Any) -> list[dict[str, Any]] | None:
        """Return the rows that say something, as raw answers, or None."""
        posted = value if isinstance(value, PostedRows) else PostedRows({}, "", ())
        self.pressed = posted.adds or bool(posted.drops)
        rows = self._posted(posted)
        if self.pressed:
            return None
        given = [row for row in rows if not row.is_blank]
        if problem := self._counted(len(given)):
            raise forms.ValidationError(problem, code="rows")
        errors = self._mistakes(given)
        if errors:
            raise forms.ValidationError(errors)
        return [row.answers() for row in given] or None

    def _posted(self, posted: PostedRows) -> list[RowForm]:
        """Return the rows as they are to be shown: those that were sent, with one more or one less."""
        kept = [index for index in posted.indexes if index != posted.drops]
        before = self.before if isinstance(self.before, list) else []
        by_index = {str(number): raw for number, raw in enumerate(before)}
        rows = [self.row(posted.name, index, posted.data, by_index.get(index)) for index in kept]
        if posted.adds and len(rows) < self.options.max_rows:
            rows.append(self.row(posted.name, str(1 + max(map(int, kept), default=-1)), {}))
        self._rows = rows
        return rows

    def _counted(self, count: int) -> str:
        """Say that there are too few or too many rows, or nothing."""
        low, high = max(self.options.min_rows, int(self.required)), self.options.max_rows
        if count < low and (count or self.required):
            text = ngettext("At least %(limit)s row is needed.", "At least %(limit)s rows are needed.", low)
            return text % {"limit": low}
        if count > high:
            text = ngettext(
                "At most %(limit)s row is possible.", "At most %(limit)s rows are possible.", high
            )
            return text % {"limit": high}
        return ""

    def _mistakes(self, rows: list[RowForm]) -> list[str]:
        found = [
            _("Row %(number)s, %(label)s: %(message)s")
            % {"number": number, "label": label, "message": message}
            for number, row in enumerate(rows, start=1)
            if not row.is_valid()
            for label, message in row.mistakes()
        ]
        more = len(found) - NAMED
        return [*found[:NAMED], _("and %(count)s more") % {"count": more}] if more > 0 else found

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return the rows that were sent."""
        if self._rows is None and isinstance(data, PostedRows):
            self._posted(data)
        return self._rows or []

    def prepare_value(self, value: Any) -> Any:
        """Return rows to show: those of an answer, and empty ones up to the fewest."""
        rows = value if isinstance(value, list) else []
        if rows and isinstance(rows[0], RowForm):
            return rows
        name = self.posted_name
        found = [self.row(name, str(number), before=raw) for number, raw in enumerate(rows)]
        least = max(self.options.min_rows, 1)
        return found + [self.row(name, str(number)) for number in range(len(found), least)]

    @cached_property
    def posted_name(self) -> str:
        """Return the name that the question is posted under; a bound field sets it."""
        return ""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        """Note the name that the rows are posted under."""
        self.posted_name = form.add_prefix(field_name)
        return super().get_bound_field(form, field_name)
