"""The form of an own delegation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from home.people.api import PersonField, SearchingForm, User, known_matters

ALL, SOME = "all", "some"
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


class DayField(forms.DateField):
    """A day, typed or picked."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(input_formats=DATE_FORMATS, widget=widget, **options)


class AwayForm(SearchingForm, forms.Form):
    """Who stands in for the visitor, from when until when, in which matters.

    All matters are chosen in so many words: ticking nothing is a mistake, not a delegation of everything.
    """

    delegate = PersonField(label=_("Stand-in"), queryset=User.objects.none())
    since = DayField(label=pgettext_lazy("delegation", "From"))
    until = DayField(label=pgettext_lazy("delegation", "Until"), help_text=_("The last day counts as well."))
    scope = forms.ChoiceField(
        label=_("For which matters"),
        choices=[(ALL, _("All matters")), (SOME, _("Only these:"))],
        widget=forms.RadioSelect,
        initial=ALL,
    )
    matters = forms.MultipleChoiceField(
        label=_("Matters"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, initial={"since": timezone.localdate(), "scope": ALL}, auto_id="id_%s")
        people = User.objects.active().exclude(pk=user.pk)
        self.fields["delegate"].queryset = people  # type: ignore[attr-defined]
        self.known = known_matters()
        self.fields["matters"].choices = list(self.known.items())  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control"
            if name in {"scope", "matters"}:
                field.widget.attrs["class"] = "form-check-input"

    def clean(self) -> dict[str, Any]:
        """Refuse “only these” without any."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("scope") == SOME and not cleaned.get("matters") and "matters" not in self.errors:
            self.add_error("matters", _("Tick at least one matter, or choose all matters."))
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """Return what `acts.delegate` takes, but for who gives it."""
        values = {name: self.cleaned_data[name] for name in ("delegate", "since", "until", "reason")}
        return values | {
            "matters": self.cleaned_data["matters"] if self.cleaned_data["scope"] == SOME else []
        }

    def refuse(self, error: ValidationError) -> None:
        """Show what an act refuses at the field that it is about."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for field, errors in error.error_dict.items():
            self.add_error(field if field in self.fields else None, ValidationError(errors))

    def add_error(self, field: str | None, error: Any) -> None:
        """Keep the error, and mark the field for the eye and the ear."""
        super().add_error(field, error)
        if field in self.fields and field not in {"delegate", "scope", "matters"}:
            self.fields[field].widget.attrs["class"] += " is-invalid"
