"""The calendar in the Wagtail admin: rows are edited, checked, and doubted where they are probably mistaken."""

from datetime import date, time

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from home.worktime import api
from home.worktime.doubts import doubts
from home.worktime.guess import first_guess
from home.worktime.models import Holiday, MakeUpDay, WorkingHours
from tests.factories.people import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db
NEXT = timezone.localdate().year + 1
MORNING = {"morning_start": "08:00", "morning_end": "11:00"}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def root(client):
    client.force_login(UserFactory(username="root", is_superuser=True, language="en"))
    return client


@pytest.fixture
def editor():
    """A browser of somebody who may enter the admin, and do there what the test grants."""
    user = UserFactory(language="en")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def address(kind, view="add", *args):
    return reverse(f"wagtailsnippets_worktime_{kind}:{view}", args=args)


def warned(response):
    return [str(message) for message in get_messages(response.wsgi_request) if "warning" in message.tags]


def post(client, kind, **data):
    return client.post(address(kind), data)


# --- what is stored ----------------------------------------------------------------------------------------


def test_a_holiday_that_is_entered_edited_and_deleted_counts_at_once(root):
    day = date(2026, 11, 25)
    response = post(root, "holiday", on="2026-11-25", name="Nghỉ bão", part="day", confirmed="on")
    assert response.status_code == 302
    assert warned(response) == []
    assert not api.is_working_day(day)
    row = Holiday.objects.get(on=day)
    moved = {"on": "2026-11-26", "name": "Nghỉ bão", "part": "afternoon"}
    assert root.post(address("holiday", "edit", row.pk), moved).status_code == 302
    assert api.is_working_day(day)
    assert len(api.calendar_for().intervals(date(2026, 11, 26))) == 1
    assert root.post(address("holiday", "delete", row.pk)).status_code == 302
    assert len(api.calendar_for().intervals(date(2026, 11, 26))) == 2


def test_a_make_up_saturday_that_is_entered_counts_at_once(root):
    response = post(root, "makeupday", on="2026-11-28", name="Làm bù", as_weekday="0")
    assert response.status_code == 302
    assert warned(response) == []
    assert api.is_working_day(date(2026, 11, 28))


def test_hours_of_a_department_that_are_entered_count_at_once(root):
    place = DepartmentFactory()
    assert post(root, "workinghours", department=place.pk, weekday="5", **MORNING).status_code == 302
    assert api.is_working_day(date(2026, 11, 28), department=place)
    assert not api.is_working_day(date(2026, 11, 28))


# --- what is refused ---------------------------------------------------------------------------------------

HOURS = {
    "the end is before the beginning": (
        {"morning_start": "11:00", "morning_end": "08:00"},
        "after the beginning",
    ),
    "the end is the beginning": ({"morning_start": "08:00", "morning_end": "08:00"}, "after the beginning"),
    "the end is missing": ({"afternoon_start": "13:00"}, "or neither"),
    "the beginning is missing": ({**MORNING, "afternoon_end": "17:00"}, "or neither"),
    "the half-days overlap": (
        {**MORNING, "afternoon_start": "10:59", "afternoon_end": "17:00"},
        "before the morning ends",
    ),
    "the afternoon is before the morning": (
        {**MORNING, "afternoon_start": "05:00", "afternoon_end": "07:00"},
        "before the morning ends",
    ),
    "there is no half-day": ({}, "at least one half-day"),
    "the weekday has its row": ({**MORNING, "weekday": "0"}, "already exists|violated"),
    "there is no such weekday": ({**MORNING, "weekday": "7"}, "valid choice"),
}


@pytest.mark.parametrize("why", HOURS)
def test_hours_that_cannot_be_are_refused(root, why):
    data, message = HOURS[why]
    before = list(WorkingHours.objects.values_list())
    response = post(root, "workinghours", **{"weekday": "5", **data})
    assert response.status_code == 200
    assert any(part in response.content.decode() for part in message.split("|"))
    assert list(WorkingHours.objects.values_list()) == before


def test_half_days_that_touch_are_accepted(root):
    touching = {
        "morning_start": "08:00",
        "morning_end": "12:00",
        "afternoon_start": "12:00",
        "afternoon_end": "15:00",
    }
    assert post(root, "workinghours", weekday="5", **touching).status_code == 302


def test_one_department_has_one_row_a_weekday(root):
    place = DepartmentFactory()
    for status in (302, 200):
        assert post(root, "workinghours", department=place.pk, weekday="5", **MORNING).status_code == status
    assert WorkingHours.objects.filter(department=place).count() == 1


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        ("holiday", {"on": "2026-11-24", "name": "Hai lần", "part": "day"}, "already exists"),
        ("holiday", {"on": "2026-02-30", "name": "Không có", "part": "day"}, "valid date"),
        ("holiday", {"on": "2026-11-25", "name": "Đêm", "part": "night"}, "valid choice"),
        ("makeupday", {"on": "2026-08-22", "name": "Hai lần", "as_weekday": "0"}, "already exists"),
        ("makeupday", {"on": "2026-11-28", "name": "Như Chủ nhật", "as_weekday": "6"}, "no working hours"),
    ],
)
def test_days_that_cannot_be_are_refused(root, kind, data, message):
    before = Holiday.objects.count(), MakeUpDay.objects.count()
    response = post(root, kind, **data)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert (Holiday.objects.count(), MakeUpDay.objects.count()) == before


# --- what is doubted ---------------------------------------------------------------------------------------


def test_a_make_up_day_that_is_worked_anyway_is_stored_with_a_warning(root):
    response = post(root, "makeupday", on="2026-11-25", name="Làm bù", as_weekday="0")
    assert MakeUpDay.objects.filter(on=date(2026, 11, 25)).exists()
    [warning] = warned(response)
    assert "25/11/2026 is a working day anyway" in warning


def test_the_warning_comes_when_a_row_is_moved_onto_such_a_day_too(root):
    row = MakeUpDay.objects.get(on=date(2026, 8, 22))
    moved = {"on": "2026-08-21", "name": row.name, "as_weekday": "0"}
    [warning] = warned(root.post(address("makeupday", "edit", row.pk), moved))
    assert "21/08/2026" in warning


def test_a_day_that_is_off_and_made_up_for_is_doubted_from_both_sides(root):
    [warning] = warned(post(root, "makeupday", on="2026-11-24", name="Trực", as_weekday="0"))
    assert "a holiday as well" in warning and "Ngày Văn hóa Việt Nam" in warning
    warning = warned(post(root, "holiday", on="2026-08-22", name="Nghỉ", part="day"))[-1]
    assert "22/08/2026 is a make-up day as well" in warning
    assert api.is_working_day(date(2026, 8, 22))


def test_a_holiday_on_a_sunday_moves_nothing_and_says_so_unless_a_department_works_then(root):
    [warning] = warned(post(root, "holiday", on="2026-11-29", name="Nghỉ", part="day"))
    assert "moves no deadline" in warning
    WorkingHours.objects.create(
        department=DepartmentFactory(), weekday=6, morning_start=time(8), morning_end=time(11)
    )
    assert doubts(Holiday.objects.get(on=date(2026, 11, 29))) == []


def test_the_first_row_of_a_department_says_what_it_does(root):
    place = DepartmentFactory(name="Phòng Một cửa")
    first = post(root, "workinghours", department=place.pk, weekday="5", **MORNING)
    assert ["Phòng Một cửa" in text for text in warned(first)] == [True]
    second = Client()
    second.force_login(UserFactory(is_superuser=True, language="en"))
    assert warned(post(second, "workinghours", department=place.pk, weekday="4", **MORNING)) == []


def test_hours_of_the_office_are_not_doubted(root):
    assert warned(post(root, "workinghours", weekday="5", **MORNING)) == []


# --- the first guess ---------------------------------------------------------------------------------------


def test_the_guess_is_shown_then_added_then_empty(root):
    Holiday.objects.filter(on__year=NEXT).delete()
    kept = Holiday.objects.create(on=first_guess(NEXT)[0][0], name="Đã sửa", confirmed=True)
    page = root.get(reverse("worktime_guess"))
    expected = first_guess(NEXT)[1:]
    assert [(row.on, row.name) for row in page.context["rows"]] == expected
    assert Holiday.objects.filter(on__year=NEXT).count() == 1

    response = root.post(reverse("worktime_guess"), {"year": NEXT})
    assert response.url == address("holiday", "list")
    added = Holiday.objects.filter(on__year=NEXT).exclude(pk=kept.pk)
    assert [(row.on, row.name) for row in added] == expected
    assert set(added.values_list("confirmed", flat=True)) == {False}
    kept.refresh_from_db()
    assert (kept.name, kept.confirmed) == ("Đã sửa", True)
    assert not api.is_working_day(expected[0][0])

    assert b"Nothing to add" in root.get(reverse("worktime_guess"), {"year": NEXT}).content
    root.post(reverse("worktime_guess"), {"year": NEXT})
    assert Holiday.objects.filter(on__year=NEXT).count() == len(expected) + 1


def test_each_guessed_row_stands_in_the_log_with_who_added_it(root):
    Holiday.objects.filter(on__year=NEXT).delete()
    root.post(reverse("worktime_guess"), {"year": NEXT})
    entries = ModelLogEntry.objects.filter(action="wagtail.create", content_type__model="holiday")
    assert {entry.user.username for entry in entries} == {"root"}
    assert {entry.object_id for entry in entries} == {
        str(pk) for pk in Holiday.objects.filter(on__year=NEXT).values_list("pk", flat=True)
    }


@pytest.mark.parametrize("year", ["1900", "9999", "-1", "x", "", str(NEXT + 50)])
def test_other_years_are_refused(root, year):
    before = Holiday.objects.count()
    assert root.post(reverse("worktime_guess"), {"year": year}).status_code == 422
    assert root.get(reverse("worktime_guess"), {"year": year}).status_code == 422
    assert Holiday.objects.count() == before


def test_the_list_of_holidays_leads_to_the_guess(root):
    assert reverse("worktime_guess") in root.get(address("holiday", "list")).content.decode()


def test_who_may_not_add_holidays_finds_no_guess(editor):
    Holiday.objects.filter(on__year=NEXT).delete()
    assert editor.get(reverse("worktime_guess")).status_code == 404
    assert editor.post(reverse("worktime_guess"), {"year": NEXT}).status_code == 404
    assert not Holiday.objects.filter(on__year=NEXT).exists()
    editor.user.user_permissions.add(
        Permission.objects.get(codename="add_holiday", content_type__app_label="worktime")
    )
    assert editor.get(reverse("worktime_guess")).status_code == 200
    assert editor.post(reverse("worktime_guess"), {"year": NEXT}).status_code == 302
    assert Holiday.objects.filter(on__year=NEXT).exists()


def test_who_may_not_change_the_calendar_cannot(editor):
    before = Holiday.objects.count()
    response = post(editor, "holiday", on="2026-11-25", name="Nghỉ", part="day")
    assert response.status_code in (302, 403, 404)
    assert Holiday.objects.count() == before
