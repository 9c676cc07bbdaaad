"""Who sees which meeting, on every page."""

import pytest
import time_machine

from home.meetings.api import today_for
from home.meetings.models import Meeting
from tests.factories.meetings import MORNING, MeetingFactory
from tests.factories.people import DepartmentFactory, MembershipFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


def sees(user, meeting):
    return Meeting.objects.visible_to(user).filter(pk=meeting.pk).exists()


def test_those_who_take_part_see_it_and_others_do_not():
    person, chair, stranger = UserFactory(), UserFactory(), UserFactory()
    meeting = MeetingFactory(chair=chair, people=[person])
    assert sees(person, meeting)
    assert sees(chair, meeting)
    assert not sees(stranger, meeting)


def test_an_invited_department_stands_for_those_below_it_but_not_above():
    top = DepartmentFactory()
    below = DepartmentFactory(parent=top)
    head, officer = make_member(top), make_member(below)
    assert sees(officer, MeetingFactory(departments=[top]))
    assert not sees(head, MeetingFactory(departments=[below]))


def test_a_former_member_no_longer_sees_it():
    department = DepartmentFactory()
    left = UserFactory()
    MembershipFactory(user=left, department=department, until="2020-01-01")
    assert not sees(left, MeetingFactory(departments=[department]))


def test_the_schedule_of_the_office_is_seen_by_everyone_who_works_here():
    meeting = MeetingFactory(office_wide=True)
    assert sees(UserFactory(), meeting)
    assert not sees(UserFactory(is_active=False), meeting)


def test_a_draft_is_its_organisers_own():
    organiser, person = UserFactory(), UserFactory()
    draft = MeetingFactory(status="draft", organiser=organiser, people=[person], office_wide=True)
    assert sees(organiser, draft)
    assert not sees(person, draft)
    assert not sees(draft.chair, draft)


def test_administrators_see_all_but_are_not_concerned_by_all():
    admin = UserFactory(is_superuser=True)
    meeting = MeetingFactory()
    assert sees(admin, meeting)
    assert not Meeting.objects.concerning(admin).exists()


def test_one_person_named_twice_gets_one_row():
    department = DepartmentFactory()
    person = make_member(department)
    meeting = MeetingFactory(chair=person, people=[person], departments=[department], office_wide=True)
    assert list(Meeting.objects.visible_to(person)) == [meeting]


PAGES = ["/meetings/{}/", "/meetings/{}/meeting.ics"]
FORMS = ["/meetings/{}/edit/", "/meetings/{}/cancel/"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_a_meeting(client, path):
    person, stranger = UserFactory(), UserFactory()
    address = path.format(MeetingFactory(people=[person]).pk)
    assert client.get(address).url.startswith("/login/")
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    client.force_login(person)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("path", FORMS)
def test_only_the_organiser_and_administrators_change_a_meeting(client, path):
    person, organiser, admin = UserFactory(), UserFactory(), UserFactory(is_superuser=True)
    meeting = MeetingFactory(people=[person], organiser=organiser)
    address = path.format(meeting.pk)
    before = Meeting.objects.values().get()
    data = {"title": "Khác", "reason": "Không"}
    assert client.get(address).url.startswith("/login/")
    for stranger in (person, UserFactory()):
        client.force_login(stranger)
        assert client.get(address).status_code == 404
        assert client.post(address, data).status_code == 404
    assert Meeting.objects.values().get() == before
    for may in (organiser, admin):
        client.force_login(may)
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("path", ["/meetings/", "/meetings/new/", "/meetings/calendar/"])
def test_visitors_are_sent_to_the_login_page(client, path):
    assert client.get(path).url.startswith("/login/")
    client.force_login(UserFactory())
    assert client.get(path).status_code == 200


def test_today_is_for_those_concerned():
    with time_machine.travel(MORNING, tick=False):
        _check_today()


def _check_today():
    person = UserFactory()
    mine = MeetingFactory(people=[person])
    MeetingFactory(people=[person], status="cancelled")
    MeetingFactory()
    assert today_for(person) == [mine]
