"""Calendar feeds and files."""

from datetime import date, timedelta

import pytest
import recurring_ical_events
from django.utils import timezone
from icalendar import Calendar

from home.meetings.api import cancel_meeting, save_meeting
from home.meetings.models import CalendarFeed, Meeting
from tests.factories.meetings import MORNING, MeetingFactory, RoomFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return UserFactory()


@pytest.fixture
def address(owner):
    return f"/meetings/feed/{CalendarFeed.objects.create(user=owner).token}.ics"


def events(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def test_a_feed_holds_what_concerns_its_owner(client, owner, address):
    room = RoomFactory(name="Phòng họp A")
    mine = MeetingFactory(title="Họp, giao ban; tuần", people=[owner], room=room, agenda="Một\nHai")
    MeetingFactory(title="Của cơ quan", office_wide=True)
    MeetingFactory(title="Họp kín")
    MeetingFactory(title="Nháp của người khác", status="draft", office_wide=True)
    MeetingFactory(title="Cũ", people=[owner], starts_at=timezone.now() - timedelta(days=400))
    calendar = events(client.get(address))
    found = {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}
    assert set(found) == {"Họp, giao ban; tuần", "Của cơ quan"}
    event = found[mine.title]
    assert event["DTSTART"].dt == MORNING
    assert event["DTSTART"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert str(event["LOCATION"]) == "Phòng họp A"
    assert "Một\nHai" in str(event["DESCRIPTION"])
    assert str(event["STATUS"]) == "CONFIRMED"
    for name in ("DTSTAMP", "LAST-MODIFIED", "UID"):
        assert name in event
    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Asia/Ho_Chi_Minh"
    (standard,) = zone.walk("STANDARD")
    assert standard["TZOFFSETTO"].td == timedelta(hours=7)


def test_calendar_programs_find_the_events_of_a_day(client, owner, address):
    MeetingFactory(people=[owner], title="Sáng thứ Ba")
    calendar = events(client.get(address))
    found = recurring_ical_events.of(calendar).at(date(2026, 11, 24))
    assert [str(event["SUMMARY"]) for event in found] == ["Sáng thứ Ba"]
    assert recurring_ical_events.of(calendar).at(date(2026, 11, 25)) == []


def test_a_change_keeps_the_uid_and_raises_the_sequence(client, owner, address):
    meeting = MeetingFactory(people=[owner])
    (before,) = events(client.get(address)).walk("VEVENT")
    meeting = Meeting.objects.get()
    meeting.starts_at += timedelta(hours=1)
    meeting.ends_at += timedelta(hours=1)
    save_meeting(meeting, by=meeting.organiser, people=[owner], departments=[])
    (after,) = events(client.get(address)).walk("VEVENT")
    assert after["UID"] == before["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["DTSTART"].dt == MORNING + timedelta(hours=1)
    cancel_meeting(meeting, by=meeting.organiser, reason="Bận")
    (gone,) = events(client.get(address)).walk("VEVENT")
    assert (str(gone["STATUS"]), gone["SEQUENCE"]) == ("CANCELLED", 2)


def test_an_unchanged_feed_is_not_sent_again(client, owner, address):
    meeting = MeetingFactory(people=[owner])
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    meeting.people.clear()
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_wrong_and_revoked_addresses_are_not_there(client, owner, address):
    assert client.get("/meetings/feed/wrong.ics").status_code == 404
    client.force_login(owner)
    client.post("/meetings/calendar/renew/")
    assert client.get(address).status_code == 404
    renewed = f"/meetings/feed/{CalendarFeed.objects.get().token}.ics"
    assert client.get(renewed).status_code == 200
    client.post("/meetings/calendar/revoke/")
    assert client.get(renewed).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_a_person_who_left_has_no_feed(client, owner, address):
    owner.is_active = False
    owner.save()
    assert client.get(address).status_code == 404


def test_the_page_shows_ones_own_address_only(client, owner, address, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://congso.example"
    other = UserFactory()
    client.force_login(owner)
    assert f"https://congso.example{address}" in client.get("/meetings/calendar/").content.decode()
    client.force_login(other)
    assert address not in client.get("/meetings/calendar/").content.decode()
    assert client.get("/meetings/calendar/renew/").status_code == 405
    client.post("/meetings/calendar/revoke/")
    assert CalendarFeed.objects.filter(user=owner).exists()


def test_an_administrators_feed_is_not_the_whole_office(client):
    admin = UserFactory(is_superuser=True)
    feed = CalendarFeed.objects.create(user=admin)
    MeetingFactory()
    assert not events(client.get(f"/meetings/feed/{feed.token}.ics")).walk("VEVENT")


@pytest.mark.parametrize("count", [1, 100])
def test_a_feed_costs_the_same_queries_whatever_its_length(
    client, owner, address, django_assert_max_num_queries, count
):
    room = RoomFactory()
    chair = UserFactory()
    Meeting.objects.bulk_create(
        Meeting(
            title=f"Họp {number}",
            chair=chair,
            organiser=chair,
            room=room,
            office_wide=True,
            starts_at=MORNING + timedelta(hours=number),
            ends_at=MORNING + timedelta(hours=number + 1),
        )
        for number in range(count)
    )
    with django_assert_max_num_queries(4):
        assert len(events(client.get(address)).walk("VEVENT")) == count


def test_one_meeting_as_a_file(client, owner):
    meeting = MeetingFactory(people=[owner], title="Họp giao ban")
    client.force_login(owner)
    response = client.get(f"/meetings/{meeting.pk}/meeting.ics")
    (event,) = events(response).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Họp giao ban"
    assert "attachment" in response["Content-Disposition"]
