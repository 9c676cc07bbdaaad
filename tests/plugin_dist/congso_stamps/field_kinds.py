"""A question that is answered with the code of a stamp."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from home.forms.api import FieldKind, field_kinds


@field_kinds.register
class StampKind(FieldKind):
    """The code of a stamp, in capitals."""

    code = "stamp"
    label = _("Stamp")
    describe = _("A question that is answered with the code of a stamp.")
    cel_empty = ""

    def form_field(self, field: Any) -> forms.Field:
        """Ask for a code."""
        return forms.CharField(max_length=20, **self.common(field))

    def to_json(self, value: Any, field: Any) -> Any:
        """Write it in capitals."""
        return str(value).upper() if value else None
