"""Due dates of the office worked out by hand, with the stored calendar: the name of each case is its reasoning."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from home.worktime import api
from home.worktime.models import Holiday, WorkingHours
from tests.factories.people import DepartmentFactory

from .office import at

pytestmark = pytest.mark.django_db


def case(reasoning, start, days, due):
    return pytest.param(start, days, due, id=reasoning)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        case("five weeks without a day off", at(2019, 11, 20), 25, at(2019, 12, 25, 17)),
        case("over new year: 31/12 received, 1/1 off, Fri 2/1 is 1", at(2025, 12, 31), 1, at(2026, 1, 2, 17)),
        case("over Tết: 16 to 20/2 off, Mon 23/2 is 1", at(2026, 2, 13), 1, at(2026, 2, 23, 17)),
        case(
            "17:00 is after hours: received Mon 23/2, Tue 24/2 is 1",
            at(2026, 2, 13, 17),
            1,
            at(2026, 2, 24, 17),
        ),
        case("a minute before closing is in time", at(2026, 2, 13, 16, 59), 1, at(2026, 2, 23, 17)),
        case("handed in at Tết: received Mon 23/2", at(2026, 2, 17, 10), 1, at(2026, 2, 24, 17)),
        case(
            "27/4 off, 28 and 29 are 1 and 2, 30/4 and 1/5 off, 4 to 6/5 are 3 to 5",
            at(2026, 4, 24),
            5,
            at(2026, 5, 6, 17),
        ),
        case(
            "Sat 22/8 is worked: Fri 21 is 1, Sat 22 is 2, Mon 24 is 3",
            at(2026, 8, 20),
            3,
            at(2026, 8, 24, 17),
        ),
        case(
            "22/8 is 1, 24 to 28/8 are 2 to 6, 31/8 to 2/9 off, 3/9 is 7",
            at(2026, 8, 21),
            7,
            at(2026, 9, 3, 17),
        ),
        case("received on the make-up Saturday, Mon 24/8 is 1", at(2026, 8, 22, 10), 1, at(2026, 8, 24, 17)),
        case(
            "after hours on the make-up Saturday: received Mon 24/8",
            at(2026, 8, 22, 20),
            1,
            at(2026, 8, 25, 17),
        ),
        case("24/11 off, so 25/11 is 1", at(2026, 11, 23), 1, at(2026, 11, 25, 17)),
        case("handed in on 24/11: received 25/11, 26/11 is 1", at(2026, 11, 24, 10), 1, at(2026, 11, 26, 17)),
        case(
            "a second before the midnight into 24/11: received 25/11, 26/11 is 1",
            datetime(2026, 11, 23, 23, 59, 59, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
            1,
            at(2026, 11, 26, 17),
        ),
        case("the midnight into 24/11: received 25/11 too", at(2026, 11, 24, 0), 1, at(2026, 11, 26, 17)),
        case("the midnight after 24/11: received 25/11 too", at(2026, 11, 25, 0), 1, at(2026, 11, 26, 17)),
        case("half a day is the next morning", at(2026, 11, 24, 23, 59), 0.5, at(2026, 11, 26, 11, 30)),
        case(
            "2/11 + 25: 4 to 6/11 and so on are 4, 9, 14, 15; 24/11 off; 18, 23; 7/12 is 24",
            at(2026, 11, 2),
            25,
            at(2026, 12, 8, 17),
        ),
        case(
            "over new year 2027: 29 to 31/12 are 3, 4 to 29/1 make 23, 1/2 is 24",
            at(2026, 12, 28),
            25,
            at(2027, 2, 2, 17),
        ),
        case("over Tết 2027: 4 to 10/2 off, Thu 11/2 is 1", at(2027, 2, 3), 1, at(2027, 2, 11, 17)),
        case("at lunch the office has not closed", at(2026, 11, 2, 12, 15), 2, at(2026, 11, 4, 17)),
        case(
            "10:30 in London's winter is 17:30 here: received 3/11",
            datetime(2026, 11, 2, 10, 30, tzinfo=UTC),
            1,
            at(2026, 11, 4, 17),
        ),
        case(
            "noon of Mon 2/11 in New York is midnight here: received 3/11",
            datetime(2026, 11, 2, 12, 0, tzinfo=ZoneInfo("America/New_York")),
            1,
            at(2026, 11, 4, 17),
        ),
    ],
)
def test_due_date(start, days, due):
    assert api.add_working_days(start, days) == due
    assert api.due_after(start, days=days) == due
    assert api.explain_due(start, days)[-1].day == due.date()


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        case("1 h on Fri 13/2, Tết, 3 h from 07:30", at(2026, 2, 13, 16), 4, at(2026, 2, 23, 10, 30)),
        case(
            "2 h on Fri 21/8, 8 h on the make-up day, 2 h on Monday",
            at(2026, 8, 21, 15),
            12,
            at(2026, 8, 24, 9, 30),
        ),
        case(
            "1 h until lunch on 23/11, 4 h after it, 24/11 off, 1 h",
            at(2026, 11, 23, 10, 30),
            6,
            at(2026, 11, 25, 8, 30),
        ),
        case("at midnight nothing runs until 07:30", at(2026, 11, 24, 0), 1, at(2026, 11, 25, 8, 30)),
    ],
)
def test_due_hour(start, hours, due):
    assert api.add_working_hours(start, hours) == due
    assert api.due_after(start, hours=hours) == due
    assert api.explain_hours(start, hours)[-1].day == due.date()


def test_half_a_holiday_leaves_a_whole_day_that_ends_at_noon():
    Holiday.objects.create(on=at(2026, 12, 24).date(), name="Nghỉ chiều", part="afternoon")
    assert api.add_working_days(at(2026, 12, 23), 1) == at(2026, 12, 24, 11, 30)
    assert api.add_working_days(at(2026, 12, 24, 11, 30), 1) == at(2026, 12, 28, 17)  # received on Friday
    assert api.add_working_hours(at(2026, 12, 24, 11), 1) == at(2026, 12, 25, 8)


@pytest.fixture
def one_stop(db):
    """A department that works all week, 08:00 to 11:00 on Saturdays, with a team below."""
    department = DepartmentFactory()
    hours = {
        "morning_start": time(8),
        "morning_end": time(12),
        "afternoon_start": time(13),
        "afternoon_end": time(16),
    }
    for weekday in range(5):
        WorkingHours.objects.create(department=department, weekday=weekday, **hours)
    WorkingHours.objects.create(department=department, weekday=5, morning_start=time(8), morning_end=time(11))
    return department


def test_a_department_with_saturdays_is_due_earlier_and_closes_by_its_own_clock(one_stop):
    friday = at(2026, 11, 6, 16, 30)  # open at the office, after hours here
    assert api.add_working_days(friday, 2) == at(2026, 11, 10, 17)
    assert api.add_working_days(friday, 2, department=one_stop) == at(2026, 11, 10, 16)
    assert api.add_working_days(at(2026, 11, 6), 2, department=one_stop) == at(2026, 11, 9, 16)
    assert api.add_working_hours(at(2026, 11, 6, 15), 2, department=one_stop) == at(2026, 11, 7, 9)


def test_a_team_counts_with_the_hours_above_it(one_stop):
    team = DepartmentFactory(parent=one_stop)
    assert api.add_working_days(at(2026, 11, 6), 1, department=team) == at(2026, 11, 7, 11)


def test_holidays_and_make_up_days_hold_for_every_department(one_stop):
    assert not api.is_working_day(at(2026, 11, 24).date(), department=one_stop)
    assert api.add_working_days(at(2026, 8, 21), 1, department=one_stop) == at(2026, 8, 22, 16)


def test_the_pauses_and_notices_of_a_department_are_its_own(one_stop):
    due = at(2026, 11, 6, 16)
    saturday = [(at(2026, 11, 7, 0), at(2026, 11, 8, 0))]
    assert api.shift_due(due, saturday) == due
    assert api.shift_due(due, saturday, department=one_stop) == at(2026, 11, 7, 11)
    assert api.after_due(due, hours=1, department=one_stop) == at(2026, 11, 7, 9)
    assert api.before_due(at(2026, 11, 9, 16), days=1, department=one_stop) == at(2026, 11, 7, 8)
    assert api.explain_due(at(2026, 11, 5), 1, pauses=saturday)[-1].day.day == 6
    assert api.explain_due(at(2026, 11, 5), 1, pauses=saturday, department=one_stop)[-1].day.day == 7
