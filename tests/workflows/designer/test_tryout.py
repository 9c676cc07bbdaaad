"""Trying a draft out in the admin: the walk follows the answers, nothing is stored, and others find no trace."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.counting import statements
from tests.factories.flows import approve, signature_flow
from workflows.definitions.api import Definition
from workflows.designer.models import SampleCase
from workflows.designer.reading import draft_from
from workflows.dossiers.api import Dossier

pytestmark = pytest.mark.django_db
NAMES = "wagtailsnippets_designer_flowdraft"


def url(name, *args):
    return reverse(f"{NAMES}:{name}", args=args)


def typed(office, **more):
    """Return what the form posts."""
    return {
        "submitter": office.ann.pk,
        "q-subject": "Tờ trình mua máy",
        "q-amount": "10.000.000",
        "q-reason": "",
    } | more


@pytest.fixture
def desk(office, draft, client):
    """Return the client of who builds the type."""
    client.force_login(office.vp1)
    return client


def test_the_page_walks_with_examples_at_once(office, draft, desk):
    page = desk.get(url("try", draft.pk)).content.decode()
    assert "Duyệt sign" in page
    assert str(office.chair) in page
    assert "đã phê duyệt" in page
    assert not Dossier.objects.exists()


def test_another_answer_shows_another_path(office, draft, desk):
    small = desk.post(url("try", draft.pk), typed(office, walk_only=1)).content.decode()
    large = desk.post(url("try", draft.pk), typed(office, walk_only=1, **{"q-amount": "60.000.000"}))
    assert "Duyệt finance" not in small
    assert "Duyệt finance" in large.content.decode()
    assert "<html" not in small
    assert "60.000.000" in large.content.decode()


def test_a_choice_at_a_step_shows_what_follows(office, draft, desk):
    data = typed(office, walk_only=1, **{"at-sign-0": "return", "to-sign-0": "rework"})
    page = desk.post(url("try", draft.pk), data).content.decode()
    assert "Người nộp hoàn thiện lại" in page
    assert 'id="at-sign-1"' in page
    assert '<option value="return" selected>' in page


def test_wrong_answers_are_marked_and_not_walked(office, draft, desk):
    page = desk.post(url("try", draft.pk), typed(office, **{"q-amount": "nhiều"})).content.decode()
    assert "tryout-error" in page
    assert "tryout-step--human" not in page


def test_questions_of_steps_can_be_answered(office, client):
    entry = {
        "id": "council",
        "kind": "data_entry",
        "title": "Kết quả họp",
        "who": {"head_of": "TC"},
        "fallback": {"head_of": "VP"},
        "fields": [{"key": "votes", "kind": "number", "label": "Số phiếu", "required": True, "places": 0}],
    }
    check = {
        "id": "enough",
        "kind": "choice",
        "title": "Đủ phiếu?",
        "branches": [
            {"when": "votes > 3", "steps": [approve("chair", {"head_of": "LD"})]},
            {"otherwise": True},
        ],
    }
    raw = signature_flow()
    raw["flow"]["steps"] = [entry, check, approve("last", {"head_of": "LD"})]
    made = draft_from(Definition.parse(raw))
    made.save()
    made.save_revision()
    client.force_login(office.vp1)
    assert 'name="q-votes"' in client.get(url("try", made.pk)).content.decode()
    for votes, there in (("2", False), ("5", True)):
        page = client.post(url("try", made.pk), typed(office, walk_only=1, **{"q-votes": votes}))
        assert ("Duyệt chair" in page.content.decode()) is there


def test_what_was_typed_in_the_editor_is_tried_out_before_it_is_saved(office, draft, desk):
    from django.utils import timezone
    from wagtail.admin.models import FormState

    from workflows.designer.admin import FlowDraftForm
    from workflows.designer.in_hand import _form_class, in_hand

    assert issubclass(_form_class(), FlowDraftForm)
    before = in_hand(draft, office.vp1)
    assert not before.unsaved
    form = desk.get(url("edit", draft.pk)).context["form"]
    from tests.workflows.designer.posting import posted

    data = posted(form, title="Tên vừa gõ")
    answer = desk.post(url("preview_on_edit", draft.pk), data)
    assert answer.json()["is_valid"], answer.json()
    assert FormState.objects.filter(last_updated_at__lte=timezone.now()).exists()
    found = in_hand(draft, office.vp1)
    assert (found.unsaved, found.draft.title) == (True, "Tên vừa gõ")
    draft.refresh_from_db()
    assert draft.title == "Trình ký văn bản"
    assert "chưa lưu" in desk.get(url("try", draft.pk)).content.decode()
    assert not in_hand(draft, office.chief).unsaved


def test_an_incomplete_draft_is_told_what_it_lacks(office, draft, desk):
    draft.register_code = ""
    draft.save()
    draft.save_revision()
    answer = desk.get(url("try", draft.pk))
    assert answer.status_code == 200
    assert "help-critical" in answer.content.decode()


def test_a_faulty_draft_shows_its_findings(office, draft, desk):
    raw = signature_flow()
    raw["flow"]["steps"][0]["rule"] = {"quorum": 9}
    made = draft_from(Definition.parse(raw), draft)
    made.save_revision()
    page = desk.get(url("try", draft.pk)).content.decode()
    assert "flows.E040" in page
    assert "tryout-step--human" not in page


def test_impact_is_told(office, draft, desk):
    from tests.factories.flows import open_for
    from workflows.designer.publishing import publish_draft

    open_for(office, publish_draft(draft, by=office.chief))
    draft.refresh_from_db()
    assert "1 hồ sơ đang chạy trên phiên bản 1" in desk.get(url("try", draft.pk)).content.decode()


def pages(draft, case):
    return [
        ("get", url("try", draft.pk)),
        ("post", url("try", draft.pk)),
        ("get", url("try-all", draft.pk)),
        ("post", url("forget-sample", draft.pk, case.pk)),
        ("get", url("versions", draft.pk)),
        ("post", url("restore", draft.pk, 1)),
        ("get", url("move", draft.pk, 1)),
        ("post", url("move", draft.pk, 1)),
    ]


@pytest.mark.parametrize("name", ["tc1", "vp2", "ann"])
def test_nobody_else_finds_a_trace(office, draft, client, name):
    from workflows.designer.publishing import publish_draft

    publish_draft(draft, by=office.chief)
    case = SampleCase.objects.create(draft=draft, name="Mẫu", submitter=office.ann)
    client.force_login(office.people[name])
    for method, address in pages(draft, case):
        answer = getattr(client, method)(address, typed(office, save=1, name="x", execute=1))
        assert answer.status_code in (302, 404), address
        assert "Trình ký" not in answer.content.decode()
        assert "designer" not in answer.get("Location", "").partition("?")[0]
    assert list(SampleCase.objects.values_list("name", flat=True)) == ["Mẫu"]


def test_nobody_at_all_finds_a_trace(office, draft, client):
    for method, address in pages(draft, SampleCase(pk=1)):
        assert getattr(client, method)(address).status_code in (302, 404)


def test_the_walk_costs_no_more_in_a_larger_office(office, draft, desk):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories.people import MembershipFactory

    def cost():
        desk.post(url("try", draft.pk), typed(office, walk_only=1))
        with CaptureQueriesContext(connection) as capture:
            desk.post(url("try", draft.pk), typed(office, walk_only=1))
        return len(statements(capture))

    before = cost()
    for code in ("VP", "TC", "KT"):
        MembershipFactory.create_batch(5, department=office.departments[code])
    # Fifteen more people; whether one look-up is remembered from before is no matter of their number.
    assert cost() - before < 5
