"""The week page in office order."""

from datetime import date, datetime, timedelta

import pytest

from home.meetings.week import Week, schedule
from tests.factories.meetings import MORNING, ZONE, MeetingFactory, RoomFactory
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db
WEEK = Week(date(2026, 11, 23))


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("code", "monday"),
    [
        ("2026-W48", date(2026, 11, 23)),
        ("2026-W53", date(2026, 12, 28)),
        ("2027-W01", date(2027, 1, 4)),
        ("2027-W53", None),
        ("2026-W00", None),
        ("9999-W52", None),
        ("2026-W4x", None),
        ("٢٠٢٦-W48", None),
        ("", None),
    ],
)
def test_weeks_by_name(code, monday):
    assert Week.parse(code) == (Week(monday) if monday else None)


def test_a_week_names_itself_over_new_year():
    last = Week.of(date(2027, 1, 1))
    assert str(last) == "2026-W53"
    assert str(last.following) == "2027-W01"
    assert str(last.previous) == "2026-W52"


def test_mornings_come_before_afternoons_and_days_in_order():
    user = UserFactory(is_superuser=True)
    late = MeetingFactory(starts_at=at(24, 14))
    noon = MeetingFactory(starts_at=at(24, 12))
    early = MeetingFactory(starts_at=at(24, 7, 30))
    monday = MeetingFactory(starts_at=at(23, 9))
    MeetingFactory(starts_at=at(22, 9))
    MeetingFactory(starts_at=at(30, 0))
    days = schedule(user, WEEK)
    assert [(day.on.day, day.morning, day.afternoon) for day in days[:2]] == [
        (23, [monday], []),
        (24, [early], [noon, late]),
    ]
    assert sum(len(day.morning + day.afternoon) for day in days) == 4


def test_a_meeting_over_the_week_end_stands_on_monday():
    user = UserFactory(is_superuser=True)
    long = MeetingFactory(starts_at=at(22, 20), ends_at=at(23, 10))
    assert schedule(user, WEEK)[0].morning == [long]


def test_days_off_and_made_up_days_are_marked():
    user = UserFactory()
    culture = next(day for day in schedule(user, WEEK) if day.on.day == 24)
    assert (culture.is_working, culture.note) == (False, "Ngày Văn hóa Việt Nam")
    august = schedule(user, Week(date(2026, 8, 17)))
    assert [day.on.day for day in august] == [17, 18, 19, 20, 21, 22]
    assert august[-1].is_working
    assert august[-1].note


def test_the_page_shows_what_one_may_see(client):
    department = DepartmentFactory()
    officer = make_member(department)
    room = RoomFactory(name="Phòng họp A")
    MeetingFactory(title="Họp mở", office_wide=True, room=room, preparation="Văn phòng")
    MeetingFactory(title="Họp phòng", departments=[department], starts_at=at(24, 14))
    MeetingFactory(title="Họp kín")
    client.force_login(officer)
    page = client.get("/meetings/?week=2026-W48").content.decode()
    for text in ("Họp mở", "Họp phòng", "Phòng họp A", "Văn phòng", department.name, "2026-W47", "2026-W49"):
        assert text in page
    assert "Họp kín" not in page


def test_only_mine_leaves_out_what_an_administrator_merely_sees(client):
    admin = UserFactory(is_superuser=True)
    MeetingFactory(title="Họp kín")
    client.force_login(admin)
    assert "Họp kín" in client.get("/meetings/?week=2026-W48").content.decode()
    assert "Họp kín" not in client.get("/meetings/?week=2026-W48&mine=1").content.decode()


@pytest.mark.parametrize("week", ["", "nonsense", "2026-W99", "0000-W01", "9999-W52", "%00"])
def test_a_wrong_week_is_the_present_one(client, week):
    client.force_login(UserFactory())
    response = client.get(f"/meetings/?week={week}")
    assert response.status_code == 200
    assert response.context["week"] == response.context["this_week"]


@pytest.mark.parametrize("count", [1, 60])
def test_the_page_costs_at_most_twelve_queries(client, django_assert_max_num_queries, count):
    department = DepartmentFactory()
    people = [make_member(department) for _number in range(3)]
    room = RoomFactory()
    for number in range(count):
        MeetingFactory(
            starts_at=MORNING + timedelta(minutes=number),
            office_wide=True,
            room=room,
            people=people,
            departments=[department],
        )
    client.force_login(people[0])
    client.get("/meetings/?week=2026-W48")
    with django_assert_max_num_queries(12):
        assert client.get("/meetings/?week=2026-W48").status_code == 200


def test_cancelled_and_changed_meetings_are_marked(client):
    MeetingFactory(title="Đã hủy", status="cancelled", office_wide=True)
    MeetingFactory(title="Đã đổi", sequence=1, office_wide=True)
    client.force_login(UserFactory(language="en"))
    page = client.get("/meetings/?week=2026-W48").content.decode()
    assert "is-cancelled" in page
    assert ">Cancelled</span>" in page
    assert ">Changed</span>" in page
