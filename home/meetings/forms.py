"""The form of a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from home.people.api import Department, User, nfc

from .booking import Clash, people_clashes, room_clash
from .models import Meeting, Room

DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
TIME_FORMATS = ["%H:%M", "%H:%M:%S"]


class NfcCharField(forms.CharField):
    """Text in one normal form; several lines stay several lines."""

    def to_python(self, value: Any) -> Any:
        """Compose each line, and drop what cannot be seen."""
        text = super().to_python(value)
        return "\n".join(nfc(line) for line in text.splitlines()).strip() if text else text


class PersonChoice(forms.ModelChoiceField):
    """A person, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, with the login where there may be several of it."""
        return f"{obj.get_full_name()} ({obj.username})"


class PeopleChoice(PersonChoice, forms.ModelMultipleChoiceField):
    """Several people, by name."""


class MeetingForm(forms.ModelForm):
    """A meeting on one day. A taken room is an error, people who would be in two places a warning."""

    title = NfcCharField(label=pgettext_lazy("meeting", "Subject"), max_length=300)
    agenda = NfcCharField(
        label=_("Agenda"), required=False, max_length=20000, widget=forms.Textarea(attrs={"rows": 4})
    )
    on = forms.DateField(
        label=_("Date"),
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    starts = forms.TimeField(
        label=_("From"),
        input_formats=TIME_FORMATS,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    ends = forms.TimeField(
        label=_("Until"),
        input_formats=TIME_FORMATS,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    place = NfcCharField(
        label=_("Other place"),
        required=False,
        max_length=200,
        help_text=_("Where no room of the house is booked, or more exactly where."),
    )
    preparation = NfcCharField(
        label=_("Prepared by"),
        required=False,
        max_length=300,
        help_text=_("Who prepares papers, vehicles or equipment."),
    )
    chair = PersonChoice(label=_("Chaired by"), queryset=User.objects.none())
    people = PeopleChoice(
        label=_("People invited"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    departments = forms.ModelMultipleChoiceField(
        label=_("Departments invited"),
        queryset=Department.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    save_anyway = forms.BooleanField(label=_("Save anyway"), required=False)

    class Meta:
        model = Meeting
        fields = ["title", "agenda", "room", "place", "chair", "people", "departments", "office_wide"]
        fields += ["preparation"]
        labels = {"room": _("Room"), "office_wide": _("Show in the schedule of the whole office")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.warnings: list[str | Promise] = []
        people = User.objects.filter(is_active=True)
        if self.instance.pk:
            self._fill_time()
            people |= User.objects.filter(pk=self.instance.chair_id)
            self.fields["version"].initial = self.instance.sequence
        self._choices("room").queryset = self._rooms()
        self._choices("chair").queryset = people
        self._choices("people").queryset = people
        self._choices("departments").queryset = Department.objects.filter(is_active=True)
        self.initial["chair"] = self.instance.chair_id or user.pk
        self._choices("chair").empty_label = None
        self._choices("room").empty_label = _("No room of the house")
        for field in self.fields.values():
            self._dress(field)

    def as_status(self, status: str) -> None:
        """Say whether the form saves a draft or a meeting that takes place; before validation."""
        self.instance.status = status

    def clean(self) -> dict[str, Any]:
        """Put date and times together; refuse a taken room; warn of people and seats."""
        cleaned = super().clean() or self.cleaned_data
        on, starts, ends = (cleaned.get(name) for name in ("on", "starts", "ends"))
        if not (on and starts and ends):
            return cleaned
        if ends <= starts:
            self.add_error("ends", _("The end must be after the beginning."))
            return cleaned
        if on.year not in range(2000, 2101):
            self.add_error("on", _("Give a year between 2000 and 2100."))
            return cleaned
        self.instance.starts_at = timezone.make_aware(datetime.combine(on, starts))
        self.instance.ends_at = timezone.make_aware(datetime.combine(on, ends))
        if not self.errors:
            self._check_room(cleaned)
            self._check_people(cleaned)
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """Keep the error, and mark the field for the eye."""
        super().add_error(field, error)
        if field in self.fields:
            self.fields[field].widget.attrs["class"] += " is-invalid"

    def add_room_error(self, other: Meeting) -> None:
        """Say who holds the room: the subject only to those who may see that meeting."""
        visible = Meeting.objects.visible_to(self.user).filter(pk=other.pk).exists()
        text = _("%(room)s is taken from %(start)s to %(end)s (%(title)s). Choose another room or time.")
        values = {
            "room": other.room,
            "start": f"{timezone.localtime(other.starts_at):%H:%M}",
            "end": f"{timezone.localtime(other.ends_at):%H:%M}",
            "title": other.title if visible else _("another meeting"),
        }
        self.add_error("room", text % values)

    def _check_room(self, cleaned: dict[str, Any]) -> None:
        self.instance.room = cleaned.get("room")
        other = room_clash(self.instance)
        if other is not None:
            self.add_room_error(other)

    def _check_people(self, cleaned: dict[str, Any]) -> None:
        if self.errors or self.instance.status != Meeting.Status.SCHEDULED:
            return
        self.instance.chair = cleaned["chair"]
        people = list(cleaned["people"])
        self.warnings = self._clash_texts(people_clashes(self.instance, people))
        seats = cleaned["room"].capacity if cleaned["room"] else None
        if seats and len({person.pk for person in [cleaned["chair"], *people]}) > seats:
            text = ngettext("The room has %(seats)d seat.", "The room has %(seats)d seats.", seats)
            self.warnings.append(text % {"seats": seats})
        if self.warnings and not cleaned.get("save_anyway"):
            self.add_error(None, _("Please look at the warnings, then change the meeting or save it anyway."))

    def _clash_texts(self, clashes: Iterable[Clash]) -> list[str | Promise]:
        found = list(clashes)
        seen = Meeting.objects.visible_to(self.user).filter(pk__in={clash.other.pk for clash in found})
        visible = set(seen.values_list("pk", flat=True)) if found else set()
        text = _("%(person)s is in another meeting from %(start)s to %(end)s: %(title)s")
        return [
            text
            % {
                "person": clash.person,
                "start": f"{timezone.localtime(clash.other.starts_at):%H:%M}",
                "end": f"{timezone.localtime(clash.other.ends_at):%H:%M}",
                "title": clash.other.title if clash.other.pk in visible else "…",
            }
            for clash in found
        ]

    def _fill_time(self) -> None:
        start, end = timezone.localtime(self.instance.starts_at), timezone.localtime(self.instance.ends_at)
        self.initial.update(on=start.date(), starts=start.time(), ends=end.time())

    def _choices(self, name: str) -> Any:
        return self.fields[name]

    def _rooms(self) -> Any:
        rooms = Room.objects.filter(is_active=True)
        return rooms | Room.objects.filter(pk=self.instance.room_id) if self.instance.room_id else rooms

    def _dress(self, field: forms.Field) -> None:
        widget = field.widget
        if isinstance(widget, forms.CheckboxSelectMultiple | forms.CheckboxInput):
            css = "form-check-input"
        else:
            css = "form-select" if isinstance(widget, forms.Select) else "form-control"
        widget.attrs["class"] = css


class CancelForm(forms.Form):
    """Why a meeting does not take place."""

    reason = NfcCharField(
        label=_("Reason"), max_length=300, widget=forms.TextInput(attrs={"class": "form-control"})
    )
