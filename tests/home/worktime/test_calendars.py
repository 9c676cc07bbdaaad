"""The stored calendar: what the migration fills, departments, and the cache."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from home.people.models import Department
from home.worktime import api, calendars
from home.worktime.guess import fill, first_guess
from home.worktime.models import CalendarStamp, Holiday, MakeUpDay, WorkingHours

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def department(code, parent=None):
    made = Department.objects.create(code=code, name=code, parent=parent)
    Department.objects.filter(pk=made.pk).update(path=f"{parent.path if parent else '/'}{made.pk}/")
    made.refresh_from_db()
    return made


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01",
        "2026-02-16",
        "2026-02-20",
        "2026-04-27",
        "2026-04-30",
        "2026-05-01",
        "2026-08-31",
        "2026-09-01",
        "2026-09-02",
        "2026-11-24",
        "2027-02-08",
        "2027-04-16",
        "2026-11-21",
        "2026-11-22",
    ],
)
def test_days_off_of_the_first_two_years(day):
    assert not api.is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day", ["2026-01-02", "2026-02-13", "2026-02-23", "2026-08-22", "2026-09-03", "2026-11-23"]
)
def test_worked_days_of_the_first_two_years(day):
    assert api.is_working_day(date.fromisoformat(day))


def test_twenty_five_days_from_the_stored_calendar():
    start = datetime(2019, 11, 20, 9, tzinfo=ZONE)
    assert api.add_working_days(start, 25) == datetime(2019, 12, 25, 17, tzinfo=ZONE)


def test_a_warm_calendar_costs_one_query(django_assert_num_queries):
    api.calendar_for()
    with django_assert_num_queries(1):
        api.add_working_days(datetime(2026, 11, 2, 9, tzinfo=ZONE), 5)


@pytest.mark.parametrize("act", ["save", "delete", "bulk_create", "update", "queryset_delete"])
def test_each_change_of_a_row_shows_at_once(act):
    day = date(2026, 11, 25)
    if act in ("delete", "queryset_delete", "update"):
        Holiday.objects.create(on=day, name="Nghỉ")
        assert not api.is_working_day(day)
        if act == "delete":
            Holiday.objects.get(on=day).delete()
        elif act == "update":
            Holiday.objects.filter(on=day).update(on=date(2026, 11, 26))
        else:
            Holiday.objects.filter(on=day).delete()
        assert api.is_working_day(day)
    else:
        assert api.is_working_day(day)
        row = Holiday(on=day, name="Nghỉ")
        row.save() if act == "save" else Holiday.objects.bulk_create([row])
        assert not api.is_working_day(day)


def test_a_change_that_is_rolled_back_leaves_no_trace_in_the_cache():
    day = date(2026, 11, 25)
    with pytest.raises(RuntimeError), transaction.atomic():
        Holiday.objects.create(on=day, name="Nghỉ")
        assert not api.is_working_day(day)
        raise RuntimeError
    assert api.is_working_day(day)


def test_a_change_by_another_process_is_seen(monkeypatch):
    api.calendar_for()
    mine = calendars._cached
    Holiday.objects.create(on=date(2026, 11, 25), name="Nghỉ")
    monkeypatch.setattr(calendars, "_cached", mine)  # what a second process still holds
    assert not api.is_working_day(date(2026, 11, 25))


def test_a_department_uses_its_own_hours_or_those_above_it():
    top = department("A")
    below = department("B", top)
    other = department("C")
    WorkingHours.objects.create(department=top, weekday=5, morning_start=time(8), morning_end=time(12))
    saturday, monday = date(2026, 11, 28), date(2026, 11, 30)
    for place in (top, below):
        assert api.is_working_day(saturday, department=place)
        assert not api.is_working_day(monday, department=place)
    assert not api.is_working_day(saturday, department=other)
    assert api.is_working_day(monday, department=other)


@pytest.mark.parametrize(
    "hours",
    [
        {},
        {"morning_start": time(8)},
        {"morning_start": time(12), "morning_end": time(8)},
        {
            "morning_start": time(8),
            "morning_end": time(14),
            "afternoon_start": time(13),
            "afternoon_end": time(17),
        },
    ],
)
def test_impossible_hours_are_refused(hours):
    with pytest.raises(ValidationError):
        WorkingHours(weekday=5, **hours).full_clean()


def test_the_office_has_one_row_a_weekday():
    row = WorkingHours(weekday=0, morning_start=time(8), morning_end=time(12))
    with pytest.raises(ValidationError):
        row.full_clean()


def test_the_first_guess_knows_tet_and_gio_to():
    days = [day for day, _name in first_guess(2027)]
    assert date(2027, 2, 6) in days
    assert date(2027, 4, 16) in days
    assert days == sorted(days)


def test_filling_a_year_adds_only_what_is_missing():
    added = fill(2028)
    assert added == Holiday.objects.filter(on__year=2028, confirmed=False).count() > 5
    assert fill(2028) == 0


def test_a_make_up_day_keeps_the_hours_of_its_weekday():
    MakeUpDay.objects.create(on=date(2026, 11, 29), name="Làm bù", as_weekday=0)
    assert api.calendar_for().intervals(date(2026, 11, 29)) == api.calendar_for().intervals(
        date(2026, 11, 30)
    )


def test_the_stamp_is_one_row():
    CalendarStamp.renew()
    CalendarStamp.renew()
    assert CalendarStamp.objects.count() == 1
