"""Kinds that hold numbers: number and amount of money."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated, Any, Self

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from pydantic import Field as PydanticField
from pydantic import PlainSerializer, ValidationError, model_validator
from wagtail import blocks

from ..problems import fault
from ..schema import Field
from ..text import clean_text
from .base import NUMBER, FieldKind, Sampling, WrongTypeError, field_kinds

#: With three decimal places every number up to this one survives the way through JSON and CEL unchanged.
BIGGEST = 999_999_999_999
BIGGEST_MONEY = 999_999_999_999_999
GROUP = gettext_lazy("Numbers and dates")

#: A bound in a definition; written back as a JSON number.
Bound = Annotated[
    Decimal,
    PydanticField(ge=-BIGGEST, le=BIGGEST, decimal_places=3),
    PlainSerializer(lambda d: int(d) if d == d.to_integral_value() else float(d), when_used="json"),
]


class Bounded(Field):
    """Options with a smallest and a largest value."""

    @model_validator(mode="after")
    def _bounds_are_in_order(self) -> Self:
        low, high = getattr(self, "min", None), getattr(self, "max", None)
        if low is not None and high is not None and low > high:
            raise ValidationError.from_exception_data(
                type(self).__name__, [fault("bounds", "min", value=low)]
            )
        return self


class NumberOptions(Bounded):
    """Options of a number; `places` is the number of decimal places (0 to 3)."""

    min: Bound | None = None
    max: Bound | None = None
    places: int = PydanticField(default=2, ge=0, le=3)
    unit: str = PydanticField(default="", max_length=30)


class MoneyOptions(Bounded):
    """Options of an amount in whole VND."""

    min: int = PydanticField(default=0, ge=-BIGGEST_MONEY, le=BIGGEST_MONEY)
    max: int = PydanticField(default=BIGGEST_MONEY, ge=-BIGGEST_MONEY, le=BIGGEST_MONEY)


def outside(value: Any, low: Any, high: Any, words: Callable[[Any], str]) -> str:
    """Say which bound a calculated value breaks, or nothing."""
    if low is not None and value < low:
        return _("the result is below %(limit)s") % {"limit": words(low)}
    if high is not None and value > high:
        return _("the result is above %(limit)s") % {"limit": words(high)}
    return ""


def grouped(value: int | Decimal) -> str:
    """Write a number with the separators of the active language: `1.000.000` or `1,000,000`."""
    text = f"{value:,}"
    if (get_language() or "vi").startswith("vi"):
        text = text.translate(str.maketrans(",.", ".,"))
    return text


def parse_number(text: str, *, places: int) -> Decimal:
    """Read a number as people here write it. Raises ValueError.

    With both separators the last one is the decimal one. A single separator is decimal, unless three
    digits follow and so many decimal `places` are not asked for: `1.000` is a thousand.
    """
    text = re.sub(r"[\s\u00a0\u202f]", "", text)
    if not re.fullmatch(r"[+-]?[0-9][0-9.,]{0,40}", text):
        raise ValueError(text)
    last = max(text.rfind("."), text.rfind(","))
    mark = text[last] if last >= 0 else ""
    grouping = mark and (text.count(mark) > 1 or (places < 3 and len(text) - last == 4))
    if not mark:
        return Decimal(text)
    body, tail = (text, "") if grouping else (text[:last], text[last + 1 :])
    if not re.fullmatch(r"[+-]?[0-9]{1,3}([.,][0-9]{3})*|[+-]?[0-9]+", body) or (tail and not tail.isdigit()):
        raise ValueError(text)
    return Decimal(re.sub(r"[.,]", "", body) + ("." + tail if tail else ""))


class NumberField(forms.CharField):
    """A number within bounds; `read` turns text into a Decimal."""

    def __init__(self, *, low: Any, high: Any, places: int, **kwargs: Any) -> None:
        mode = "decimal" if places else "numeric"
        super().__init__(widget=forms.TextInput({"inputmode": mode}), **kwargs)
        self.low, self.high, self.places = low, high, places

    def read(self, text: str) -> Decimal:
        """Return the number that was typed. Raises ValueError."""
        return parse_number(text, places=self.places)

    def to_python(self, value: Any) -> Any:
        """Return an `int` or a Decimal, or None."""
        text = clean_text(str("" if value is None else value))
        if not text:
            return None
        try:
            number = self.read(text) if len(text) <= 60 else None
        except (ValueError, InvalidOperation):
            number = None
        if number is None:
            raise forms.ValidationError(self.hint(), code="invalid")
        if -(number.normalize().as_tuple().exponent) > self.places:  # type: ignore[operator]
            raise forms.ValidationError(
                _("At most %(places)s decimal places are possible.") % {"places": self.places}, code="places"
            )
        return int(number) if self.places == 0 else number

    def hint(self) -> str:
        """Say what is expected."""
        return _("Please enter a number.")

    def validate(self, value: Any) -> None:
        """Check the bounds and name them."""
        super().validate(value)
        if value is None:
            return
        if value < self.low:
            raise forms.ValidationError(_("The smallest value is %(limit)s.") % {"limit": grouped(self.low)})
        if value > self.high:
            raise forms.ValidationError(_("The largest value is %(limit)s.") % {"limit": grouped(self.high)})

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number in the reader's way of writing."""
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return grouped(value)
        return value


class MoneyField(NumberField):
    """Whole VND: `1.000.000`, `1,000,000`, `1 000 000 đ`."""

    def read(self, text: str) -> Decimal:
        """Leave out the currency and the grouping."""
        text = re.sub(r"(?i)(vnđ|vnd|đồng|dong|đ|d|₫)\.?$", "", text.strip()).strip()
        text = re.sub(r"[\s\u00a0\u202f]", " ", text)
        if not re.fullmatch(r"-?([0-9]+|[0-9]{1,3}([., ])[0-9]{3}(\2[0-9]{3})*)", text):
            raise ValueError(text)
        return Decimal(re.sub(r"[., ]", "", text))

    def hint(self) -> str:
        """Say what is expected."""
        return _("Please enter an amount in whole VND, for example 1.500.000.")


def bound_blocks(block: type[blocks.FieldBlock]) -> dict[str, Any]:
    """Return the blocks for the smallest and largest value."""
    return {
        "min": block(label=gettext_lazy("Smallest value"), required=False),
        "max": block(label=gettext_lazy("Largest value"), required=False),
    }


class AmountKind(FieldKind):
    """What number and money share."""

    group = GROUP
    layout = "input"
    shape = NUMBER
    column = summable = calculable = True

    def from_cel(self, result: Any, field: Any) -> Any:
        """Return the number, rounded half up to the places of the question."""
        if isinstance(result, bool) or not isinstance(result, int | float):
            raise WrongTypeError(str(self.label))
        places = getattr(field, "places", 0)
        number = Decimal(str(result)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        return float(number) if places else int(number)

    def beyond(self, raw: Any, field: Any) -> str:
        """Name the smallest or the largest value."""
        low = -BIGGEST if field.min is None else field.min
        high = BIGGEST if field.max is None else field.max
        return outside(Decimal(str(raw)), low, high, grouped)

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return the wanted number, moved within the bounds."""
        wanted: Any = about.amount if self.currency else about.number
        if field.min is not None:
            wanted = max(wanted, field.min)
        if field.max is not None:
            wanted = min(wanted, field.max)
        return self.to_json(wanted, field)


def _plain(value: Decimal) -> Decimal:
    """Drop trailing zeros without turning 100 into 1E+2."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


@field_kinds.register
class Number(AmountKind):
    """A number; stored as a JSON number, `int` when whole numbers are asked for."""

    code = "number"
    label = gettext_lazy("Number")
    icon = "123"
    admin_icon = "order"
    describe = gettext_lazy("A number with smallest and largest value and decimal places.")
    Options = NumberOptions

    def option_blocks(self) -> dict[str, Any]:
        """Return bounds, decimal places and unit."""
        places = blocks.IntegerBlock(
            label=gettext_lazy("Decimal places"), required=False, default=0, min_value=0, max_value=3
        )
        unit = blocks.CharBlock(label=gettext_lazy("Unit"), required=False, max_length=30)
        return {**bound_blocks(blocks.DecimalBlock), "places": places, "unit": unit}

    def form_field(self, field: NumberOptions) -> forms.Field:
        """Return a text input with a numeric keyboard: it takes the decimal comma."""
        low = Decimal(-BIGGEST) if field.min is None else field.min
        high = Decimal(BIGGEST) if field.max is None else field.max
        return NumberField(low=low, high=high, places=field.places, **self.common(field))

    def to_json(self, value: Any, field: Any) -> Any:
        """Store whole numbers as `int`, others as `float` (exact within the bounds)."""
        if value is None:
            return None
        return int(value) if field.places == 0 else float(value)

    def from_json(self, raw: Any, field: Any) -> Any:
        """Return a Decimal, or what was stored when it is no number."""
        try:
            return None if raw is None else _plain(Decimal(str(raw)))
        except InvalidOperation:
            return raw

    def display(self, raw: Any, field: Any) -> str:
        """Group the digits and add the unit."""
        value = self.from_json(raw, field)
        if not isinstance(value, Decimal):
            return "" if raw is None else str(raw)
        return f"{grouped(value)} {field.unit}".strip()

    def export(self, raw: Any, field: Any) -> Any:
        """Return the number itself."""
        return raw

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return `int` when whole numbers are asked for, else `double`; `null` for no answer."""
        if raw is None:
            return None
        return int(raw) if field.places == 0 else float(raw)

    def cel_sample(self, field: Any) -> Any:
        """Return a number within the bounds."""
        return self.cel_value(field.min if field.min is not None else 1, field)


@field_kinds.register
class Money(AmountKind):
    """An amount of whole VND; stored as `int`."""

    code = "money"
    label = gettext_lazy("Amount of money")
    icon = "cash"
    admin_icon = "tag"
    currency = True
    describe = gettext_lazy("Whole VND; 1.000.000, 1,000,000 and 1 000 000 đ are understood.")
    Options = MoneyOptions

    def option_blocks(self) -> dict[str, Any]:
        """Return the bounds."""
        return bound_blocks(blocks.IntegerBlock)

    def form_field(self, field: MoneyOptions) -> forms.Field:
        """Return a text input with a numeric keyboard."""
        return MoneyField(low=field.min, high=field.max, places=0, **self.common(field))

    def display(self, raw: Any, field: Any) -> str:
        """Write `1.000.000 ₫`."""
        return "" if raw is None else f"{grouped(int(raw))}\u00a0₫"

    def export(self, raw: Any, field: Any) -> Any:
        """Return the number itself."""
        return raw

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return an `int` of VND; `null` for no answer."""
        return None if raw is None else int(raw)

    def cel_sample(self, field: Any) -> Any:
        """Return an amount within the bounds."""
        return field.max
