"""The demo office: complete, invented, and loaded the same way twice."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.db.models import Count

from home.audit.api import verify
from home.meetings.models import Meeting
from home.pages.department_sections import DepartmentSection
from home.pages.models import FormPage, NewsPage, NoticePage
from home.people.api import Delegation, Department, Membership, SigningAuthority, User
from plugins.api.api import load_profile
from workflows.dossiers.api import Dossier, DossierType, Instruction
from workflows.engine.api import count_tabs

pytestmark = pytest.mark.django_db


def test_the_demo_office_is_whole_and_a_second_load_changes_nothing(settings):
    settings.DEMO_PASSWORD = "for-the-demo"
    first = load_profile("demo")

    assert Department.objects.count() == 12
    assert User.objects.count() == 60
    for department in Department.objects.all():
        roles = Counter(
            Membership.objects.current().filter(department=department).values_list("role", flat=True)
        )
        assert roles["head"] == 1, department
        assert roles["deputy"] >= 1, department
    assert User.objects.annotate(places=Count("memberships")).filter(places=2).count() >= 3
    assert NewsPage.objects.count() + NoticePage.objects.count() >= 30
    assert NoticePage.objects.filter(audience="departments").count() >= 3
    sections = DepartmentSection.objects.select_related("department")
    assert {section.department.code for section in sections} == {"TTTH", "TCHC"}
    for section in sections:
        assert NewsPage.objects.descendant_of(section.page).exists()
        assert section.editors.user_set.exists() and section.approvers.user_set.exists()
    assert NoticePage.objects.filter(must_read=True, slug="doi-mat-khau-dinh-ky").exists()
    assert Meeting.objects.count() >= 15
    kinds = {field.kind for page in FormPage.objects.all() for field in page.form_schema.fields()}
    assert len(kinds) >= 6
    assert set(DossierType.objects.values_list("code", flat=True)) == {
        "nghi-phep",
        "trinh-ky",
        "van-phong-pham",
        "bang-khen",
        "van-ban-den",
    }
    assert Dossier.objects.count() == 200
    assert set(Dossier.objects.values_list("state", flat=True)) == set(Dossier.State.values)
    assert Instruction.objects.count() >= 5
    assert Delegation.objects.count() == 3
    assert SigningAuthority.objects.count() == 5
    assert verify() is None
    call_command("check_flows")  # what a deployment runs, on all that the demo office has open
    assert any("for-the-demo" in note for note in first.notes)
    officer = User.objects.get(username="an.nv")
    assert officer.check_password("for-the-demo")
    assert officer.dossiers.count() >= 5
    assert sum(count_tabs(User.objects.get(username="phuoc.dh"))[:2]) >= 1

    numbers = list(
        Dossier.objects.filter(type__code="trinh-ky").order_by("opened_at", "pk").values_list("number")
    )
    assert numbers[0][0].startswith("01/") and len(set(numbers)) == len(numbers)

    before = list(Dossier.objects.values_list("pk", "number", "state", "revision"))
    second = load_profile("demo")
    assert {outcome for _what, outcome in second.counts} <= {"kept", "left out"}
    assert list(Dossier.objects.values_list("pk", "number", "state", "revision")) == before


@pytest.mark.screen
def test_the_demo_office_opens_without_the_leave_plugin(settings, monkeypatch):
    monkeypatch.setattr("plugins.api.profiles.plugin_configs", list)
    load_profile("demo")
    assert not DossierType.objects.filter(code="nghi-phep").exists()
    assert Dossier.objects.count() == 200
