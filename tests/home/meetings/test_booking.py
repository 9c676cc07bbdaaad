"""Registering meetings: one booking holds a room, clashes are warned of, those concerned are told."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from home.meetings.api import ChangedMeanwhileError, RoomTakenError, cancel_meeting, save_meeting
from home.meetings.models import Meeting
from home.notifications.api import Notification
from tests.factories.meetings import MORNING, MeetingFactory, RoomFactory
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


def book(room, by, **values):
    meeting = Meeting(
        **{"title": "Họp", "room": room, "chair": by, "organiser": by, "starts_at": MORNING}
        | {"ends_at": MORNING + timedelta(hours=2)}
        | values
    )
    return save_meeting(meeting, by=by, people=[], departments=[])


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def form(client, user):
    """Post the form; give what differs from a good one."""
    client.force_login(user)

    def post(path="/meetings/new/", **values):
        data = {"title": "Họp giao ban", "on": "2026-11-24", "starts": "08:00", "ends": "10:00"}
        data |= {"chair": user.pk, "action": "schedule", **values}
        return client.post(path, data)

    return post


# --- rooms -------------------------------------------------------------------------------------------------


def test_a_room_is_not_booked_twice(user):
    room = RoomFactory()
    first = book(room, user)
    with pytest.raises(RoomTakenError) as error:
        book(room, user, starts_at=MORNING + timedelta(minutes=119), ends_at=MORNING + timedelta(hours=3))
    assert error.value.other == first
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize("hours", [-2, 2])
def test_one_meeting_after_another_is_fine(user, hours):
    room = RoomFactory()
    book(room, user)
    start = MORNING + timedelta(hours=hours)
    book(room, user, starts_at=start, ends_at=start + timedelta(hours=2))
    assert Meeting.objects.count() == 2


def test_drafts_and_cancelled_meetings_hold_no_room(user):
    room = RoomFactory()
    book(room, user, status="draft")
    cancel_meeting(book(room, user), by=user, reason="Bận")
    book(room, user)
    assert Meeting.objects.scheduled().count() == 1


def test_a_draft_meets_the_room_rule_when_it_is_scheduled(user):
    room = RoomFactory()
    draft = book(room, user, status="draft")
    book(room, user)
    draft.status = "scheduled"
    with pytest.raises(RoomTakenError):
        save_meeting(draft, by=user, people=[], departments=[])
    assert Meeting.objects.get(pk=draft.pk).status == "draft"


def test_a_meeting_may_be_moved_within_its_own_time(user):
    meeting = book(RoomFactory(), user)
    meeting.ends_at += timedelta(minutes=30)
    assert save_meeting(meeting, by=user, people=[], departments=[]).sequence == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_bookings_at_the_same_moment_one_wins():
    room, people = RoomFactory(), UserFactory.create_batch(8)
    gate = threading.Barrier(8)
    outcomes = []

    def run(person):
        gate.wait()
        try:
            book(room, person)
            outcomes.append("won")
        except RoomTakenError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 7 + ["won"]
    assert Meeting.objects.count() == 1


def test_a_change_by_somebody_else_is_not_written_over(user):
    meeting = book(None, user)
    stale = Meeting.objects.get()
    meeting.title = "Khác"
    save_meeting(meeting, by=user, people=[], departments=[], expected_sequence=0)
    stale.title = "Lỗi"
    with pytest.raises(ChangedMeanwhileError):
        save_meeting(stale, by=user, people=[], departments=[], expected_sequence=0)
    assert Meeting.objects.get().title == "Khác"


# --- the form ----------------------------------------------------------------------------------------------


def test_a_good_form_makes_a_meeting(form, user):
    person, department, room = UserFactory(), DepartmentFactory(), RoomFactory()
    response = form(people=[person.pk], departments=[department.pk], room=room.pk, agenda="Một\nHai")
    meeting = Meeting.objects.get()
    assert response.url == f"/meetings/{meeting.pk}/"
    assert (meeting.organiser, meeting.room, meeting.agenda) == (user, room, "Một\nHai")
    assert meeting.starts_at == MORNING
    assert list(meeting.people.all()) == [person]
    assert list(meeting.departments.all()) == [department]


def test_text_is_stored_composed(form):
    form(title="Ho\u0323p  giao ban\u200b")
    assert Meeting.objects.get().title == "Họp giao ban"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends": "07:00"}, "ends"),
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"on": "31/02/2026"}, "on"),
        ({"on": "9999-12-31"}, "on"),
        ({"chair": "999999"}, "chair"),
        ({"people": ["x"]}, "people"),
        ({"room": "x"}, "room"),
        ({"starts": "25:00"}, "starts"),
        ({"version": "x"}, "version"),
    ],
)
def test_bad_input_is_named_and_kept(form, values, field):
    response = form(**{"preparation": "Văn thư", **values})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "Văn thư" in response.content.decode()
    assert not Meeting.objects.exists()


def test_a_taken_room_is_refused_without_telling_what_one_may_not_see(form):
    room = RoomFactory()
    MeetingFactory(room=room, title="Họp kín")
    response = form(room=room.pk)
    text = str(response.context["form"].errors["room"])
    assert "08:00" in text
    assert "Họp kín" not in response.content.decode()
    assert Meeting.objects.count() == 1


def test_a_person_in_two_meetings_is_warned_of_and_may_be_saved_anyway(form, user):
    busy = UserFactory(last_name="Trần", first_name="Bận")
    MeetingFactory(people=[busy], title="Họp kín")
    response = form(people=[busy.pk])
    page = response.content.decode()
    assert response.status_code == 422
    assert "Trần Bận" in str(response.context["form"].warnings)
    assert "Họp kín" not in page
    assert 'name="save_anyway"' in page
    assert form(people=[busy.pk], save_anyway="on").status_code == 302


def test_too_few_seats_are_warned_of(form):
    room = RoomFactory(capacity=1)
    person = UserFactory()
    assert len(form(room=room.pk, people=[person.pk]).context["form"].warnings) == 1
    assert form(room=room.pk, people=[person.pk], save_anyway="on").status_code == 302


def test_editing_keeps_what_was_not_changed(client, form, user):
    person = UserFactory()
    form(people=[person.pk], place="Hội trường")
    meeting = Meeting.objects.get()
    page = client.get(f"/meetings/{meeting.pk}/edit/").content.decode()
    for text in ("Hội trường", 'value="2026-11-24"', 'value="08:00"', 'value="10:00"'):
        assert text in page
    assert form(f"/meetings/{meeting.pk}/edit/", people=[person.pk], version="7").status_code == 422
    response = form(f"/meetings/{meeting.pk}/edit/", people=[person.pk], version="0", place="Sảnh")
    assert response.status_code == 302
    meeting.refresh_from_db()
    assert (meeting.place, meeting.sequence, meeting.organiser) == ("Sảnh", 1, user)


def test_an_announced_meeting_does_not_become_a_draft_again(form):
    form()
    meeting = Meeting.objects.get()
    form(f"/meetings/{meeting.pk}/edit/", action="draft", version="0")
    meeting.refresh_from_db()
    assert meeting.status == "scheduled"


def test_a_cancelled_meeting_is_not_edited_or_cancelled_again(client, user, form):
    form()
    meeting = Meeting.objects.get()
    address = f"/meetings/{meeting.pk}/cancel/"
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": "Trùng lịch"}).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.status, meeting.cancel_reason, meeting.sequence) == ("cancelled", "Trùng lịch", 1)
    assert client.get(address).status_code == 404
    assert client.get(f"/meetings/{meeting.pk}/edit/").status_code == 404
    assert "Trùng lịch" in client.get(f"/meetings/{meeting.pk}/").content.decode()


def test_a_room_out_of_use_is_not_offered(form):
    room = RoomFactory(is_active=False)
    assert "room" in form(room=room.pk).context["form"].errors


def test_a_new_form_proposes_oneself_as_chair(client, user):
    client.force_login(user)
    form = client.get("/meetings/new/?on=2026-11-24").context["form"]
    assert form["chair"].value() == user.pk
    assert form["on"].value() == "2026-11-24"


# --- telling -----------------------------------------------------------------------------------------------


def told(kind):
    return set(Notification.objects.filter(kind=f"meetings.{kind}").values_list("recipient", flat=True))


def test_those_concerned_are_invited_and_nobody_else(user):
    department = DepartmentFactory()
    below = DepartmentFactory(parent=department)
    member, deep, named, stranger = make_member(department), make_member(below), UserFactory(), UserFactory()
    meeting = Meeting(title="Họp", chair=user, organiser=user, starts_at=MORNING, office_wide=True)
    meeting.ends_at = MORNING + timedelta(hours=1)
    save_meeting(meeting, by=user, people=[named, member], departments=[department])
    assert told("invited") == {member.pk, deep.pk, named.pk}
    assert Notification.objects.count() == 3
    assert stranger.pk not in told("invited")


def test_a_draft_tells_nobody_until_it_is_scheduled(user):
    named = UserFactory()
    draft = book(None, user, status="draft")
    save_meeting(draft, by=user, people=[named], departments=[])
    assert not Notification.objects.exists()
    draft.status = "scheduled"
    save_meeting(draft, by=user, people=[named], departments=[])
    assert told("invited") == {named.pk}
    assert draft.sequence == 0


def test_changes_tell_who_stays_who_comes_and_who_goes(user):
    stays, goes, comes = UserFactory.create_batch(3)
    meeting = book(None, user)
    save_meeting(meeting, by=user, people=[stays, goes], departments=[])
    Notification.objects.all().delete()
    meeting.place = "Hội trường B"
    save_meeting(meeting, by=user, people=[stays, comes], departments=[])
    assert (told("changed"), told("invited"), told("removed")) == ({stays.pk}, {comes.pk}, {goes.pk})


def test_saving_without_a_change_tells_nobody(user):
    named = UserFactory()
    meeting = book(None, user)
    save_meeting(meeting, by=user, people=[named], departments=[])
    Notification.objects.all().delete()
    save_meeting(Meeting.objects.get(), by=user, people=[named], departments=[])
    assert not Notification.objects.exists()
    assert Meeting.objects.get().sequence == 0


def test_a_cancellation_tells_the_reason(user):
    named = UserFactory()
    meeting = book(None, user)
    save_meeting(meeting, by=user, people=[named], departments=[])
    assert cancel_meeting(meeting, by=user, reason="Lãnh đạo đi công tác")
    assert not cancel_meeting(meeting, by=user, reason="Lần nữa")
    assert told("cancelled") == {named.pk}
    row = Notification.objects.get(kind="meetings.cancelled")
    assert "Lãnh đạo đi công tác" in row.words.body
    assert "08:00" in row.words.body
    assert row.url == f"/meetings/{meeting.pk}/"


def test_a_refused_booking_tells_nobody(user):
    room = RoomFactory()
    MeetingFactory(room=room)
    with pytest.raises(RoomTakenError):
        book(room, user, chair=UserFactory())
    assert not Notification.objects.exists()
