"""Kinds that hold a time of day, and a day with a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from ..text import clean_text
from .amounts import GROUP, Bounded, outside
from .base import FieldKind, Sampling, WrongTypeError, field_kinds
from .days import DateOptions, DayKind, check_day, day_text, within


class TimeOptions(Bounded):
    """Options of a time of day."""

    min: time | None = None
    max: time | None = None


def clock(when: time | datetime) -> str:
    """Write `08:30`."""
    return f"{when:%H:%M}"


class ClockField(forms.TimeField):
    """A time of day within bounds; 8:30, 08:30:00, 8h30 and 8g30 are understood."""

    def __init__(self, *, low: time | None, high: time | None, **kwargs: Any) -> None:
        attrs = {name: clock(when) for name, when in (("min", low), ("max", high)) if when}
        widget = forms.TimeInput({"type": "time", **attrs}, format="%H:%M")
        formats = ["%H:%M", "%H:%M:%S", "%Hh%M", "%Hg%M", "%Hh", "%Hg"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)
        self.low, self.high = low or time.min, high or time.max

    def to_python(self, value: Any) -> time | None:
        """Clean before reading: NUL and other marks never reach the parser."""
        text = clean_text(str("" if value is None else value)).lower().replace(" ", "")
        found: time | None = super().to_python(text[:20])
        return found.replace(second=0, microsecond=0) if found else None

    def validate(self, value: Any) -> None:
        """Check the bounds and name them."""
        super().validate(value)
        if value is None:
            return
        if value < self.low:
            raise forms.ValidationError(_("The earliest time is %(limit)s.") % {"limit": clock(self.low)})
        if value > self.high:
            raise forms.ValidationError(_("The latest time is %(limit)s.") % {"limit": clock(self.high)})


@field_kinds.register
class Time(FieldKind):
    """A time of day; stored as `08:30`, which conditions compare as text."""

    code = "time"
    label = gettext_lazy("Time of day")
    icon = "clock"
    admin_icon = "time"
    group = GROUP
    column = True
    cel_empty = ""
    describe = gettext_lazy("A time of day; 8:30 and 8h30 are understood.")
    Options = TimeOptions

    def option_blocks(self) -> dict[str, Any]:
        """Return the first and the last time."""
        return {
            "min": blocks.TimeBlock(label=gettext_lazy("Earliest time"), required=False),
            "max": blocks.TimeBlock(label=gettext_lazy("Latest time"), required=False),
        }

    def form_field(self, field: TimeOptions) -> forms.Field:
        """Return a native time input."""
        common = self.common(field)
        common["error_messages"]["invalid"] = _("Please enter a time as hours:minutes, for example 08:30.")
        return ClockField(low=field.min, high=field.max, **common)

    def to_json(self, value: Any, field: Any) -> Any:
        """Store hours and minutes."""
        return clock(value) if value is not None else None

    def from_json(self, raw: Any, field: Any) -> Any:
        """Return a time, or what was stored when it is none."""
        try:
            return time.fromisoformat(raw) if raw else None
        except (ValueError, TypeError):
            return raw

    def export(self, raw: Any, field: Any) -> Any:
        """Return a time."""
        return self.from_json(raw, field)

    def cel_sample(self, field: Any) -> Any:
        """Return some time."""
        return "08:30"

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return half past eight, moved within the bounds."""
        return clock(max(min(time(8, 30), field.max or time.max), field.min or time.min))


class MomentField(forms.DateTimeField):
    """A day with a time, on the clock of the office; ISO and dd/mm/yyyy hh:mm are understood."""

    def __init__(self, *, low: date | None, high: date | None, **kwargs: Any) -> None:
        attrs = {"min": f"{low}T00:00"} if low else {}
        attrs |= {"max": f"{high}T23:59"} if high else {}
        widget = forms.DateTimeInput({"type": "datetime-local", **attrs}, format="%Y-%m-%dT%H:%M")
        days = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
        clocks = ["%H:%M", "%H:%M:%S", "%Hh%M"]
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", *(f"{d} {c}" for d in days for c in clocks)]
        super().__init__(widget=widget, input_formats=formats, **kwargs)
        self.low, self.high = low or date(1800, 1, 1), high or date(2999, 12, 31)

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment as the clock shows it, without a time zone."""
        text = " ".join(clean_text(str(value or "")).split())[:40]
        if not text:
            return None
        for pattern in self.input_formats or ():
            try:
                return datetime.strptime(text, pattern).replace(second=0)
            except ValueError:
                continue
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")

    def prepare_value(self, value: Any) -> Any:
        """Leave the clock as it is."""
        return value

    def validate(self, value: Any) -> None:
        """Check the bounds and name them."""
        super().validate(value)
        check_day(value and value.date(), self.low, self.high)


@field_kinds.register
class DateTime(DayKind):
    """A day with a time, as the office's clocks show it; stored as `2026-11-24T08:30`."""

    code = "date_time"
    label = gettext_lazy("Date and time")
    icon = "calendar-clock"
    admin_icon = "date"
    describe = gettext_lazy("A day with a time on the office's clock.")

    def form_field(self, field: DateOptions) -> forms.Field:
        """Return a native input for both."""
        common = self.common(field)
        common["error_messages"]["invalid"] = _(
            "Please enter day/month/year and hours:minutes, for example 24/11/2026 08:30."
        )
        return MomentField(low=field.min, high=field.max, **common)

    def to_json(self, value: Any, field: Any) -> Any:
        """Store ISO text without a time zone."""
        return value.isoformat(timespec="minutes") if value else None

    def from_json(self, raw: Any, field: Any) -> Any:
        """Return a naive datetime, or what was stored when it is none."""
        try:
            return datetime.fromisoformat(raw).replace(tzinfo=None) if raw else None
        except (ValueError, TypeError):
            return raw

    def display(self, raw: Any, field: Any) -> str:
        """Write `24/11/2026 08:30`."""
        when = self.from_json(raw, field)
        return f"{day_text(when)} {clock(when)}" if isinstance(when, datetime) else str(raw or "")

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return the office's clock as if it were UTC, like dates at midnight; `null` for no answer."""
        when = self.from_json(raw, field)
        return when.replace(tzinfo=UTC) if isinstance(when, datetime) else None

    def cel_sample(self, field: Any) -> Any:
        """Return some moment."""
        return datetime(2026, 1, 2, 8, 30, tzinfo=UTC)

    def from_cel(self, result: Any, field: Any) -> Any:
        """Return a timestamp as the clock shows it."""
        if not isinstance(result, datetime):
            raise WrongTypeError(str(self.label))
        return result.replace(tzinfo=None).isoformat(timespec="minutes")

    def beyond(self, raw: Any, field: Any) -> str:
        """Say which day of the question a moment breaks."""
        return outside(datetime.fromisoformat(raw).date(), field.min, field.max, str)

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return half past eight of the wanted day."""
        return f"{within(about.day, field).isoformat()}T08:30"
