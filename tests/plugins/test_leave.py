"""Leave: the head approves, above five days personnel as well; the panel shows one's own."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from home.people.api import Department, Membership, Position, User
from plugins.api.api import load_profile
from plugins.leave.panels import my_leave
from workflows.dossiers.api import Dossier
from workflows.engine.api import decide, open_dossier, open_tasks, version_to_start

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    office = Department.objects.create(code="VP", name="Văn phòng")
    personnel = Department.objects.create(code="TCHC", name="Tổ chức", parent=office)
    economy = Department.objects.create(code="KT", name="Kinh tế", parent=office)
    posts = {
        code: Position.objects.create(code=code, name=code)
        for code in ("chanh-van-phong", "pho-truong-phong", "truong-phong", "chuyen-vien")
    }

    def person(username, department, post, role="member"):
        user = User.objects.create(username=username, first_name=username, last_name="Lê")
        Membership.objects.create(
            user=user, department=department, position=posts[post], role=role, is_primary=True
        )
        return user

    people = {
        "chief": person("chief", office, "chanh-van-phong", "head"),
        "personnel": person("personnel", personnel, "truong-phong", "head"),
        "head": person("head", economy, "truong-phong", "head"),
        "officer": person("officer", economy, "chuyen-vien"),
        "other": person("other", economy, "chuyen-vien"),
    }
    load_profile("leave")
    return people


def ask(by, days, *, ahead=5):
    first = timezone.localdate() + timedelta(days=ahead)
    answers = {
        "leave_kind": "annual",
        "from_on": first.isoformat(),
        "until_on": (first + timedelta(days=int(days))).isoformat(),
        "days": days,
        "reason": "Về quê",
    }
    return open_dossier(version_to_start("nghi-phep", by), by=by, answers=answers)


def owners(dossier):
    return [task.owner.username for task in open_tasks(dossier)]


def approve(dossier, by):
    (task,) = open_tasks(dossier)
    decide(task.pk, by=by, outcome="approve")
    return Dossier.objects.get(pk=dossier.pk)


def test_up_to_five_days_the_head_alone_approves(office):
    dossier = ask(office["officer"], 5)
    assert owners(dossier) == ["head"]
    assert approve(dossier, office["head"]).state == "approved"
    assert dossier.number.endswith("-NP")


def test_above_five_days_personnel_confirms(office):
    dossier = ask(office["officer"], 5.5)
    assert approve(dossier, office["head"]).state == "running"
    assert owners(dossier) == ["personnel"]
    assert approve(dossier, office["personnel"]).state == "approved"


def test_the_head_asks_the_head_above(office):
    assert owners(ask(office["head"], 1)) == ["chief"]


def panel(user):
    request = RequestFactory().get("/")
    request.user = user
    return my_leave(request)


def test_the_panel_shows_open_and_coming_leave_of_the_reader_only(office):
    assert panel(office["officer"]) is None
    dossier = ask(office["officer"], 2)
    assert [row[0] for row in panel(office["officer"])] == [dossier.pk]
    assert panel(office["other"]) is None
    assert panel(office["head"]) is None
    approve(dossier, office["head"])
    assert panel(office["officer"])


def test_the_panel_forgets_leave_that_is_over_and_costs_at_most_three_queries(
    office, django_assert_max_num_queries
):
    old = ask(office["officer"], 1, ahead=-30)
    approve(old, office["head"])
    assert panel(office["officer"]) is None
    for _number in range(6):
        ask(office["officer"], 1)
    with django_assert_max_num_queries(3):
        assert len(panel(office["officer"])) == 4
