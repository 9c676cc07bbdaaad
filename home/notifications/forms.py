"""When a person wants to be reached."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import ReaderRhythm


class RhythmForm(forms.ModelForm):
    """Quiet hours, and the hour of the digest."""

    class Meta:
        model = ReaderRhythm
        fields = ["digest", "digest_at", "quiet_from", "quiet_until", "quiet_weekends"]
        widgets = {
            name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            for name in ("digest_at", "quiet_from", "quiet_until")
        }

    def clean(self) -> dict[str, Any]:
        """Ask for both ends of the quiet hours, or none."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if self.errors:
            return cleaned
        if (begins is None) != (ends is None):
            missing = "quiet_until" if ends is None else "quiet_from"
            self.add_error(
                missing, ValidationError(_("Give both ends of the quiet hours, or leave both empty."))
            )
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", ValidationError(_("The quiet hours end when they begin.")))
        return cleaned
