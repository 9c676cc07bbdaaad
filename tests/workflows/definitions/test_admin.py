"""Administrators see the dossier types and may close one; nobody adds or deletes them by hand."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission

from tests.factories.flows import open_for
from workflows.dossiers.api import DossierType
from workflows.engine.api import startable_by

LIST = "/admin/snippets/dossiers/dossiertype/"


@pytest.fixture
def administrator(office):
    person = office.vp1
    person.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "change_dossiertype", "view_dossiertype"])
    )
    return person


def test_types_are_listed_with_their_version(office, version, administrator, client):
    client.force_login(administrator)
    page = client.get(LIST).content.decode()
    assert "Trình ký văn bản" in page
    assert "trinh-ky" in page


def test_without_the_permission_there_is_nothing(office, version, client):
    client.force_login(office.ann)
    assert client.get(LIST).status_code == 302
    assert client.post(f"{LIST}edit/{version.type_id}/", {}).status_code == 302
    assert DossierType.objects.get().is_active


def test_a_closed_type_takes_no_new_dossiers_and_the_running_go_on(office, version, administrator, client):
    running = open_for(office, version)
    client.force_login(administrator)
    response = client.post(f"{LIST}edit/{version.type_id}/", {"title": "Khác", "code": "khac"})
    assert response.status_code == 302
    kind = DossierType.objects.get()
    assert (kind.is_active, kind.title, kind.code) == (False, "Trình ký văn bản", "trinh-ky")
    assert startable_by(office.ann) == []
    running.refresh_from_db()
    assert running.is_open


@pytest.mark.parametrize("address", ["add/", "delete/{}/"])
def test_types_are_neither_added_nor_deleted_by_hand(office, version, administrator, client, address):
    administrator.is_superuser = True
    administrator.save()
    client.force_login(administrator)
    assert client.post(LIST + address.format(version.type_id), {"title": "x"}).status_code == 302
    assert DossierType.objects.count() == 1
