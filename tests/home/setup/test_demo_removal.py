"""Removing the demo: exactly what it made goes, and nothing that is one's own."""

from __future__ import annotations

import shutil
from io import StringIO
from typing import Any

import pytest
import yaml
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from home.audit.api import Entry, record, verify
from home.forms.api import Submission, freeze
from home.meetings.models import Meeting
from home.pages.models import FormPage, HomePage, NewsIndexPage, NewsPage, NoticePage, StandardPage
from home.people.api import Delegation, Department, Membership, Position, User
from home.setup.demo import demo_names, remove_demo, try_removal
from plugins.api.api import RemovalError, load_profile
from tests.factories.people import UserFactory
from workflows.dossiers.api import Dossier, DossierType, RegisterEntry, Remark
from workflows.engine.api import open_dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any, tmp_path: Any) -> Any:
    """Load the real demo with fewer dossiers, beside an administrator of our own."""
    folder = tmp_path / "profiles"
    shutil.copytree(django_settings.PROFILE_DIRS[0], folder)
    file = folder / "demo" / "dossiers.yaml"
    told = yaml.safe_load(file.read_text())
    file.write_text(yaml.safe_dump({**told, "count": 12}, allow_unicode=True))
    settings.PROFILE_DIRS = [folder]
    own = UserFactory(is_superuser=True, username="chu.nha")
    load_profile("office-vi")
    load_profile("demo")
    return own


def test_an_untouched_demo_goes_without_a_trace_but_the_audit_trail(demo):
    rows = Entry.objects.count()
    report = remove_demo("demo", by=demo)
    assert report.edited == []
    assert {line.kind for line in report.used} == set()
    for model in (Dossier, DossierType, NewsPage, NoticePage, Meeting, Delegation, Membership, Department):
        assert not model.objects.exists(), model
    assert not RegisterEntry.objects.exists()
    assert set(User.objects.active().values_list("username", flat=True)) == {"chu.nha"}
    assert HomePage.objects.count() == 1
    assert NewsIndexPage.objects.count() == 1
    assert Entry.objects.filter(seq__lte=rows).count() == rows
    assert Entry.objects.latest("seq").verb == "demo.removed"
    assert verify() is None
    connection.check_constraints()
    assert demo_names() == []


def test_own_things_stay_with_all_that_they_stand_on(demo):
    """One's own page below a demo page, dossier on a demo type, place, hand and edit; the rest goes."""
    own_unit = Department.objects.create(code="RIENG", name="Phòng Riêng")
    employee = UserFactory(username="nhan.vien")
    post = Position.objects.get(code="chuyen-vien")
    finance = Department.objects.get(code="TC")
    Membership.objects.create(user=employee, department=finance, position=post)
    guest = User.objects.get(username="an.nv")
    Membership.objects.create(user=guest, department=own_unit, position=post)
    silent = User.objects.exclude(pk__in=Entry.objects.exclude(by=None).values("by"))
    edited = silent.exclude(pk=employee.pk).filter(memberships__department=finance).first()
    edited.email = "that@office.example"
    edited.save()
    about = StandardPage.objects.get(slug="gioi-thieu")
    about.add_child(instance=StandardPage(title="Trang của tôi", slug="cua-toi"))
    changed = NewsPage.objects.get(slug="ho-so-dung-han")
    changed.lead = "Đã sửa"
    changed.save_revision(user=demo).publish()
    kind = DossierType.objects.get(code="trinh-ky")
    sample = Dossier.objects.exclude(type=kind).first()
    answers = {"subject": "Của tôi", "document_kind": "letter", "urgent": "no", "amount": 0, "summary": "x"}
    mine = open_dossier(kind.current, by=employee, answers=answers)
    note = Remark.objects.create(dossier=sample, by=employee, text="Ý kiến thật")
    answered, other = FormPage.objects.order_by("pk")
    schema = freeze(answered.form_schema)
    Submission.objects.create(schema=schema, by=employee, source=answered.source, answers={}, key="1")
    Submission.objects.create(schema=schema, by=guest, source=other.source, answers={}, key="1")

    report = remove_demo("demo", by=demo)
    connection.check_constraints()
    assert set(Dossier.objects.values_list("pk", flat=True)) == {mine.pk, sample.pk}
    assert Remark.objects.get() == note
    assert set(DossierType.objects.values_list("pk", flat=True)) == {kind.pk, sample.type_id}
    assert {"cua-toi", "gioi-thieu"} <= set(StandardPage.objects.values_list("slug", flat=True))
    assert list(NewsPage.objects.values_list("slug", flat=True)) == ["ho-so-dung-han"]
    assert list(FormPage.objects.all()) == [answered]
    assert not NoticePage.objects.exists()
    assert {"RIENG", "TC"} <= set(Department.objects.values_list("code", flat=True))
    assert not Department.objects.filter(code="KGVX").exists()
    assert set(User.objects.active().values_list("username", flat=True)) == {
        "chu.nha",
        "nhan.vien",
        edited.username,
    }
    guest.refresh_from_db()
    assert (guest.is_active, guest.has_usable_password()) == (False, False)
    assert edited.memberships.exists()
    assert {line.kind for line in report.edited} == {"cán bộ", "tin tức"}
    assert sum(line.count for line in report.used) >= 4


@pytest.fixture
def small(settings: Any, tmp_path: Any) -> Any:
    """Load a demo of one department and two people, one of whom may do everything."""
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "profile.yaml").write_text("{title: Nhỏ, version: 1, demo: true}")
    (folder / "people.yaml").write_text(
        "departments: [{code: A, name: Phòng A}]\npositions: [{code: cv, name: Chuyên viên}]\n"
        "people:\n"
        "  - {username: mot, name: Lê Một, superuser: true, places: [{department: A, position: cv}]}\n"
        "  - {username: hai, name: Lê Hai, places: [{department: A, position: cv}]}\n"
    )
    settings.PROFILE_DIRS = [tmp_path]
    own = UserFactory(is_superuser=True, username="chu.nha")
    load_profile("demo")
    return own


def test_the_command_and_the_screen_tell_before_they_act(small, client):
    out = StringIO()
    call_command("remove_demo", stdout=out)
    assert "--yes" in out.getvalue()
    address, demo_admin = "/admin/demo-content/", User.objects.get(username="mot")
    stranger = UserFactory()
    stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))
    for person, status in ((stranger, 404), (demo_admin, 200), (small, 200)):
        client.force_login(person)
        assert client.get(address).status_code == status, person
        assert client.post(address, {"typed": "khac"}).status_code == (404 if status == 404 else 422)
    client.force_login(demo_admin)
    assert client.post(address, {"typed": "demo"}).context["refusal"]
    assert User.objects.filter(username="hai").exists()
    client.force_login(small)
    assert client.post(address, {"typed": "demo"}).status_code == 302
    assert not Department.objects.exists()
    assert client.get(address).status_code == 404
    with pytest.raises(CommandError):
        call_command("remove_demo", "--yes")


def test_who_is_named_by_the_history_is_switched_off_and_taken_up_by_the_next_load(small):
    person = User.objects.get(username="hai")
    with transaction.atomic():
        record(Entry(verb="x.done", by=person, target="x:1"))
    report = remove_demo("demo", by=small)
    assert [line.count for line in report.switched_off] == [1]
    assert set(User.objects.values_list("username", "is_active")) == {("chu.nha", True), ("hai", False)}
    load_profile("demo")
    person.refresh_from_db()
    assert person.is_active
    assert sum(line.count for line in try_removal("demo", by=small).switched_off) == 1


def test_nobody_is_left_without_an_administrator(small):
    User.objects.filter(pk=small.pk).update(is_superuser=False)
    with pytest.raises(RemovalError):
        remove_demo("demo")
    assert Department.objects.exists()
