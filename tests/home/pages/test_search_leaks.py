"""Nobody learns through the search that something exists which they may not see: for every kind, on every surface."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

from home.base.api import documents_for, may_open_collection
from home.base.findable import Findable
from home.base.finding import indexed_sources
from home.base.models import CollectionAudience
from home.people.api import WorkingGroup
from home.people.models import GroupMember
from tests.counting import cost_of, listed
from tests.factories.forms import make_form_page
from tests.factories.meetings import MeetingFactory
from tests.factories.pages import make_home, make_news, make_notice, make_page
from tests.factories.people import DepartmentFactory, MembershipFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db
SECRET = "Phương án sáp nhập tối quan trọng"


def make_document(collection=None, title=SECRET, name="a.bin", content=b"x"):
    place = {"collection": collection} if collection is not None else {}
    return Document.objects.create(title=title, file=ContentFile(content, name=name), **place)


def make_collection(name, parent=None):
    return (parent or Collection.get_first_root_node()).add_child(instance=Collection(name=name))


@pytest.fixture
def office():
    """One secret of each kind for the finance department, and a client for each side."""
    make_home()
    finance = DepartmentFactory(name="Phòng Tài chính")
    insider = make_member(finance)
    outsider = make_member(DepartmentFactory(name="Phòng Văn hóa"))
    only = {"title": SECRET, "audience_departments": [finance]}
    pages = [make(**only) for make in (make_news, make_notice, make_page)]
    make_form_page(title=SECRET, departments=[finance])
    collection = make_collection("Tài chính")
    CollectionAudience.objects.create(collection=collection).departments.add(finance)
    make_document(make_collection("bên trong", collection))
    MeetingFactory(title=SECRET, departments=[finance])
    group = WorkingGroup.objects.create(code="kin", name=SECRET, is_open=False)
    GroupMember.objects.create(group=group, user=insider)
    query = Query.get("Sáp nhập")
    SearchPromotion.objects.create(query=query, page_id=pages[2].pk, description="Xem trước")
    clients = []
    for user in (insider, outsider):
        client = Client()
        client.force_login(user)
        clients.append(client)
    return (insider, outsider, *clients)


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response


def test_search_suggestions_counts_and_promoted_results_keep_silent(office):
    _insider, _outsider, inside, outside = office
    kinds = {"news", "notices", "pages", "forms", "documents", "meetings", "working-groups"}
    response = text_of(inside, "/search/?q=sap+nhap")
    assert {kind.code for kind in response.context["kinds"]} == kinds
    assert [kind.count for kind in response.context["kinds"]] == ["1"] * len(kinds)
    assert [shown.hit.title for shown in response.context["promoted"]] == [SECRET]
    assert "<mark>sáp</mark> <mark>nhập</mark>" in response.content.decode()
    assert text_of(inside, "/search/suggest/?q=sap+nh").content.decode().count('role="option"') == 8
    silent = ["sap nhap", "sap nhap toi quan trong", "sap nhaq toi quan trong", "phuong"]
    narrowed = ["", "&archive=1", "&period=year", *(f"&in={kind}" for kind in kinds)]
    for query in silent:
        for address in (*(f"/search/?q={query}{more}" for more in narrowed), f"/search/suggest/?q={query}"):
            response = text_of(outside, address)
            said = response.content.decode().replace(query, "")
            assert "nhập" not in said, address
            assert "quan trọng" not in said, address
            for kind in (response.context or {}).get("kinds") or []:
                assert kind.count == "0", address
    # Where the words are near, whoever may see the title is helped.
    meant = text_of(inside, "/search/?q=sap nhaq toi quan trong").context["meant"]
    assert meant == "sáp nhập tối quan trọng"


def test_what_is_kept_from_somebody_tomorrow_is_not_found_tomorrow(office):
    _insider, outsider, _inside, outside = office
    group = WorkingGroup.objects.get(code="kin")
    member = GroupMember.objects.create(group=group, user=outsider)
    assert text_of(outside, "/search/?q=sap+nhap").context["kinds"][0].code == "working-groups"
    member.delete()
    assert text_of(outside, "/search/?q=sap+nhap").context["kinds"] == []


def test_what_is_remembered_of_the_gates_ends_with_every_right(office):
    """The SQL of the gates is remembered for a reader: it must not outlive a place, an audience or a collection."""
    insider, _outsider, inside, outside = office
    kinds = {"news", "notices", "pages", "forms", "documents", "meetings", "working-groups"}

    def found(client):
        return {kind.code for kind in text_of(client, "/search/?q=sap+nhap").context["kinds"]}

    assert found(inside) == found(inside) == kinds
    assert found(outside) == set()
    place = insider.memberships.get()
    place.delete()
    assert found(inside) == {"working-groups"}
    MembershipFactory(user=insider, department=place.department, role="member", is_primary=True)
    assert found(inside) == kinds
    CollectionAudience.objects.get().departments.clear()
    assert found(inside) == kinds - {"documents"}
    GroupMember.objects.all().delete()
    insider.is_active = False
    insider.save()
    assert inside.get("/search/?q=sap+nhap").status_code == 302


def test_documents_are_found_by_whoever_may_open_their_collection():
    """The gate of all collections says what the gate of one says, for every kind of restriction."""
    finance, other = DepartmentFactory(), DepartmentFactory()
    group = Group.objects.create(name="Kiểm toán")
    people = [make_member(finance), make_member(other), UserFactory(), UserFactory(is_superuser=True)]
    people[2].groups.add(group)
    people.append(make_member(finance, is_active=False))
    kept = make_collection("phòng")
    CollectionAudience.objects.create(collection=kept).departments.add(finance)
    inner = make_collection("nhóm", kept)
    for place, kind in (
        (inner, "groups"),
        (make_collection("nhóm"), "groups"),
        (make_collection("khóa"), "password"),
    ):
        CollectionViewRestriction.objects.create(collection=place, restriction_type=kind)
    for restriction in CollectionViewRestriction.objects.filter(restriction_type="groups"):
        restriction.groups.add(group)
    login = make_collection("đăng nhập")
    CollectionViewRestriction.objects.create(collection=login, restriction_type="login")
    make_collection("dưới", inner)
    for collection in Collection.objects.all():
        make_document(collection, title=collection.name)
    for person in people:
        one_by_one = {d.pk for d in Document.objects.all() if may_open_collection(person, d.collection)}
        assert set(documents_for(person).values_list("pk", flat=True)) == one_by_one
    assert documents_for(people[4]).count() == 0
    assert documents_for(people[1]).count() == 2
    # Moving a collection tells nobody; what is remembered must not be where it hung.
    people[1].stamp, people[1].remembers = 1, True
    assert documents_for(people[1]).filter(collection=login).exists()
    moved, place = (Collection.objects.get(pk=row.pk) for row in (login, kept))
    moved.move(place, "sorted-child")
    assert not documents_for(people[1]).filter(collection=login).exists()


def test_the_page_costs_few_queries_whatever_is_found(office, client):
    insider, *_rest = office
    client.force_login(insider)
    addresses = [
        "/search/?q=sap+nhap",
        "/search/?q=sap+nhap&in=pages",
        "/search/?q=khongco",
        "/search/suggest/?q=sap",
    ]
    before = [cost_of(client, address)[1] for address in addresses]
    for number in range(20):
        make_page(title=f"Sáp nhập {number}")
        make_notice(title=f"Sáp nhập {number}")
        make_document(title=f"Sáp nhập {number}")
        MeetingFactory(title=f"Sáp nhập {number}", office_wide=True)
    after = [cost_of(client, address)[1] for address in addresses]
    for most, few, many in zip((15, 15, 15, 6), before, after, strict=True):
        assert len(many) <= len(few) <= most, listed(many)
    pages = text_of(client, "/search/?q=sap+nhap&in=pages&page=2")
    assert (pages.context["page_of"].number, len(pages.context["groups"][0].hits)) == (2, 6)


def test_every_kind_of_indexed_thing_has_a_gate_that_refuses_strangers(office):
    from django.contrib.auth.models import AnonymousUser

    _insider, outsider, *_clients = office
    outsider.is_active = False
    for kind, indexed in indexed_sources():
        assert Findable.objects.filter(kind=kind).exists(), kind
        for stranger in (AnonymousUser(), outsider):
            assert not indexed.visible_to(stranger).exists(), kind
