"""The screen: a department's administrators build their own types there, and see no trace of others."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from home.people.api import ADMIN_GROUP
from tests.factories.flows import open_for, signature_flow
from tests.workflows.designer.posting import posted
from workflows.definitions.api import Definition
from workflows.designer.models import FlowDraft
from workflows.designer.publishing import open_in_editor, publish_draft
from workflows.designer.reading import draft_from
from workflows.dossiers.api import DossierType
from workflows.engine.api import startable_by

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


def test_a_type_of_a_file_is_opened_in_the_editor_and_published_again(office, version, client):
    client.force_login(office.vp1)
    assert "Khai báo từ tệp" in client.get(LIST).content.decode()
    answer = client.post(f"{LIST}take-up/{version.type_id}/")
    draft = FlowDraft.objects.get(type=version.type)
    assert answer["Location"] == f"{LIST}edit/{draft.pk}/"
    assert client.get(answer["Location"]).status_code == 200
    draft.title = "Trình ký khác"
    draft.save_revision(user=office.vp1).publish(user=office.vp1)
    kind = DossierType.objects.get()
    assert (kind.title, kind.current.number, kind.current.published_by) == ("Trình ký khác", 2, office.vp1)


def test_nobody_else_opens_it(office, version, client):
    client.force_login(office.tc1)
    assert "Khai báo từ tệp" not in client.get(LIST).content.decode()
    assert client.post(f"{LIST}take-up/{version.type_id}/").status_code == 404
    assert not FlowDraft.objects.exists()


def test_a_closed_type_takes_no_new_dossiers_and_the_running_go_on(office, version, client):
    running = open_for(office, version)
    draft = open_in_editor(version.type, by=office.vp1)
    client.force_login(office.tc1)
    assert client.post(f"{LIST}switch/{draft.pk}/", {"open": "0"}).status_code == 404
    assert DossierType.objects.get().is_active
    client.force_login(office.vp1)
    client.post(f"{LIST}switch/{draft.pk}/", {"open": "0"})
    assert not DossierType.objects.get().is_active
    assert startable_by(office.ann) == []
    running.refresh_from_db()
    assert running.is_open
    client.post(f"{LIST}switch/{draft.pk}/", {"open": "1"})
    assert DossierType.objects.get().is_active


def test_the_list_costs_the_same_for_many_types(office, draft, client):
    client.force_login(office.chief)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for number in range(5):
        copy = draft_from(Definition.parse(signature_flow(code=f"loai-{number}")))
        copy.save()
        publish_draft(copy, by=office.chief)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) <= len(one)


def test_a_department_creates_types_of_its_own_only(office, client):
    client.force_login(office.vp1)
    for code, found in (("TC", 0), ("VP", 1)):
        department = office.departments[code].pk
        posted = {"title": "Mới", "department": department, "form-count": "0", "flow-count": "0"}
        client.post(f"{LIST}add/", posted)
        assert FlowDraft.objects.count() == found
    draft = FlowDraft.objects.get()
    posted["department"] = office.departments["TC"].pk
    client.post(f"{LIST}edit/{draft.pk}/", posted)
    assert draft.get_latest_revision_as_object().department == office.departments["VP"]


def test_where_approval_is_needed_departments_hand_in_and_the_office_publishes(office, draft, client):
    workflow = Workflow.objects.create(name="Duyệt loại hồ sơ")
    task = GroupApprovalTask.objects.create(name="Phòng Tổng hợp duyệt")
    task.groups.add(Group.objects.get(name=ADMIN_GROUP))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    content_type = ContentType.objects.get_for_model(FlowDraft)
    WorkflowContentType.objects.create(content_type=content_type, workflow=workflow)
    client.force_login(office.vp1)
    page = client.get(f"{LIST}edit/{draft.pk}/").content.decode()
    assert 'name="action-publish"' not in page
    assert 'name="action-submit"' in page
    workflow.start(draft, office.vp1)
    assert not DossierType.objects.exists()
    state = draft.current_workflow_task_state
    client.force_login(office.chief)
    client.post(f"{LIST}workflow/action/{draft.pk}/approve/{state.pk}/", {"comment": "Đồng ý"})
    assert DossierType.objects.get().current.published_by == office.chief
    draft.refresh_from_db()
    assert draft.live


REPORTS = ["/admin/reports/site-history/", "/admin/reports/workflow/", "/admin/reports/workflow_tasks/"]


@pytest.mark.parametrize("address", REPORTS)
def test_reports_over_everything_are_not_for_departments(office, draft, client, address):
    client.force_login(office.tc1)
    assert client.get(address).status_code == 404
    client.force_login(office.chief)
    assert client.get(address).status_code in (200, 302)


def test_no_chooser_offers_drafts(office, draft, client):
    client.force_login(office.chief)
    assert client.get("/admin/snippets/choose/designer/flowdraft/").status_code == 404


def test_what_is_published_is_not_deleted(office, draft, client):
    client.force_login(office.vp1)
    publish_draft(draft, by=office.vp1)
    assert client.post(f"{LIST}delete/{draft.pk}/").status_code == 404
    bulk = f"/admin/bulk/designer/flowdraft/delete/?id={draft.pk}"
    client.post(bulk)
    assert FlowDraft.objects.filter(pk=draft.pk).exists()


def test_bulk_actions_reach_no_draft_of_others(office, draft, client):
    client.force_login(office.tc1)
    bulk = f"/admin/bulk/designer/flowdraft/delete/?id={draft.pk}"
    answer = client.get(bulk)
    assert answer.status_code == 404
    assert "Trình ký" not in answer.content.decode()
    client.post(bulk)
    assert FlowDraft.objects.filter(pk=draft.pk).exists()


def test_a_version_from_elsewhere_is_pointed_out_and_can_be_taken_over(office, version, client):
    draft = open_in_editor(version.type, by=office.vp1)
    client.force_login(office.vp1)
    edit, over = f"{LIST}edit/{draft.pk}/", f"{LIST}take-over/{draft.pk}/"
    assert over not in client.get(edit).content.decode()
    office.publish(signature_flow(title="Từ tệp mới"))
    assert over in client.get(edit).content.decode()
    client.force_login(office.tc1)
    assert client.post(over).status_code == 404
    client.force_login(office.vp1)
    assert client.post(over).status_code == 302
    page = client.get(edit).content.decode()
    assert "Từ tệp mới" in page
    assert over not in page


def test_a_locked_draft_is_changed_by_nobody_else_and_revisions_are_compared(office, draft, client):
    address, before = f"{LIST}edit/{draft.pk}/", draft.latest_revision_id
    client.force_login(office.vp1)
    client.post(f"{LIST}lock/{draft.pk}/")
    draft.refresh_from_db()
    assert (draft.locked, draft.locked_by) == (True, office.vp1)
    client.force_login(office.chief)
    page = client.get(address)
    assert "content-locked" in page.content.decode()
    client.post(address, posted(page.context["form"], title="Của người khác"))
    draft.refresh_from_db()
    assert draft.latest_revision_id == before

    client.force_login(office.vp1)
    client.post(address, posted(client.get(address).context["form"], title="Trình ký điện tử"))
    draft.refresh_from_db()
    assert draft.latest_revision_id != before
    compared = client.get(f"{LIST}history/{draft.pk}/revisions/compare/{before}...latest/").content.decode()
    assert "điện tử" in compared and "văn bản" in compared
    client.post(f"{LIST}unlock/{draft.pk}/")
    draft.refresh_from_db()
    assert not draft.locked
