"""The questions of a form page go out as a file and come in as a draft; a copy is a form of its own."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from home.forms.api import form_from_yaml, stream_of
from home.pages.models import FormPage
from tests.factories.forms import field, make_form_page
from tests.home.pages.test_form_page_admin import admin as admin

pytestmark = pytest.mark.django_db

WHEN = {"rows": [{"field": "days", "op": "gt", "value": "5"}]}


@pytest.fixture
def page():
    return make_form_page(
        field("days", "number", places=0, required=True, default="3", message="Nhiều quá", max=30),
        field("why", "choice", choices=[{"value": "x", "label": "X", "show_if": WHEN}], show_if="days > 1"),
        field("more", "long_text", show_if=WHEN, require_if={**WHEN, "join": "any"}),
        field("who", "person", prefill="head"),
    )


def upload(text):
    return {"file": SimpleUploadedFile("form.yaml", text.encode())}


def test_a_form_goes_out_and_comes_back_the_same_and_is_not_published_by_it(admin, page):
    out = admin.get(reverse("form_page_hand_out", args=[page.pk]))
    assert "attachment" in out["Content-Disposition"]
    assert form_from_yaml(out.content) == page.form_schema
    other = make_form_page(parent=page.get_parent(), title="Khác", slug="khac")
    before = FormPage.objects.get(pk=other.pk).form_schema
    taken = admin.post(reverse("form_page_take_in", args=[other.pk]), upload(out.content.decode()))
    assert taken.status_code == 302
    draft = FormPage.objects.get(pk=other.pk)
    assert draft.form_schema == before and draft.has_unpublished_changes
    assert draft.get_latest_revision_as_object().form_schema == page.form_schema
    edit = admin.get(reverse("wagtailadmin_pages:edit", args=[other.pk])).content.decode()
    assert reverse("form_page_hand_out", args=[other.pk]) in edit and "forms-words" in edit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: [",
        "&a [*a]",
        "sections: [{fields: [{key: a, kind: nothing, label: A}]}]",
        "sections: [{fields: [{key: a, kind: text, label: A, show_if: {rows: [{field: gone}]}}]}]",
        "sections: [{fields: [{key: a, kind: text, label: A, show_if: [1]}]}]",
        "x" * 600_000,
    ],
)
def test_a_file_that_is_no_form_is_refused_in_words(admin, page, text):
    response = admin.post(reverse("form_page_take_in", args=[page.pk]), upload(text))
    assert response.status_code == 422
    assert response.context["faults"] or response.context["form"].errors
    assert not FormPage.objects.get(pk=page.pk).has_unpublished_changes


def test_whoever_may_not_edit_the_page_finds_no_such_address(client, django_user_model, page):
    client.force_login(django_user_model.objects.create_user("lan", password="x"))
    for name in ("form_page_hand_out", "form_page_take_in"):
        address = reverse(name, args=[page.pk])
        assert client.get(address).status_code in (302, 404)
        assert client.post(address, upload("a: 1")).status_code in (302, 404, 405)
    assert not FormPage.objects.get(pk=page.pk).has_unpublished_changes


def test_what_does_not_exist_is_404(admin):
    assert admin.get(reverse("form_page_take_in", args=[10**17])).status_code == 404


def test_a_copy_asks_the_same_and_keeps_its_own_answers(page):
    copy = page.copy(update_attrs={"slug": "ban-sao", "title": "Bản sao"})
    assert copy.form_schema == page.form_schema and copy.source != page.source


def test_a_condition_on_a_removed_question_is_refused_by_name(page):
    definition = page.form_schema.canonical()
    del definition["sections"][0]["fields"][0]
    with pytest.raises(ValidationError) as refused:
        FormPage(sections=stream_of(definition), title="x", slug="x").clean()
    assert all("days" in text for text in refused.value.message_dict["sections"])
