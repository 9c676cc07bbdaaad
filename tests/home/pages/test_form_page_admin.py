"""An administrator who never coded builds a form in the Wagtail admin."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from home.forms.api import AnswerSet, field_kinds
from home.pages.models import FormPage
from tests.factories.forms import make_form_page
from tests.factories.pages import make_home

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    root = get_user_model().objects.create_superuser("root", "root@example.vn", "mật khẩu")
    client.force_login(root)
    return client


def question(kind, **options):
    return kind, {"key": "", "label": "Câu hỏi", "help": "", "required": "", **options}


def form_data(*questions, **values):
    section = {"title": "Thời gian", "help": "", "questions": streamfield(list(questions))}
    return nested_form_data(
        {
            "title": "Đăng ký nghỉ",
            "slug": "dang-ky-nghi",
            "intro": rich_text("<p>Xin chào</p>"),
            "thanks": rich_text(""),
            "opens_at": "",
            "closes_at": "",
            "quota": "",
            "mail_subject": "",
            "mail_body": "",
            "tell_readers": "nobody",
            "retention_months": "",
            "handling": streamfield([]),
            "audience": "everyone",
            "sections": streamfield([("section", section)]),
            "action-publish": "action-publish",
            **values,
        }
    )


def listed(name, *labels):
    """Return what the editor posts for a list of answers, rows or columns."""
    return {
        f"{name}-count": str(len(labels)),
        **{
            f"{name}-{i}-value-{k}": v
            for i, label in enumerate(labels)
            for k, v in (("value", ""), ("label", label))
        },
        **{
            f"{name}-{i}-{k}": v
            for i in range(len(labels))
            for k, v in (("deleted", ""), ("order", str(i)), ("id", ""))
        },
    }


def choices(*labels):
    return {**listed("choices", *labels), "several": "", "style": "auto"}


ALL = [
    question("text", max_length="", min_length="", placeholder=""),
    question("long_text", max_length="", min_length="", rows=""),
    question("number", min="0.5", max="60", places="1", unit="ngày"),
    question("money", min="", max=""),
    question("date", min="", max=""),
    question("yes_no"),
    question("email"),
    question("phone"),
    question("person"),
    question("department"),
    question("calculated", calculation="1 + 1", result="number", places="0", unit=""),
    question("hidden", default="x"),
    question("file", multiple="on", max_files="", max_mb="", extensions=["pdf"]),
    question(
        "image",
        multiple="",
        max_files="",
        max_mb="",
        min_width="",
        max_width="",
        min_height="",
        max_height="",
    ),
    question("signature"),
    question("citizen_number", masked="on"),
    question("time", min="07:30", max="17:00"),
    question("date_time", min="", max=""),
    question("date_range", min="", max="", min_days="1", max_days=""),
    question("position"),
    question("dossier"),
    question("matrix", **listed("rows", "Nhà ăn"), **listed("columns", "Tốt", "Kém"), several=""),
    question(
        "table",
        columns=streamfield([question("money", min="", max="", total="on")]),
        min_rows="",
        max_rows="9",
    ),
    question("heading"),
    question("static_text", text="Theo quy chế.", titled=""),
]


def create(admin, data):
    parent = make_home()
    return admin.post(reverse("wagtailadmin_pages:add", args=["pages", "formpage", parent.pk]), data)


def test_every_kind_can_be_added_in_the_editor_and_answered(admin):
    response = create(admin, form_data(*ALL, question("choice", **choices("Phép năm", "Ốm"))))
    assert response.status_code == 302, response.context["form"].errors
    page = FormPage.objects.get()
    assert page.live
    kinds = [field.kind for field in page.form_schema.fields()]
    assert set(kinds) == set(field_kinds.codes())
    number = page.form_schema.field(page.form_schema.keys()[2])
    assert (float(number.min), float(number.max), number.places, number.unit) == (0.5, 60, 1, "ngày")
    picked = list(page.form_schema.fields())[-1]
    assert [choice.label for choice in picked.choices] == ["Phép năm", "Ốm"]
    assert len({choice.value for choice in picked.choices}) == 2
    content = admin.get(page.url).content.decode()
    assert content.count("Câu hỏi") >= len(kinds) - 1  # the hidden value is not seen


def test_keys_stay_when_the_page_is_edited_again(admin):
    create(admin, form_data(*ALL))
    page = FormPage.objects.get()
    keys = page.form_schema.keys()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert admin.get(edit).status_code == 200
    page.save_revision().publish()
    assert FormPage.objects.get().form_schema.keys() == keys


def test_a_draft_does_not_change_who_reads_the_answers():
    page = make_form_page(anonymous=False)
    someone = get_user_model().objects.create_user("ai.do")
    kept = AnswerSet.objects.get(source=page.source)
    page.readers.add(someone)
    page.retention_months = 3
    page.save_revision()
    kept.refresh_from_db()
    assert not kept.readers.filter(pk=someone.pk).exists()
    assert kept.retention_months is None
    page.get_latest_revision().publish()
    assert kept.readers.filter(pk=someone.pk).exists()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (form_data(question("number", min="9", max="1", places="0", unit="")), "sections"),
        (form_data(question("text", label="", max_length="", min_length="", placeholder="")), "sections"),
        (form_data(ALL[0], opens_at="2026-02-01 00:00", closes_at="2026-01-01 00:00"), "closes_at"),
    ],
)
def test_a_form_that_cannot_work_is_refused_with_the_place(admin, data, word):
    response = create(admin, data)
    assert response.status_code == 200
    assert word in response.context["form"].errors
    assert not FormPage.objects.exists()


def test_the_preview_shows_the_very_form(admin):
    page = make_form_page()
    edit = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    data = form_data(
        question("text", label="Chỉ trong bản xem trước", max_length="", min_length="", placeholder="")
    )
    assert admin.post(edit, data).json()["is_valid"] is True
    shown = admin.get(edit).content.decode()
    assert "Chỉ trong bản xem trước" in shown and 'name="q_' in shown and "disabled" in shown


def test_the_preview_of_a_new_page_without_questions_works(admin):
    add = reverse("wagtailadmin_pages:preview_on_add", args=["pages", "formpage", make_home().pk])
    data = form_data(ALL[0])
    data["sections-count"] = "0"
    admin.post(add, data)
    assert admin.get(add).status_code == 200
