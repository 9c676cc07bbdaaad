"""Every kind of reader: who is one, who is not, and both directions of the question agree."""

from __future__ import annotations

import importlib

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from home.base.audiences import admits, people_admitted
from home.base.models import AudienceRule, BasePage
from home.base.reader_field import ReadersField
from home.base.readers import audience_kinds, by_kind, described, names_of
from home.people.api import User, WorkingGroup
from home.people.models import GroupMember
from tests.factories.pages import make_news, make_page
from tests.factories.people import DepartmentFactory, MembershipFactory, PositionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    """Return people of two departments, one below a third, with positions and a group."""
    finance = DepartmentFactory(name="Phòng Tài chính")
    part = DepartmentFactory(name="Tổ Kế toán", parent=finance)
    culture = DepartmentFactory(name="Phòng Văn hóa")
    head, clerk = PositionFactory(name="Trưởng phòng"), PositionFactory(name="Văn thư")
    group = Group.objects.create(name="Đoàn viên")
    people = {}
    for name, department, position in [
        ("an", finance, head),
        ("binh", part, clerk),
        ("chi", culture, head),
        ("dung", culture, clerk),
    ]:
        people[name] = UserFactory(username=name)
        MembershipFactory(user=people[name], department=department, position=position, is_primary=True)
    people["dung"].groups.add(group)
    people["nobody"] = UserFactory(username="nobody")
    people["gone"] = UserFactory(username="gone", is_active=False)
    MembershipFactory(user=people["gone"], department=finance, position=head)
    team = WorkingGroup.objects.create(code="de-an", name="Tổ công tác đề án")
    GroupMember.objects.create(group=team, user=people["chi"])
    GroupMember.objects.create(group=team, user=people["gone"])
    past = DepartmentFactory(name="Ban Quản lý dự án", is_active=False, successor=finance)
    return {
        "finance": finance,
        "part": part,
        "head": head,
        "group": group,
        "team": team,
        "past": past,
        "people": people,
    }


@pytest.mark.parametrize(("reader", "expected"), [
    ("department:{finance}", {"an", "binh"}),
    ("department:{part}", {"binh"}),
    ("position:{head}", {"an", "chi"}),
    ("group:{group}", {"dung"}),
    ("team:{team}", {"chi"}),
    ("department:{past}", {"an", "binh"}),
    ("person:{chi}", {"chi"}),
    ("person:{gone}", set()),
    ("person:999999", set()),
    ("unknown:1", set()),
    ("nonsense", set()),
])  # fmt: skip
def test_exactly_the_readers_named_see_a_page(office, reader, expected):
    ids = {name: office[name].pk for name in ("finance", "part", "head", "group", "team", "past")}
    ids |= {name: person.pk for name, person in office["people"].items()}
    reader = reader.format(**ids)
    page = make_news(audience_readers=[reader])
    everybody = list(User.objects.all())
    assert {one.username for one in everybody if page.is_visible_to(one)} == expected
    assert {one.username for one in people_admitted([[reader]])} == expected
    assert {one.username for one in everybody if admits([[reader]], names_of(one))} == expected
    listed = {one.username for one in everybody if BasePage.objects.visible_to(one).filter(pk=page.pk)}
    assert listed == expected


def test_every_kind_is_tried_above():
    assert {kind.code for kind in audience_kinds} == {"department", "position", "group", "team", "person"}


def test_a_page_below_asks_for_both_audiences_and_kinds_add_up_on_one_page(office):
    people = office["people"]
    section = make_page(
        audience_departments=[office["finance"]], audience_readers=[f"group:{office['group'].pk}"]
    )
    below = make_page(section, title="Dưới", audience_readers=[f"position:{office['head'].pk}"])
    seen = {name for name, person in people.items() if section.is_visible_to(person)}
    assert seen == {"an", "binh", "dung"}
    assert {name for name, person in people.items() if below.is_visible_to(person)} == {"an"}


def test_a_change_of_group_shows_on_the_next_request(office):
    page = make_news(audience_readers=[f"group:{office['group'].pk}"])
    client, an = Client(), office["people"]["an"]
    client.force_login(an)
    assert client.get(page.url).status_code == 404
    an.groups.add(office["group"])
    assert client.get(page.url).status_code == 200
    an.groups.clear()
    assert client.get(page.url).status_code == 404


def test_described_leaves_out_what_is_gone_and_says_the_kind(office):
    an = office["people"]["an"]
    values = [
        f"person:{an.pk}",
        "person:999999",
        "x",
        f"department:{office['finance'].pk}",
        f"person:{an.pk}",
    ]
    found = described(values)
    assert [one.value for one in found] == [f"department:{office['finance'].pk}", f"person:{an.pk}"]
    assert "an" in found[1].name
    assert by_kind(["x:y", "person:", "person:1:2", "bogus:1"]) == {}


def test_the_field_keeps_readers_and_refuses_nonsense(office):
    field, an = ReadersField(required=False), office["people"]["an"]
    assert field.clean(["", f"person:{an.pk}", "person:999999"]) == [f"person:{an.pk}"]
    for bad in ("person", "<script>", "person:" + "9" * 40):
        with pytest.raises(ValidationError) as refused:
            field.clean([bad])
        assert refused.value.code == "unreadable"
    assert not field.has_changed(["a:1", "b:2"], ["b:2", "a:1"])


def test_the_search_for_readers_is_for_editors_only(office):
    address = reverse("audience_readers") + "?q=truong phong"
    reader = Client()
    reader.force_login(office["people"]["an"])
    assert reader.get(address).status_code == 302
    editor = UserFactory()
    editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    reader.force_login(editor)
    found = reader.get(address).json()["readers"]
    assert [row["value"] for row in found] == [f"position:{office['head'].pk}"]
    assert reader.get(reverse("audience_readers") + "?q=x").json() == {"readers": []}


def test_rules_of_earlier_versions_are_rewritten():
    migration = importlib.import_module("home.base.migrations.0006_audience_readers")
    from django.apps import apps

    rule = AudienceRule.objects.create(digest="old", clauses=[[5, 3], [3]])
    migration.name_readers(apps, None)
    rule.refresh_from_db()
    assert rule.clauses == [["department:3"], ["department:3", "department:5"]]
    from home.base.audiences import digest

    assert rule.digest == digest(rule.clauses)
