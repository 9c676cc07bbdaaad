"""What every screen with an import shares: the form that takes the file, and the result in words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .applying import Result
from .reading import MAX_BYTES

_KINDS = {
    "departments": _("Departments"),
    "positions": _("Positions"),
    "people": _("Staff"),
    "memberships": _("Memberships"),
}


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("Excel or CSV file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before reading it."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            limit = MAX_BYTES // 1024 // 1024
            raise forms.ValidationError(gettext("The file is larger than %(mb)d MB.") % {"mb": limit})
        return file


def summary_of(result: Result) -> list[tuple[str, str]]:
    """Return how many of each kind would be (or were) stored, in the reader's words."""
    words = {
        "created": gettext("%(n)d new"),
        "updated": gettext("%(n)d changed"),
        "unchanged": gettext("%(n)d as before"),
    }
    return [
        (
            str(_KINDS[kind]),
            ", ".join(text % {"n": counts[key]} for key, text in words.items() if counts[key]),
        )
        for kind, counts in result.counts.items()
    ]
