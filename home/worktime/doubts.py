"""What is allowed in the calendar and yet is probably a mistake."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from .models import Holiday, MakeUpDay, WorkingHours


def doubts(row: Holiday | MakeUpDay | WorkingHours) -> list[str]:
    """Return what whoever saved this row should look at again, in words; mostly nothing."""
    if isinstance(row, MakeUpDay):
        return list(_of_make_up_day(row))
    if isinstance(row, Holiday):
        return list(_of_holiday(row))
    return list(_of_hours(row))


def _of_make_up_day(row: MakeUpDay) -> Iterator[str]:
    day = {"day": f"{row.on:%d/%m/%Y}"}
    holiday = Holiday.objects.filter(on=row.on).first()
    if holiday is not None:
        yield _("%(day)s is a holiday as well (“%(name)s”). It counts as worked.") % {
            **day,
            "name": holiday.name,
        }
    elif row.on.weekday() in _worked_weekdays():
        yield (
            _("%(day)s is a working day anyway: as a make-up day it only takes the hours chosen here.") % day
        )


def _of_holiday(row: Holiday) -> Iterator[str]:
    day = {"day": f"{row.on:%d/%m/%Y}"}
    make_up = MakeUpDay.objects.filter(on=row.on).first()
    if make_up is not None:
        yield _("%(day)s is a make-up day as well (“%(name)s”). It counts as worked.") % {
            **day,
            "name": make_up.name,
        }
    elif not WorkingHours.objects.filter(weekday=row.on.weekday()).exists():
        yield _("%(day)s is not worked anyway: this day off moves no deadline.") % day


def _of_hours(row: WorkingHours) -> Iterator[str]:
    if row.department_id is None:
        return
    rows = WorkingHours.objects.filter(department=row.department_id)
    if not rows.exclude(pk=row.pk).exists():
        yield _(
            "“%(department)s” now has hours of its own: it works only on the weekdays that have a row for it, "
            "so far on one."
        ) % {"department": row.department}


def _worked_weekdays() -> set[int]:
    return set(WorkingHours.objects.filter(department=None).values_list("weekday", flat=True))
