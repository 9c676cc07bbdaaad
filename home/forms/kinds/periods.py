"""The kind that holds a period: first day, last day, and how many working days lie in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django import forms
from django.forms.widgets import Script
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import Field as PydanticField
from pydantic import ValidationError, model_validator
from wagtail import blocks

from home.people.api import department_of
from home.worktime.api import Calendar, calendar_for, working_days_between

from ..problems import fault
from ..schema import Field
from .amounts import GROUP, Bounded, Number, NumberOptions
from .base import NUMBER, FieldKind, FormContext, Sampling, field_kinds
from .days import Date, DateInput, DateOptions, DayField, within
from .widgets import GroupWidget

ONE_DAY = timedelta(days=1)
#: A period is counted day by day.
LONGEST = 1_830


class PeriodOptions(Bounded):
    """Options of a period: the days it may lie between, and how many working days it may have."""

    min: date | None = None
    max: date | None = None
    min_days: int = PydanticField(default=1, ge=0, le=LONGEST)
    max_days: int = PydanticField(default=LONGEST, ge=1, le=LONGEST)

    @model_validator(mode="after")
    def _days_are_in_order(self) -> Self:
        if self.min_days > self.max_days:
            lines = [fault("bounds", "min_days", value=self.min_days)]
            raise ValidationError.from_exception_data("PeriodOptions", lines)
        return self


@dataclass(frozen=True)
class PostedPeriod:
    """Both days as they were typed."""

    first: Any = ""
    last: Any = ""


class PeriodWidget(GroupWidget):
    """Two date inputs; a script counts the working days while they are picked."""

    template_name = "forms/kinds/period.html"

    class Media:
        js: ClassVar = [Script("forms/period.js", defer=True)]

    def __init__(self, low: date | None, high: date | None) -> None:
        super().__init__()
        self.bounds = {name: day.isoformat() for name, day in (("min", low), ("max", high)) if day}
        self.calendar: Any = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> PostedPeriod:
        """Take both days."""
        return PostedPeriod(data.get(f"{name}-from", ""), data.get(f"{name}-to", ""))

    def first_id(self, id_: str) -> str:
        """Return the id of the first control."""
        return f"{id_}_from"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add both inputs and what the script has to know of the calendar."""
        context = super().get_context(name, None, attrs)
        attrs = context["widget"]["attrs"]
        id_ = attrs.pop("id", f"id_{name}")
        period = value if isinstance(value, PostedPeriod) else PostedPeriod()
        described = attrs.get("aria-describedby", "")
        ends = (("from", _("From"), period.first), ("to", _("Until"), period.last))
        context["ends"] = [
            {
                "id": f"{id_}_{part}",
                "label": label,
                "input": DateInput(**self.bounds).render(
                    f"{name}-{part}",
                    day,
                    {
                        **attrs,
                        "id": f"{id_}_{part}",
                        "aria-describedby": f"{described} {id_}_days".strip(),
                        f"data-{part}": True,
                    },
                ),
            }
            for part, label, day in ends
        ]
        calendar = self.calendar()
        context |= {"id": id_, "calendar": calendar, "days": calendar.count(period)}
        return context


class _Days:
    """The working days of one calendar, for the page and for its script."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar

    @property
    def week(self) -> str:
        """Return the days of a usual week that are worked, as JavaScript numbers them (Sunday is 0)."""
        return " ".join(str((day + 1) % 7) for day in range(7) if self._calendar.week.get(day))

    @property
    def changes(self) -> str:
        """Return the days of this year, the last and the next two that are not as usual, each with `+` or `-`."""
        year = timezone.localdate().year
        days = sorted({*self._calendar.days_off, *self._calendar.extra_days})
        found = []
        for day in days:
            works = bool(self._calendar.intervals(day))
            if year - 1 <= day.year <= year + 2 and works != bool(self._calendar.week.get(day.weekday())):
                found.append(f"{day.isoformat()}{'+' if works else '-'}")
        return " ".join(found)

    @property
    def one(self) -> str:
        """Return the words for one day."""
        return days_text(1)

    @property
    def two(self) -> str:
        """Return the words for two days; the script puts other numbers in."""
        return days_text(2)

    def count(self, period: PostedPeriod) -> str:
        """Say how many working days lie in a period that can be counted."""
        control = DayField(low=None, high=None, required=False)
        try:
            first, last = (control.clean(day) for day in (period.first, period.last))
        except forms.ValidationError:
            return ""
        if first is None or last is None or last < first or (last - first).days > LONGEST:
            return ""
        return days_text(
            sum(bool(self._calendar.intervals(first + n * ONE_DAY)) for n in range((last - first).days + 1))
        )


def days_text(days: int) -> str:
    """Write `4 working days`."""
    return ngettext("%(count)s working day", "%(count)s working days", days) % {"count": days}


class PeriodField(forms.Field):
    """Two days in order; the cleaned value is the raw answer, with the working days counted."""

    def __init__(self, options: PeriodOptions, **kwargs: Any) -> None:
        common = {"required": False, "error_messages": {"invalid": kwargs["error_messages"]["invalid"]}}
        super().__init__(widget=PeriodWidget(options.min, options.max), **kwargs)
        self.options = options
        self.context = FormContext()
        self.ends = [DayField(low=options.min, high=options.max, **common) for _end in range(2)]
        self.widget.calendar = lambda: _Days(calendar_for(self._department()))

    def _department(self) -> Any:
        user = self.context.user
        key = ("department", user and user.pk)
        if key not in self.context.cache:
            self.context.cache[key] = department_of(user) if user else None
        return self.context.cache[key]

    def clean(self, value: Any) -> dict[str, Any] | None:
        """Return the raw answer, or None."""
        posted = value if isinstance(value, PostedPeriod) else PostedPeriod()
        first, last = (
            end.clean(day) for end, day in zip(self.ends, (posted.first, posted.last), strict=True)
        )
        if first is None and last is None:
            self.validate(None)
            return None
        if first is None or last is None:
            raise forms.ValidationError(_("Please give both days, the first and the last."), code="half")
        if last < first:
            raise forms.ValidationError(_("The last day is before the first one."), code="order")
        if (last - first).days > LONGEST:
            raise forms.ValidationError(_("This period is longer than five years."), code="long")
        days = working_days_between(first - ONE_DAY, last, department=self._department())
        self._check(days)
        return {"from": first.isoformat(), "to": last.isoformat(), "days": days}

    def _check(self, days: int) -> None:
        low, high = self.options.min_days, self.options.max_days
        if not days and low:
            raise forms.ValidationError(_("There is no working day in this period."), code="none")
        if days < low:
            text = _("This period has %(days)s; at least %(limit)s are needed.")
            raise forms.ValidationError(text % {"days": days_text(days), "limit": low}, code="few")
        if days > high:
            text = _("This period has %(days)s; at most %(limit)s are possible.")
            raise forms.ValidationError(text % {"days": days_text(days), "limit": high}, code="many")

    def prepare_value(self, value: Any) -> Any:
        """Return both days as the inputs show them."""
        if isinstance(value, dict):
            return PostedPeriod(value.get("from", ""), value.get("to", ""))
        return value


@field_kinds.register
class Period(FieldKind):
    """A period of days; a raw answer is `{"from": "2026-11-24", "to": "2026-11-27", "days": 4}`.

    The working days are those of the calendar on the day the answer was given, of the person's department.
    Conditions see their number.
    """

    code = "date_range"
    label = gettext_lazy("Period of working days")
    icon = "calendar-event"
    admin_icon = "calendar-alt"
    group = GROUP
    layout = "group"
    shape = NUMBER
    describe = gettext_lazy("A first and a last day; the working days between them are counted.")
    Options = PeriodOptions

    def option_blocks(self) -> dict[str, Any]:
        """Return the bounds of the days and of their number."""
        whole = {"required": False, "min_value": 0, "max_value": LONGEST}
        return {
            "min": blocks.DateBlock(label=gettext_lazy("Earliest day"), required=False),
            "max": blocks.DateBlock(label=gettext_lazy("Latest day"), required=False),
            "min_days": blocks.IntegerBlock(label=gettext_lazy("Fewest working days"), **whole),
            "max_days": blocks.IntegerBlock(label=gettext_lazy("Most working days"), **whole),
        }

    def form_field(self, field: PeriodOptions) -> forms.Field:
        """Return two date inputs."""
        common = self.common(field)
        common["error_messages"]["invalid"] = _(
            "Please enter a date as day/month/year, for example 24/11/2026."
        )
        return PeriodField(field, **common)

    def inner(self, field: Any) -> Sequence[Field]:
        """Return the parts of an answer."""
        first = DateOptions(key="from", kind=Date.code, label={"vi": "Từ ngày", "en": "From"})
        last = DateOptions(key="to", kind=Date.code, label={"vi": "Đến ngày", "en": "Until"})
        words = {"vi": "Số ngày làm việc", "en": "Working days"}
        return [first, last, NumberOptions(key="days", kind=Number.code, label=words, places=0)]

    def display(self, raw: Any, field: Any) -> str:
        """Write `24/11/2026 – 27/11/2026 (4 working days)`."""
        if not isinstance(raw, dict):
            return str(raw or "")
        first, last = (Date().display(raw.get(part), field) for part in ("from", "to"))
        days = first if first == last else f"{first} – {last}"
        return f"{days} ({days_text(int(raw.get('days') or 0))})"

    def parts(self, field: Any) -> dict[str, str]:
        """Return one column for each part."""
        return {"from": _("from"), "to": _("until"), "days": _("working days")}

    def export_part(self, raw: Any, field: Any, part: str) -> Any:
        """Return a date or the number of days."""
        found = raw.get(part) if isinstance(raw, dict) else None
        return found if part == "days" else Date().from_json(found, field)

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return the number of working days; `null` for no answer."""
        return int(raw["days"]) if isinstance(raw, dict) and "days" in raw else None

    def cel_sample(self, field: Any) -> Any:
        """Return a number of days within the bounds."""
        return max(field.min_days, 1)

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return as many days as are needed, counted as if all of them were worked."""
        first = within(about.day, field)
        days = max(field.min_days, 1)
        return {"from": first.isoformat(), "to": (first + (days - 1) * ONE_DAY).isoformat(), "days": days}
