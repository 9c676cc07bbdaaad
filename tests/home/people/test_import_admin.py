"""The import in the Wagtail admin."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from home.people.api import ADMIN_GROUP, User
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/admin/people/import/"
GOOD = "Tên đăng nhập,Họ và tên đệm,Tên\nduc,Nguyễn,Đức\n"


def upload(text, name="people.csv"):
    return {"file": SimpleUploadedFile(name, text.encode())}


@pytest.fixture
def admin(client):
    user = UserFactory(username="quantri")
    group = Group.objects.create(name=ADMIN_GROUP)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    client.force_login(user)
    return client


@pytest.fixture
def editor(client):
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return client


def test_a_file_is_checked_then_stored(admin):
    assert admin.get(PAGE).status_code == 200
    checked = admin.post(PAGE, upload(GOOD))
    assert checked.status_code == 200 and checked.context["result"].ok
    assert not User.objects.filter(username="duc").exists()
    assert admin.post(PAGE, {"apply": "1"}).status_code == 302
    assert User.objects.filter(username="duc").exists()


def test_a_checked_file_is_stored_once(admin):
    admin.post(PAGE, upload(GOOD))
    admin.post(PAGE, {"apply": "1"})
    again = admin.post(PAGE, {"apply": "1"}, follow=True)
    assert any(message.level_tag == "error" for message in again.context["messages"])


def test_bad_rows_are_listed_and_cannot_be_stored(admin):
    answer = admin.post(PAGE, upload("username,first name\nbad name,<b>x</b>\n"))
    assert answer.status_code == 422
    assert "<b>x</b>" not in answer.content.decode()
    assert [problem.row for problem in answer.context["problems"]] == [2, 2]
    assert admin.post(PAGE, {"apply": "1"}).status_code == 302
    assert User.objects.count() == 1


def test_a_bad_file_after_a_good_one_drops_the_good_one(admin):
    admin.post(PAGE, upload(GOOD))
    admin.post(PAGE, upload("username\nbad name\n"))
    admin.post(PAGE, {"apply": "1"})
    assert not User.objects.filter(username="duc").exists()


def test_what_became_wrong_between_check_and_import_is_refused(admin):
    admin.post(PAGE, upload("username,first name,last name,department,position\nduc,A,B,,\nx,A,B,TH,CV\n"))
    answer = admin.post(PAGE, {"apply": "1"})
    assert answer.status_code == 302
    assert not User.objects.filter(username="duc").exists()


@pytest.mark.parametrize("data", [{}, {"file": "text"}])
def test_a_missing_file_is_named(admin, data):
    answer = admin.post(PAGE, data)
    assert answer.status_code == 422 and "file" in answer.context["form"].errors


def test_an_unreadable_file_is_refused_with_the_reason(admin):
    answer = admin.post(PAGE, upload("PK broken", "x.xlsx"))
    assert answer.status_code == 422 and answer.context["form"].errors["file"]


def test_the_template_can_be_downloaded(admin):
    answer = admin.get(PAGE + "template.xlsx")
    assert answer.status_code == 200 and answer.content.startswith(b"PK")


@pytest.mark.parametrize("address", [PAGE, PAGE + "template.xlsx"])
def test_who_is_no_administrator_finds_no_page(editor, address):
    assert editor.get(address).status_code == 404


def test_who_is_no_administrator_imports_nothing(editor):
    before = User.objects.count()
    assert editor.post(PAGE, upload(GOOD)).status_code == 404
    assert editor.post(PAGE, {"apply": "1"}).status_code == 404
    assert User.objects.count() == before


def test_the_menu_shows_the_import_to_administrators_only(admin):
    assert PAGE in admin.get("/admin/").content.decode()


def test_the_menu_hides_the_import_from_editors(editor):
    assert PAGE not in editor.get("/admin/").content.decode()
