"""Delegations and authorities to sign in the admin: for administrators; made and revoked, never deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home.audit.api import Entry
from home.people.api import ADMIN_GROUP, Delegation, MatterSource, SigningAuthority, matters
from tests.factories.people import DelegationFactory, SigningAuthorityFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
LISTS = ["/admin/snippets/people/delegation/", "/admin/snippets/people/signingauthority/"]
FACTORIES = [DelegationFactory, SigningAuthorityFactory]


@pytest.fixture(autouse=True)
def known():
    source = MatterSource(code="office", label=lambda: [("leave", "Nghỉ phép")])
    with matters.override(source, without=matters.codes()):
        yield


@pytest.fixture
def boss():
    person = UserFactory()
    group = Group.objects.get_or_create(name=ADMIN_GROUP)[0]
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    person.groups.add(group)
    return person


@pytest.fixture
def editor():
    """Return somebody who may enter the admin, with every right on the rows that can be ticked."""
    person = UserFactory()
    codes = ["access_admin", "view_delegation", "add_delegation", "view_signingauthority"]
    person.user_permissions.add(*Permission.objects.filter(codename__in=codes))
    return person


@pytest.fixture
def admin(client, boss):
    client.force_login(boss)
    return client


@pytest.mark.parametrize("address", LISTS)
def test_only_administrators_of_the_office_enter(client, boss, editor, address):
    row = FACTORIES[LISTS.index(address)]()
    for path in (address, f"{address}add/", f"{address}inspect/{row.pk}/", f"{address}{row.pk}/revoke/"):
        client.force_login(boss)
        assert client.get(path).status_code == 200, path
        client.force_login(editor)
        assert client.get(path).status_code in (302, 404), path
        assert client.post(path).status_code in (302, 404, 405), path
    row.refresh_from_db()
    assert row.state == "running" and not Entry.objects.exists()


@pytest.mark.parametrize("address", LISTS)
def test_nobody_changes_or_deletes(client, address):
    client.force_login(UserFactory(is_superuser=True))
    row = FACTORIES[LISTS.index(address)]()
    for path in (f"{address}edit/{row.pk}/", f"{address}delete/{row.pk}/"):
        client.post(path, {"reason": "x"})
    client.post(f"/admin/bulk/people/{address.split('/')[-2]}/delete/?id={row.pk}")
    assert type(row).objects.filter(pk=row.pk).exists()
    text = client.get(address).content.decode()
    assert f"/delete/{row.pk}/" not in text and f"/edit/{row.pk}/" not in text
    assert f'data-object-id="{row.pk}"' not in text


def test_a_delegation_is_made_on_record(admin, boss):
    an, binh = UserFactory(), UserFactory()
    data = {"principal": an.pk, "delegate": binh.pk, "since": TODAY(), "until": TODAY(), "matters": ["leave"]}
    assert admin.post(f"{LISTS[0]}add/", data | {"reason": "Ốm"}).status_code == 302
    row = Delegation.objects.get()
    assert (row.principal, row.delegate, row.matters, row.made_by) == (an, binh, ["leave"], boss)
    assert (Entry.objects.get().verb, Entry.objects.get().by) == ("delegation.made", boss)
    refused = admin.post(f"{LISTS[0]}add/", data | {"matters": ["treasure"], "delegate": UserFactory().pk})
    assert refused.status_code == 200 and Delegation.objects.count() == 1


def test_an_authority_is_made_on_record(admin, boss):
    an, binh = UserFactory(), UserFactory()
    data = {"holder": an.pk, "on_behalf_of": binh.pk, "capacity": "TUQ", "since": TODAY(), "document": ""}
    assert admin.post(f"{LISTS[1]}add/", data).status_code == 200
    assert not SigningAuthority.objects.exists()
    whole = data | {"until": TODAY(), "document": "Giấy số 1", "matters": ["leave"]}
    assert admin.post(f"{LISTS[1]}add/", whole).status_code == 302
    assert SigningAuthority.objects.get().made_by == boss
    assert Entry.objects.get().verb == "authority.given"


@pytest.mark.parametrize("address", LISTS)
def test_revoking_asks_first_and_is_on_record_once(admin, boss, address):
    row = FACTORIES[LISTS.index(address)]()
    path = f"{address}{row.pk}/revoke/"
    assert path in admin.get(address).content.decode()
    assert admin.get(path).status_code == 200
    assert [admin.post(path).url for _click in range(2)] == [address, address]
    row.refresh_from_db()
    assert (row.state, row.revoked_by) == ("revoked", boss)
    assert Entry.objects.count() == 1
    assert path not in admin.get(address).content.decode()


@pytest.mark.parametrize("address", LISTS)
def test_the_list_is_filtered_by_state_and_person(admin, boss, address):
    make, day = FACTORIES[LISTS.index(address)], timedelta(days=1)
    model = make._meta.model
    rows = {
        "running": make(),
        "planned": make(since=TODAY() + 9 * day),
        "over": make(until=TODAY() + day),
        "revoked": make(),
    }
    model.objects.filter(pk=rows["over"].pk).update(since=TODAY() - 9 * day, until=TODAY() - day)
    rows["revoked"].revoke(by=boss)
    for state, row in rows.items():
        shown = admin.get(address, {"state": state}).context["object_list"]
        assert [found.pk for found in shown] == [row.pk], state
    name = str(getattr(rows["planned"], "principal", None) or rows["planned"].holder)
    found = admin.get(address, {"person": name}).context["object_list"]
    assert rows["planned"].pk in [row.pk for row in found]
    assert not list(admin.get(address, {"person": "khong co ai"}).context["object_list"])


@pytest.mark.parametrize("address", LISTS)
def test_the_list_costs_the_same_for_few_and_many(admin, address):
    def queries():
        admin.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(address).status_code == 200
        return len(captured)

    make = FACTORIES[LISTS.index(address)]
    make.create_batch(2)
    few = queries()
    make.create_batch(8)
    assert queries() == few


@pytest.mark.parametrize(("address", "name"), [(LISTS[0], "delegate"), (LISTS[1], "holder")])
def test_people_are_searched_for(admin, address, name):
    wanted = UserFactory(last_name="Đặng", first_name="Thị Hồng Gấm")
    UserFactory.create_batch(25)
    closed = UserFactory(last_name="Đặng", first_name="Hồng Gấm Cũ", is_active=False)
    page = admin.get(f"{address}add/").content.decode()
    assert f'name="{name}-find"' in page
    assert page.count(f'type="radio" class="form-check-input" id="id_{name}_') <= 20
    typed = {f"{name}-find": "hong gam", "find": name, "since": "2030-01-02", "matters": ["leave"]}
    found = admin.post(f"{address}add/", typed)
    text = found.content.decode()
    assert found.status_code == 200
    assert f'name="{name}" value="{wanted.pk}"' in " ".join(text.split())
    assert f'value="{closed.pk}"' not in text
    assert 'value="2030-01-02"' in text and "checked" in text
    assert not found.context["form"].errors
    assert not FACTORIES[LISTS.index(address)]._meta.model.objects.exists()


def test_a_closed_account_is_not_accepted_whatever_the_page_listed(admin):
    closed = UserFactory(is_active=False)
    data = {"principal": UserFactory().pk, "delegate": closed.pk, "since": TODAY(), "until": TODAY()}
    answer = admin.post(f"{LISTS[0]}add/", data)
    assert list(answer.context["form"].errors) == ["delegate"]
