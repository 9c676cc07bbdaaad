"""The screen: a department's administrators build their own types there, and see no trace of others."""

from __future__ import annotations

import pytest

from workflows.designer.models import FlowDraft

pytestmark = pytest.mark.django_db

LIST = "/admin/snippets/designer/flowdraft/"


def addresses(draft: FlowDraft) -> list[str]:
    revision = draft.latest_revision_id
    pk = draft.pk
    return [
        f"{LIST}edit/{pk}/",
        f"{LIST}delete/{pk}/",
        f"{LIST}usage/{pk}/",
        f"{LIST}history/{pk}/",
        f"{LIST}history-results/{pk}/",
        f"{LIST}preview/{pk}/",
        f"{LIST}history/{pk}/revisions/{revision}/view/",
        f"{LIST}history/{pk}/revisions/{revision}/revert/",
        f"{LIST}history/{pk}/revisions/compare/earliest...latest/",
        f"{LIST}lock/{pk}/",
        f"{LIST}unlock/{pk}/",
        f"{LIST}workflow_history/{pk}/",
    ]


@pytest.mark.parametrize("name", ["vp1", "chief"])
def test_who_builds_the_type_sees_it(office, draft, client, name):
    client.force_login(office.people[name])
    assert "Trình ký văn bản" in client.get(LIST).content.decode()
    for address in addresses(draft):
        assert client.get(address).status_code in (200, 302, 405), address


@pytest.mark.parametrize("name", ["tc1", "vp2"])
def test_nobody_else_finds_a_trace(office, draft, client, name):
    client.force_login(office.people[name])
    assert "Trình ký văn bản" not in client.get(LIST).content.decode()
    for address in addresses(draft):
        for answer in (client.get(address), client.post(address, {"title": "Khác"})):
            assert answer.status_code in (302, 404), address
            assert "Trình ký" not in answer.content.decode(), address
    draft.refresh_from_db()
    assert draft.title == "Trình ký văn bản"
