"""A form page: shown, filled in, stored once, thanked for, and read by its readers."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from home.forms.api import AnswerSet, Submission
from home.pages.models import FormPage
from home.people.api import Department
from tests.factories.forms import field, make_form_page, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_user():
    def make(username, **values):
        return get_user_model().objects.create_user(
            username, password="mật khẩu", last_name=username, **values
        )

    return make


@pytest.fixture
def lan(make_user):
    return make_user("lan")


@pytest.fixture
def logged_in(client, lan):
    client.force_login(lan)
    return client


def address(page):
    return reverse("form_page", args=[page.pk])


def test_the_page_shows_its_questions_and_posts_to_its_number(logged_in):
    page = make_form_page(field(label="Biển số xe"), field("b", "file"))
    for url in (page.url, address(page)):
        content = logged_in.get(url).content.decode()
        assert "Biển số xe" in content and f'action="{address(page)}"' in content
        assert "multipart/form-data" in content and 'name="_owner"' in content


def test_an_answer_is_stored_with_who_gave_it_and_leads_to_thanks(logged_in, lan):
    page = make_form_page(field(), field("f", "file"), thanks="<p>Cảm ơn đồng chí</p>")
    response = logged_in.post(address(page), {"a": "51A-123.45", "f": pdf()})
    submission = Submission.objects.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("form_sent", args=[page.pk, submission.pk])
    assert (submission.by, submission.source, submission.answers["a"]) == (lan, page.source, "51A-123.45")
    assert "Cảm ơn đồng chí" in logged_in.get(response["Location"]).content.decode()


def test_a_double_click_stores_once_and_leads_to_the_same_place(logged_in):
    page = make_form_page()
    data = {"a": "x", "_key": str(uuid.uuid4())}
    first, second = logged_in.post(address(page), data), logged_in.post(address(page), data)
    assert first["Location"] == second["Location"]
    assert Submission.objects.count() == 1


def test_a_mistake_keeps_what_was_written_and_stores_nothing(logged_in):
    page = make_form_page(field(required=True), field("b", label="Ghi chú"), field("f", "file"))
    content = logged_in.post(
        address(page), {"a": "", "b": "giữ nguyên", "f": pdf("bản scan.pdf")}
    ).content.decode()
    assert "giữ nguyên" in content and "bản scan.pdf" in content
    assert 'href="#id_a"' in content and 'aria-invalid="true"' in content
    assert not Submission.objects.exists()


def test_an_expired_session_comes_back_to_the_filled_form(client, lan):
    page = make_form_page()
    client.force_login(lan)
    token = client.get(address(page)).context["form"].owner_token
    client.logout()
    response = client.post(address(page), {"a": "rất dài", "_owner": token})
    assert "next=" in response["Location"]
    client.force_login(lan)
    assert "rất dài" in client.get(address(page)).content.decode()
    assert not Submission.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_for_another_department_does_not_exist(logged_in, lan, method):
    department = Department.objects.create(code="X", name="Phòng X")
    page = make_form_page(title="Bí mật", departments=[department])
    for url in (page.url, address(page)):
        response = getattr(logged_in, method)(url, {"a": "x"})
        assert response.status_code == 404 and "Bí mật" not in response.content.decode()
    assert not Submission.objects.exists()


@pytest.mark.parametrize("url", ["/forms/pages/0/", "/forms/pages/999999/", "/forms/pages/1/"])
def test_what_is_no_published_form_page_does_not_exist(logged_in, url):
    make_form_page(live=False)
    assert logged_in.get(url).status_code == 404


def test_a_draft_takes_no_answers(logged_in):
    page = make_form_page(live=False)
    assert logged_in.post(address(page), {"a": "x"}).status_code == 404
    assert not Submission.objects.exists()


def test_thanks_are_for_the_giver_alone(logged_in, client, make_user):
    page, other = make_form_page(), make_form_page(title="Khác")
    sent = logged_in.post(address(page), {"a": "x"})["Location"]
    number = Submission.objects.get().pk
    assert logged_in.get(reverse("form_sent", args=[other.pk, number])).status_code == 404
    client.force_login(make_user("minh"))
    assert client.get(sent).status_code == 404


def test_a_form_opens_and_closes(logged_in):
    now = timezone.now()
    page = make_form_page(opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2))
    assert '<form class="card"' not in logged_in.get(page.url).content.decode()
    response = logged_in.post(address(page), {"a": "viết sẵn"})
    assert response.status_code == 409 and "viết sẵn" in response.content.decode()
    with time_machine.travel(now + timedelta(minutes=90)):
        assert logged_in.post(address(page), {"a": "x"}).status_code == 302
    with time_machine.travel(now + timedelta(hours=3)):
        assert logged_in.post(address(page), {"a": "x"}).status_code == 409
    assert Submission.objects.count() == 1


def test_readers_see_the_answers_and_editors_do_not(client, make_user, lan):
    page = make_form_page(owner=lan)
    answer_set = AnswerSet.objects.get(source=page.source)
    assert list(answer_set.readers.all()) == [lan]
    editor, reader = make_user("editor"), make_user("reader")
    editor.groups.add(Group.objects.get(name="Editors"))
    link = reverse("answer_list", args=[answer_set.pk])
    client.force_login(editor)
    assert link not in client.get(page.url).content.decode()
    assert client.get(link).status_code == 404
    page.readers.add(reader)
    page.save()
    client.force_login(reader)
    assert link in client.get(page.url).content.decode()
    assert client.get(link).status_code == 200


def test_a_reader_who_was_removed_reads_no_more(lan):
    page = make_form_page(owner=lan)
    page.readers.set([])
    page.save()
    assert not AnswerSet.objects.get(source=page.source).readers.exists()


def test_deleting_the_page_keeps_the_answers_for_their_readers(logged_in, lan):
    page = make_form_page(owner=lan)
    logged_in.post(address(page), {"a": "còn đây"})
    page.delete()
    answer_set = AnswerSet.objects.get()
    assert answer_set.title == "Đăng ký"
    assert "còn đây" in logged_in.get(reverse("answer_list", args=[answer_set.pk])).content.decode()


def test_a_renamed_question_keeps_its_key_and_a_new_one_gets_another():
    page = make_form_page()
    raw = page.sections.raw_data
    question = dict(raw[0]["value"]["questions"][0])
    question["value"] = {**question["value"], "key": ""}
    raw[0]["value"]["questions"] = [question]
    page = FormPage(title="T", sections=list(raw))
    before = page.form_schema.keys()
    question["value"]["label"] = "Tên khác"
    copied = {**question, "id": str(uuid.uuid4())}
    after = FormPage(
        title="T", sections=[{**raw[0], "value": {**raw[0]["value"], "questions": [question, copied]}}]
    )
    keys = after.form_schema.keys()
    assert keys[0] == before[0]
    assert len(set(keys)) == 2 and all(key.startswith("q_") for key in keys)


def test_many_fields_cost_no_more_queries_than_few(logged_in, django_assert_max_num_queries):
    page = make_form_page(*[field(f"f{i}") for i in range(60)])
    logged_in.get(address(page))
    with django_assert_max_num_queries(25):
        logged_in.get(address(page))


@pytest.mark.parametrize(
    "data",
    [
        {"a": "x" * 50_000},
        {"a": "\0"},
        {"a": ["x", "y"]},
        {"b": "forged"},
        {"_key": "x" * 5000, "a": ""},
        {"a-kept": "x", "a": ""},
    ],
)
def test_hostile_input_is_a_field_error_and_never_a_crash(logged_in, data):
    page = make_form_page(field(required=True, max_length=1))
    response = logged_in.post(address(page), data)
    assert response.status_code in (200, 302)


def test_permission_to_name_readers_is_apart_from_editing():
    assert Permission.objects.filter(content_type__app_label="forms", codename="change_answerset").exists()
    assert {panel.permission for panel in FormPage.settings_panels[0].children} == {"forms.change_answerset"}


def test_a_double_click_after_a_mistake_keeps_the_file_and_stores_once(logged_in, lan):
    page = make_form_page(field(required=True), field("f", "file", required=True))
    form = logged_in.post(address(page), {"a": "", "f": pdf()}).context["form"]
    data = {"a": "x", "f-kept": [str(form.fields["f"].kept[0].pk)], "_key": form.key}
    first, second = logged_in.post(address(page), data), logged_in.post(address(page), data)
    assert first.status_code == 302 and first["Location"] == second["Location"]
    assert len(Submission.objects.get().answers["f"]) == 1
