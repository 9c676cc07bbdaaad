"""Working time in the Wagtail admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from .models import Holiday, MakeUpDay, WorkingHours


class WorkingHoursViewSet(SnippetViewSet):
    """The half-days of each weekday."""

    model = WorkingHours
    icon = "time"
    menu_label = _("Hours")
    list_display = ["__str__", "department"]
    list_filter = ["department"]
    panels = [
        FieldPanel("department"),
        FieldPanel("weekday"),
        FieldRowPanel([FieldPanel("morning_start"), FieldPanel("morning_end")]),
        FieldRowPanel([FieldPanel("afternoon_start"), FieldPanel("afternoon_end")]),
    ]


class HolidayViewSet(SnippetViewSet):
    """Days off, the latest first."""

    model = Holiday
    icon = "calendar"
    menu_label = _("Holidays")
    list_display = ["on", "name", "part", "confirmed"]
    list_filter = {"on": ["year"], "confirmed": ["exact"]}
    ordering = ["-on"]


class MakeUpDayViewSet(SnippetViewSet):
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
