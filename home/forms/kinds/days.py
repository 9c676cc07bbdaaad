"""The kind that holds a calendar date, and what all kinds with days share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from ..text import clean_text
from .amounts import GROUP, Bounded, outside
from .base import DAY, FieldKind, Sampling, WrongTypeError, field_kinds

FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2999, 12, 31)


class DateOptions(Bounded):
    """Options of a date."""

    min: date | None = None
    max: date | None = None


class DateInput(forms.DateInput):
    """The browser's own date input; without support it is a text input that takes dd/mm/yyyy."""

    input_type = "date"

    def __init__(self, **attrs: str) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A date within bounds; ISO, dd/mm/yyyy, dd-mm-yyyy and dd.mm.yyyy are understood."""

    def __init__(self, *, low: date | None, high: date | None, **kwargs: Any) -> None:
        attrs = {name: day.isoformat() for name, day in (("min", low), ("max", high)) if day}
        formats_ = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y"]
        super().__init__(widget=DateInput(**attrs), input_formats=formats_, **kwargs)
        self.low, self.high = low or FIRST_DAY, high or LAST_DAY

    def to_python(self, value: Any) -> date | None:
        """Clean before reading: NUL and other marks never reach the parser."""
        return super().to_python(clean_text(str(value or ""))[:40])

    def validate(self, value: Any) -> None:
        """Check the bounds and name them."""
        super().validate(value)
        check_day(value, self.low, self.high)


def check_day(day: date | None, low: date, high: date) -> None:
    """Name the bound that a day breaks. Raises ValidationError."""
    if day is not None and day < low:
        raise forms.ValidationError(_("The earliest day is %(limit)s.") % {"limit": day_text(low)})
    if day is not None and day > high:
        raise forms.ValidationError(_("The latest day is %(limit)s.") % {"limit": day_text(high)})


def day_text(day: date) -> str:
    """Write `24/11/2026` (the order of the office in both languages)."""
    return formats.date_format(day, "d/m/Y")


def within(day: date, field: Any) -> date:
    """Return a day, moved between `min` and `max` of a question."""
    if field.min is not None and day < field.min:
        day = field.min
    return field.max if field.max is not None and day > field.max else day


class DayKind(FieldKind):
    """What a date and a date with a time share: the days between which they lie."""

    group = GROUP
    shape = DAY
    column = calculable = True
    Options = DateOptions

    def option_blocks(self) -> dict[str, Any]:
        """Return the first and the last day."""
        return {
            "min": blocks.DateBlock(label=gettext_lazy("Earliest day"), required=False),
            "max": blocks.DateBlock(label=gettext_lazy("Latest day"), required=False),
        }

    def export(self, raw: Any, field: Any) -> Any:
        """Return a date, with a time where there is one."""
        return self.from_json(raw, field)


@field_kinds.register
class Date(DayKind):
    """A calendar date; stored as ISO text."""

    code = "date"
    label = gettext_lazy("Date")
    icon = "calendar"
    admin_icon = "date"
    describe = gettext_lazy("A calendar date; dd/mm/yyyy is understood.")

    def form_field(self, field: DateOptions) -> forms.Field:
        """Return a native date input."""
        common = self.common(field)
        common["error_messages"]["invalid"] = _(
            "Please enter a date as day/month/year, for example 24/11/2026."
        )
        return DayField(low=field.min, high=field.max, **common)

    def to_json(self, value: Any, field: Any) -> Any:
        """Store ISO text."""
        return value.isoformat() if value else None

    def from_json(self, raw: Any, field: Any) -> Any:
        """Return a date, or what was stored when it is none."""
        try:
            return date.fromisoformat(raw) if raw else None
        except (ValueError, TypeError):
            return raw

    def display(self, raw: Any, field: Any) -> str:
        """Write `24/11/2026`."""
        day = self.from_json(raw, field)
        return day_text(day) if isinstance(day, date) else str(raw or "")

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return a CEL timestamp at midnight UTC (a calendar date has no time zone); `null` for no answer."""
        day = self.from_json(raw, field)
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if isinstance(day, date) else None

    def cel_sample(self, field: Any) -> Any:
        """Return some day."""
        return datetime(2026, 1, 2, tzinfo=UTC)

    def from_cel(self, result: Any, field: Any) -> Any:
        """Return the day of a timestamp."""
        if not isinstance(result, datetime):
            raise WrongTypeError(str(self.label))
        return result.date().isoformat()

    def beyond(self, raw: Any, field: Any) -> str:
        """Name the first or the last day."""
        return outside(date.fromisoformat(raw), field.min, field.max, str)

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return the wanted day, moved within the bounds."""
        return within(about.day, field).isoformat()
