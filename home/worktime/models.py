"""Working hours, holidays and make-up days: rows that a clerk edits, and the stamp that changes with them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import time
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Weekday(models.IntegerChoices):
    """Days of the week as `date.weekday()` counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class CalendarStamp(models.Model):
    """One row whose value changes with every change of the calendar; processes compare it with their copy.

    A random value, not a counter: a counter that is rolled back would come again for another content.
    """

    value = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def renew(cls) -> None:
        """Make every process load the calendar afresh."""
        cls.objects.update_or_create(pk=1, defaults={"value": uuid.uuid4()})


class CalendarQuerySet(models.QuerySet[Any]):
    """Bulk changes renew the stamp as single ones do."""

    def update(self, **values: Any) -> int:
        """Change rows, and renew the stamp."""
        changed = super().update(**values)
        CalendarStamp.renew()
        return changed

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete rows, and renew the stamp."""
        deleted = super().delete()
        CalendarStamp.renew()
        return deleted

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """Add rows, and renew the stamp."""
        made = super().bulk_create(objs, *args, **options)
        CalendarStamp.renew()
        return made


class CalendarRow(models.Model):
    """What every row of the calendar shares: saving or deleting it renews the stamp."""

    objects: ClassVar[Any] = CalendarQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row, and renew the stamp."""
        super().save(*args, **kwargs)
        CalendarStamp.renew()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row, and renew the stamp."""
        deleted = super().delete(*args, **kwargs)
        CalendarStamp.renew()
        return deleted


class WorkingHours(CalendarRow):
    """The two half-days of one weekday, of the office or of one department with hours of its own.

    A department that has any row uses only its own rows; otherwise the nearest department above it has,
    then the office.
    """

    department = models.ForeignKey(
        "people.Department",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
        help_text=_("Empty: the whole office."),
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    morning_start = models.TimeField(_("morning from"), null=True, blank=True)
    morning_end = models.TimeField(_("morning until"), null=True, blank=True)
    afternoon_start = models.TimeField(_("afternoon from"), null=True, blank=True)
    afternoon_end = models.TimeField(_("afternoon until"), null=True, blank=True)

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = [models.F("department").asc(nulls_first=True), "weekday"]
        constraints = [
            models.UniqueConstraint(fields=["department", "weekday"], name="worktime_hours_once"),
            models.UniqueConstraint(
                fields=["weekday"], condition=Q(department__isnull=True), name="worktime_office_hours_once"
            ),
        ]

    def __str__(self) -> str:
        halves = [f"{start:%H:%M}–{end:%H:%M}" for start, end, _part in self.halves()]
        return f"{self.get_weekday_display()} {', '.join(halves)}".strip()

    def halves(self) -> list[tuple[time, time, str]]:
        """Return begin, end and part of the half-days worked, in order; one that lacks an end is left out."""
        halves = [
            (self.morning_start, self.morning_end, "morning"),
            (self.afternoon_start, self.afternoon_end, "afternoon"),
        ]
        return [(start, end, part) for start, end, part in halves if start and end]

    def clean(self) -> None:
        """Refuse half-days without an end, and ones that overlap or run backwards."""
        errors: dict[str, Any] = {}
        for half in ("morning", "afternoon"):
            start, end = getattr(self, f"{half}_start"), getattr(self, f"{half}_end")
            if bool(start) != bool(end):
                errors[f"{half}_end"] = _("Give both the beginning and the end, or neither.")
            elif start and end and end <= start:
                errors[f"{half}_end"] = _("The end must be after the beginning.")
        if self.morning_end and self.afternoon_start and self.afternoon_start < self.morning_end:
            errors["afternoon_start"] = _("The afternoon begins before the morning ends.")
        if errors:
            raise ValidationError(errors)
        if not self.halves():
            raise ValidationError(_("Give at least one half-day; delete the row for a day off."))


class Holiday(CalendarRow):
    """A day off, whole or half."""

    class Part(models.TextChoices):
        """How much of the day is off."""

        DAY = "day", _("whole day")
        MORNING = "morning", _("morning")
        AFTERNOON = "afternoon", _("afternoon")

    on = models.DateField(_("date"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    part = models.CharField(_("part of the day"), max_length=10, choices=Part.choices, default=Part.DAY)
    confirmed = models.BooleanField(
        _("announced"),
        default=True,
        help_text=_("Clear while it is only expected, before the official notice."),
    )

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y} {self.name}"


class MakeUpDay(CalendarRow):
    """A day that is worked although its weekday is not (làm bù)."""

    on = models.DateField(_("date"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    as_weekday = models.PositiveSmallIntegerField(
        _("with the hours of"),
        choices=Weekday.choices,
        default=Weekday.MONDAY,
        validators=[MaxValueValidator(6)],
    )

    class Meta:
        verbose_name = _("make-up day")
        verbose_name_plural = _("make-up days")
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y} {self.name}"

    def clean(self) -> None:
        """Refuse a weekday without hours at the office: there would be nothing to work with."""
        worked = WorkingHours.objects.filter(department=None).values_list("weekday", flat=True)
        if self.as_weekday is not None and worked and self.as_weekday not in worked:
            message = _("The office has no working hours on this weekday. Choose one that is worked.")
            raise ValidationError({"as_weekday": message})
