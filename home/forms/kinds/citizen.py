"""The kind that holds a citizen number (số định danh cá nhân, số CCCD).

Twelve digits: three for the province, or the country, where the birth was registered; one for the century of birth
and the sex (0 and 1: 1900–1999, male and female; 2 and 3: 2000–2099; and so on in pairs); two for the year; six at
random. Source: Nghị định 137/2015/NĐ-CP, Điều 13, and Thông tư 59/2021/TT-BCA, Điều 4 and its annexes. There is no
check digit: a number of the right shape need not exist. Numbers given before provinces were merged stay as they are.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from ..schema import Field
from .base import Sampling, field_kinds
from .words import CleanCharField, WordKind

#: Codes of provinces (all that were ever given out); those of other countries begin with 101.
PROVINCES = frozenset(
    """
    001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036
    037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075
    077 079 080 082 083 084 086 087 089 091 092 093 094 095 096
    """.split()  # noqa: SIM905
)
FIRST_COUNTRY = 101


class CitizenNumberOptions(Field):
    """Options of a citizen number; with `masked` lists of many answers show its last three digits only."""

    masked: bool = True


class CitizenNumberField(CleanCharField):
    """Twelve digits in the right order; spaces and dots between them are left out."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(max_length=30, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the digits."""
        text = super().to_python(value)
        if not text or len(text) > self.limit:
            return text
        digits = re.sub(r"[\s.\-]", "", text)
        if problem := what_is_wrong(digits):
            raise forms.ValidationError(problem, code="invalid")
        return digits


def what_is_wrong(digits: str) -> str:
    """Say why digits are no citizen number, or nothing."""
    if not re.fullmatch(r"[0-9]{12}", digits):
        return _("A citizen number has 12 digits.")
    if digits[:3] not in PROVINCES and int(digits[:3]) < FIRST_COUNTRY:
        return _("No province has the code %(code)s, with which this number begins.") % {"code": digits[:3]}
    born = 1900 + 100 * (int(digits[3]) // 2) + int(digits[4:6])
    if born > timezone.localdate().year:
        return _("Digits 4 to 6 say that the person is born in %(year)s.") % {"year": born}
    return ""


@field_kinds.register
class CitizenNumber(WordKind):
    """The twelve digits of a citizen's identity, stored as text."""

    code = "citizen_number"
    label = gettext_lazy("Citizen number")
    icon = "id"
    admin_icon = "password"
    describe = gettext_lazy("The 12 digits of a citizen identity card; province, sex and year are checked.")
    Options = CitizenNumberOptions

    def option_blocks(self) -> dict[str, Any]:
        """Return whether lists hide it."""
        label = gettext_lazy("Lists show the last three digits only")
        return {"masked": blocks.BooleanBlock(label=label, required=False, default=True)}

    def from_block(self, value: Any) -> dict[str, Any]:
        """A box that is not ticked says so."""
        return {"masked": bool(value.get("masked"))}

    def form_field(self, field: CitizenNumberOptions) -> forms.Field:
        """Return an input with a numeric keyboard."""
        return CitizenNumberField(**self.common(field))

    def brief(self, raw: Any, field: Any) -> str:
        """Hide all but the last digits, if asked to."""
        digits = str(raw or "")
        return f"•••{digits[-3:]}" if digits and getattr(field, "masked", True) else digits

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return a number of the right shape."""
        return "079090000001"
