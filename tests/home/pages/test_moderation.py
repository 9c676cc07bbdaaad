"""News goes through the workflow that comes with the sections: submit, a head approves with a comment."""

from __future__ import annotations

from socket import gaierror

import pytest
from django.contrib.auth.models import Group
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import reverse
from wagtail.models import PageSubscription, Workflow, WorkflowPage

from home.notifications.models import Notification
from home.pages.api import EDITORS, MODERATORS, NewsPage, ensure_moderation
from tests.factories.pages import make_news, make_news_index, make_notice_index, make_page
from tests.factories.people import DepartmentFactory, UserFactory, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def section():
    section = make_news_index()
    make_notice_index()
    ensure_moderation()
    return section


def logged_in(*groups):
    user = UserFactory()
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def form(**fields):
    from wagtail.test.utils.form_data import nested_form_data, streamfield

    data = {
        "title": "Đề án mới",
        "slug": "",
        "lead": "Tóm tắt",
        "published_on": "2026-11-02",
        "audience": "everyone",
        "body": streamfield([]),
        "discussion": "open",
        "related_news": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 5},
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000},
    }
    return nested_form_data(data | fields)


def add(client, section, **fields):
    address = reverse("wagtailadmin_pages:add", args=["pages", "newspage", section.pk])
    return client.post(address, form(**fields), follow=True)


def test_an_editor_submits_and_a_head_approves(section, client):
    editor, head = logged_in(EDITORS), logged_in(MODERATORS)
    assert add(editor, section, **{"action-submit": "1"}).status_code == 200
    page = NewsPage.objects.get(title="Đề án mới")
    assert not page.live
    assert page.slug == "de-an-moi"
    state = page.current_workflow_state
    assert state is not None
    reader = Client()
    reader.force_login(make_member(DepartmentFactory()))
    assert reader.get(page.url).status_code == 404
    task = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    assert editor.post(address, {"comment": "Tự duyệt"}).status_code in {302, 403}
    page.refresh_from_db()
    assert not page.live
    assert head.post(address, {"comment": "Đồng ý"}).status_code in {200, 302}
    page.refresh_from_db()
    assert page.live
    assert reader.get(page.url).status_code == 200


def test_a_head_sends_back_with_a_comment(section):
    editor, head = logged_in(EDITORS), logged_in(MODERATORS)
    add(editor, section, **{"action-submit": "1"})
    page = NewsPage.objects.get(title="Đề án mới")
    task = page.current_workflow_task_state
    head.post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "reject", task.pk]),
        {"comment": "Bổ sung ảnh"},
    )
    page.refresh_from_db()
    assert not page.live
    task.refresh_from_db()
    assert task.comment == "Bổ sung ảnh"
    assert page.current_workflow_state.status == "needs_changes"


class DeadServer(BaseEmailBackend):
    """A mail server whose name nobody knows."""

    def open(self):
        raise gaierror("Name or service not known")

    def send_messages(self, messages):
        self.open()


def told(person, kind):
    return list(Notification.objects.filter(recipient=person, kind=kind))


@pytest.mark.parametrize("choice", ["approve", "reject"])
def test_the_bell_asks_approvers_and_answers_the_writer_also_while_no_mail_leaves(section, settings, choice):
    settings.EMAIL_BACKEND = f"{__name__}.DeadServer"
    editor, head, other, outsider = (logged_in(group) for group in (EDITORS, MODERATORS, MODERATORS, EDITORS))
    assert add(editor, section, **{"action-submit": "1"}).status_code == 200
    page = NewsPage.objects.get(title="Đề án mới")
    for person in (head, other):
        [asked] = told(person.user, "pages.review")
        assert asked.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
        assert "Đề án mới" in asked.words.subject
        assert str(editor.user) in asked.words.body
        assert "Đề án mới" in person.get("/notifications/").content.decode()
    assert not Notification.objects.filter(recipient__in=[editor.user.pk, outsider.user.pk]).exists()
    task = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, choice, task.pk])
    head.post(address, {"comment": "Bổ sung ảnh"})
    [answer] = told(editor.user, {"approve": "pages.approved", "reject": "pages.sent_back"}[choice])
    assert "Bổ sung ảnh" in answer.words.body
    assert f"Người duyệt: {head.user}." in answer.words.body
    assert editor.get(f"/notifications/{answer.pk}/", follow=True).status_code == 200
    assert told(other.user, "pages.review")[0].read_at is not None
    other.user.groups.clear()
    assert "Đề án mới" not in other.get("/notifications/").content.decode() or choice == "approve"


def test_remarks_of_editors_go_through_the_bell_and_no_draft_is_lost(section, settings):
    """Wagtail mails them while it stores the draft: without a mail server the draft was gone."""
    settings.EMAIL_BACKEND = f"{__name__}.DeadServer"
    writer, head = logged_in(EDITORS), logged_in(MODERATORS)
    writer.user.email = "viet@x.vn"
    writer.user.save()
    add(writer, section)
    page = NewsPage.objects.get(title="Đề án mới")
    PageSubscription.objects.update_or_create(
        page=page, user=writer.user, defaults={"comment_notifications": True}
    )
    none = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    remark = {"text": "Nêu rõ số liệu", "contentpath": "title", "position": "", "id": "", "replies": none}
    data = form(title="Đề án mới, sửa", comments=none | {"TOTAL_FORMS": 1, "0": remark})
    assert head.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data).status_code == 302
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().title == "Đề án mới, sửa"
    [row] = told(writer.user, "pages.remark")
    assert "Nêu rõ số liệu" in row.words.body
    assert not told(head.user, "pages.remark")


def test_an_editor_cannot_publish(section):
    editor = logged_in(EDITORS)
    add(editor, section, **{"action-publish": "1"})
    assert not NewsPage.objects.filter(title="Đề án mới", live=True).exists()


def test_an_editor_does_not_change_the_news_of_others(section):
    page = make_news(section, title="Của người khác")
    editor = logged_in(EDITORS)
    response = editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form(title="Bị sửa"))
    assert response.status_code in {302, 403}
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().title == "Của người khác"


def test_somebody_without_a_group_does_not_get_in(section):
    stranger = logged_in()
    response = add(stranger, section)
    assert not NewsPage.objects.filter(title="Đề án mới").exists()
    assert "Đề án mới" not in response.content.decode()


def test_new_pages_are_offered_the_department_and_audience_of_their_parent(section):
    finance = DepartmentFactory(name="Phòng Tài chính")
    from tests.factories.pages import restrict

    section.department = finance
    restrict(section, [finance])
    admin = UserFactory(is_superuser=True)
    client = Client()
    client.force_login(admin)
    response = client.get(reverse("wagtailadmin_pages:add", args=["pages", "newspage", section.pk]))
    initial = response.context["form"].initial
    assert initial["department"] == finance.pk
    assert initial["audience"] == "departments"
    assert initial["audience_departments"] == [finance]


def test_an_audience_of_no_department_is_refused_in_the_form(section):
    head = logged_in(MODERATORS)
    response = add(head, section, audience="departments")
    assert not NewsPage.objects.filter(title="Đề án mới").exists()
    assert response.context["form"].errors["audience_departments"]


def test_doing_it_twice_changes_nothing(section):
    ensure_moderation()
    assert Workflow.objects.filter(active=True, name="Duyệt trước khi đăng").count() == 1
    assert WorkflowPage.objects.count() == 2
    assert not Group.objects.filter(name__in=["Editors", "Moderators"]).exists()


def test_pages_outside_the_sections_are_not_theirs(section):
    page = make_page(title="Quy chế")
    head = logged_in(MODERATORS)
    assert not page.permissions_for_user(head.user).can_edit()
    assert make_news(section).permissions_for_user(head.user).can_publish()
