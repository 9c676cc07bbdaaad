"""Versions: who, when, why, what changed; back into the draft; and dossiers that move on."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.counting import statements
from tests.factories.flows import act, approve, open_for, signature_flow
from tests.workflows.designer.test_tryout import url
from workflows.definitions.api import Definition
from workflows.designer.models import FlowDraft
from workflows.designer.publishing import publish_draft
from workflows.designer.reading import definition_of_draft, draft_from
from workflows.dossiers.api import Dossier, FlowVersion

pytestmark = pytest.mark.django_db


def next_version(draft, office, change, note=""):
    """Publish the draft with a change."""
    raw = signature_flow()
    change(raw)
    made = draft_from(Definition.parse(raw), FlowDraft.objects.get(pk=draft.pk))
    made.publication_note = note
    made.save()
    made.save_revision()
    return publish_draft(made, by=office.vp1)


def without_sign(raw):
    raw["flow"]["steps"][2] = approve("final", {"position": "chair", "department": "LD"})


@pytest.fixture
def published(office, draft):
    """Two versions; a dossier waits at the step that the second one lacks, another one at the opinions."""
    first = publish_draft(draft, by=office.chief)
    waits = open_for(office, first)
    act(waits, "op_tc", office.tc1, "agree")
    waits = act(waits, "op_kt", office.kt1, "agree")
    asked = open_for(office, first)
    second = next_version(draft, office, without_sign, "Theo Quyết định 12")
    return first, second, waits, asked


def test_the_list_says_who_when_why_and_what(office, draft, published, client):
    client.force_login(office.vp1)
    page = client.get(url("versions", draft.pk)).content.decode()
    assert "Theo Quyết định 12" in page
    assert str(office.vp1) in page
    assert "Duyệt final" in page
    assert "2 hồ sơ đang chạy" in page
    assert url("move", draft.pk, 1) in page
    assert url("restore", draft.pk, 2) not in page


def test_words_of_the_version_before_say_nothing_about_the_next(office, draft, published):
    third = next_version(draft, office, lambda raw: raw["flow"]["steps"].pop(3), "Theo Quyết định 12")
    assert third.note == ""


def test_the_list_costs_the_same_for_any_number(office, draft, published, client):
    client.force_login(office.vp1)

    def cost():
        client.get(url("versions", draft.pk))
        with CaptureQueriesContext(connection) as capture:
            client.get(url("versions", draft.pk))
        return [sql for sql in statements(capture) if "flowversion" in sql or "viewflow" in sql]

    before = cost()
    for days in range(3, 6):
        next_version(draft, office, lambda raw, days=days: raw.update(days=days))
    assert len(cost()) <= len(before)


def test_a_type_that_was_never_published_has_no_versions(office, draft, client):
    client.force_login(office.vp1)
    assert client.get(url("versions", draft.pk)).status_code == 200
    assert client.post(url("restore", draft.pk, 1)).status_code == 404
    assert client.get(url("move", draft.pk, 1)).status_code == 404


def test_a_version_becomes_the_draft_again(office, draft, published, client):
    client.force_login(office.vp1)
    answer = client.post(url("restore", draft.pk, 1))
    assert answer["Location"] == url("edit", draft.pk)
    latest = FlowDraft.objects.get(pk=draft.pk).get_latest_revision_as_object()
    assert "sign" in definition_of_draft(latest).steps_by_id
    assert FlowVersion.objects.count() == 2
    assert FlowVersion.objects.get(number=2).type.current == published[1]
    assert "Duyệt sign" in client.get(url("versions", draft.pk)).content.decode()


def test_a_locked_draft_is_not_overwritten(office, draft, published, client):
    FlowDraft.objects.filter(pk=draft.pk).update(locked=True, locked_by=office.chief)
    client.force_login(office.vp1)
    client.post(url("restore", draft.pk, 1))
    latest = FlowDraft.objects.get(pk=draft.pk).get_latest_revision_as_object()
    assert "final" in definition_of_draft(latest).steps_by_id


def test_a_look_names_each_dossier_and_moves_none(office, draft, published, client):
    _first, _second, waits, asked = published
    client.force_login(office.vp1)
    page = client.get(url("move", draft.pk, 1)).content.decode()
    assert 'name="step-sign"' in page
    page = client.post(url("move", draft.pk, 1), {"look": 1}).content.decode()
    assert waits.number in page
    assert asked.number in page
    assert "mà phiên bản mới không có" in page
    assert set(Dossier.objects.values_list("version__number", flat=True)) == {1}


def test_dossiers_are_moved_with_steps_that_are_called_otherwise(office, draft, published, client):
    _first, second, waits, _asked = published
    client.force_login(office.vp1)
    client.post(
        url("move", draft.pk, 1), {"execute": 1, "step-sign": "final", "step-op_tc": "op_tc", "reason": "Đổi"}
    )
    assert set(Dossier.objects.values_list("version", flat=True)) == {second.pk}
    waits.refresh_from_db()
    assert waits.open_steps == ["final"]
    assert act(waits, "final", office.chair).state == "approved"


def test_a_mapping_to_nowhere_is_refused_with_words(office, draft, published, client):
    client.force_login(office.vp1)
    answer = client.post(url("move", draft.pk, 1), {"look": 1, "step-sign": "nowhere"})
    assert (answer.status_code, "nowhere" in answer.content.decode()) == (200, True)


def test_many_are_moved_click_by_click(office, draft, published, client, monkeypatch):
    monkeypatch.setattr("workflows.designer.moving_views.BATCH", 1)
    client.force_login(office.vp1)
    for left in (1, 0):
        client.post(url("move", draft.pk, 1), {"execute": 1, "step-sign": "final"})
        assert Dossier.objects.filter(version__number=1).count() == left


def test_where_approval_is_needed_a_department_moves_nothing(office, draft, published, client, monkeypatch):
    monkeypatch.setattr("workflows.designer.access.needs_approval", lambda: True)
    client.force_login(office.vp1)
    assert client.get(url("versions", draft.pk)).status_code == 200
    assert client.post(url("move", draft.pk, 1), {"execute": 1}).status_code == 404
    client.force_login(office.chief)
    assert client.get(url("move", draft.pk, 1)).status_code == 200


def test_the_current_version_has_nowhere_to_go(office, draft, published, client):
    client.force_login(office.vp1)
    assert client.get(url("move", draft.pk, 2)).status_code == 404
