"""The audit trail in the Wagtail admin: read by administrators, by nobody else, and never changed."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.audit.api import Entry, record
from home.people.api import ADMIN_GROUP
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/admin/reports/audit/"


@pytest.fixture
def reader(client):
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    return client


@pytest.fixture
def admin(reader):
    from home.people.api import User

    User.objects.get().groups.add(Group.objects.create(name=ADMIN_GROUP))
    return reader


@pytest.fixture
def acts():
    duc, lan = UserFactory(last_name="Lê", first_name="Đức"), UserFactory(last_name="Lê", first_name="Lan")
    record(
        Entry(verb="dossier.opened", by=duc, target="dossier:1", label="Nghỉ phép", data={"days": 3}),
        Entry(verb="task.approved", by=lan, target="dossier:1"),
        Entry(verb="task.approved", by=lan, on_behalf_of=duc, target="dossier:12"),
    )
    return duc, lan


def numbers(answer):
    return [entry.seq for entry in answer.context["object_list"]]


def test_administrators_read_the_newest_first(admin, acts):
    answer = admin.get(PAGE)
    assert answer.status_code == 200
    assert numbers(answer) == [3, 2, 1]
    html = answer.content.decode()
    assert "Nghỉ phép" in html and "Lê Đức" in html and "days" in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"person": "duc"}, [3, 1]),
        ({"verb": "task"}, [3, 2]),
        ({"target": "dossier:1"}, [2, 1]),
        ({"at_from": "2000-01-01", "at_to": "2000-01-02"}, []),
        ({"person": "\x00"}, None),
        ({"at_from": "no date"}, None),
    ],
)
def test_filters(admin, acts, query, found):
    answer = admin.get(PAGE, query)
    assert answer.status_code == 200
    assert found is None or numbers(answer) == found


@pytest.mark.parametrize("address", [PAGE, PAGE + "results/", PAGE + "?export=csv"])
def test_who_is_no_administrator_finds_no_page(reader, acts, address):
    assert reader.get(address).status_code == 404


def test_the_trail_is_not_exported(admin, acts):
    assert admin.get(PAGE, {"export": "xlsx"}).status_code == 404


def test_the_menu_shows_the_report_to_administrators_only(admin):
    assert PAGE in admin.get("/admin/").content.decode()


def test_the_menu_hides_the_report_from_others(reader):
    assert PAGE not in reader.get("/admin/").content.decode()


def test_nothing_can_be_sent_to_the_report(admin, acts):
    before = list(Entry.objects.values())
    assert admin.post(PAGE, {"seq": 1}).status_code == 405
    assert list(Entry.objects.values()) == before


def test_the_report_costs_the_same_for_few_and_many(admin, acts):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(PAGE).status_code == 200
        return len(captured)

    queries()  # what a process looks up once
    few = queries()
    record(*[Entry(verb="v", by=acts[0], target=f"dossier:{n}") for n in range(60)])
    assert queries() == few


def test_hostile_labels_are_escaped(admin):
    record(
        Entry(
            verb="v", target="x", label="<script>alert(1)</script>", data={"a": "<script>alert(2)</script>"}
        )
    )
    html = admin.get(PAGE).content.decode()
    assert "<script>alert(" not in html
