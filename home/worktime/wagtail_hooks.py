"""Working time in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    IndexView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from .doubts import doubts
from .guess_admin import guess_holidays
from .models import Holiday, MakeUpDay, WorkingHours


class Warns:
    """After saving, says what is probably a mistake."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, then warn."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        for doubt in doubts(form.instance):
            messages.warning(self.request, doubt)  # type: ignore[attr-defined]
        return response


class WarningCreateView(Warns, CreateView):
    """A new row of the calendar."""


class WarningEditView(Warns, EditView):
    """A row of the calendar."""


class CalendarViewSet(SnippetViewSet):
    """What the rows of the calendar share."""

    add_view_class = WarningCreateView
    edit_view_class = WarningEditView
    # A copy would stand on the same day, which is refused.
    copy_view_enabled = False


class WorkingHoursViewSet(CalendarViewSet):
    """The half-days of each weekday."""

    model = WorkingHours
    icon = "time"
    menu_label = _("Hours")
    list_display = ["__str__", "department"]
    list_filter = ["department"]
    panels = [
        FieldPanel(
            "department",
            help_text=_(
                "Empty: the whole office. A department that has any row works only on the weekdays that have one "
                "for it; departments below follow it."
            ),
        ),
        FieldPanel("weekday"),
        FieldRowPanel([FieldPanel("morning_start"), FieldPanel("morning_end")]),
        FieldRowPanel([FieldPanel("afternoon_start"), FieldPanel("afternoon_end")]),
    ]


class HolidayIndexView(IndexView):
    """The list, with the way to the first guess."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        """Add the button for those who may add rows."""
        buttons: list[Button] = super().header_more_buttons
        if self.add_url:
            label = _("First guess for a year")
            buttons.append(Button(label, url=reverse("worktime_guess"), icon_name="calendar"))
        return buttons


class HolidayViewSet(CalendarViewSet):
    """Days off, the latest first."""

    model = Holiday
    icon = "calendar"
    menu_label = _("Holidays")
    index_view_class = HolidayIndexView
    list_display = ["on", "name", "part", "confirmed"]
    list_filter = {"on": ["year"], "confirmed": ["exact"]}
    ordering = ["-on"]


class MakeUpDayViewSet(CalendarViewSet):
    """Days worked in exchange."""

    model = MakeUpDay
    icon = "calendar-check"
    menu_label = _("Make-up days")
    list_display = ["on", "name", "as_weekday"]
    ordering = ["-on"]


class WorktimeGroup(SnippetViewSetGroup):
    """When the office works."""

    items = (WorkingHoursViewSet, HolidayViewSet, MakeUpDayViewSet)
    menu_label = _("Working time")
    menu_icon = "time"
    menu_name = "worktime"
    menu_order = 700


register_snippet(WorktimeGroup)


@hooks.register("register_admin_urls")
def guess_urls() -> list[URLPattern]:
    """Return the address of the first guess."""
    return [path("worktime/holidays/guess/", guess_holidays, name="worktime_guess")]
