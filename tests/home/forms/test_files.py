"""Files: what is taken in, who keeps it, who may open it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from home.forms.api import AnswerSet, StoredFile, build_form, file_gates, purge_drafts
from tests.factories.forms import PDF, PNG, StoredFileFactory, SubmissionFactory, docx, field, pdf, schema


def fill(user, uploads, data=None, initial=None, **options):
    questions = schema(field(kind="file", **options))
    files = MultiValueDict({"a": uploads})
    return build_form(questions, user=user, data=data or {}, files=files, initial=initial)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "upload",
    [
        pdf(),
        docx(),
        docx("bảng.xlsx", folder="xl"),
        SimpleUploadedFile("ảnh.PNG", PNG),
        SimpleUploadedFile("a.csv", "họ,tên".encode()),
        SimpleUploadedFile("a.txt", b"text"),
        SimpleUploadedFile("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600),
    ],
)
def test_a_usual_file_is_taken(lan, upload):
    upload.seek(0)
    form = fill(lan, [upload])
    assert form.is_valid(), form.errors
    stored = StoredFile.objects.get()
    assert stored.is_draft and stored.uploaded_by == lan
    assert stored.name not in stored.file.name and str(stored.pk) not in stored.file.name
    assert form.answers()["a"][0]["name"] == upload.name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("upload", "word"),
    [
        (SimpleUploadedFile("a.exe", b"MZ"), "pdf"),
        (SimpleUploadedFile("a.html", b"<script>"), "pdf"),
        (SimpleUploadedFile("a.svg", b"<svg>"), "pdf"),
        (SimpleUploadedFile("pdf", PDF), "pdf"),
        (SimpleUploadedFile("a.pdf", b"MZ\x90" * 500), ".pdf"),
        (SimpleUploadedFile("a.png", PDF), ".png"),
        (SimpleUploadedFile("a.docx", b"PK\x03\x04" + b"x" * 50), ".docx"),
        (docx("a.xlsx"), ".xlsx"),
        (SimpleUploadedFile("a.txt", b"a\0b"), ".txt"),
        (SimpleUploadedFile("a.txt", PNG), ".txt"),
        (SimpleUploadedFile("a.pdf", b""), "a.pdf"),
    ],
)
def test_a_forbidden_or_disguised_file_is_refused_by_name(lan, upload, word):
    upload.seek(0)
    form = fill(lan, [upload])
    assert not form.is_valid()
    assert word in str(form.errors["a"]) and upload.name in str(form.errors["a"])
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_the_limit_of_size_is_named(lan):
    form = fill(lan, [pdf(content=PDF + b" " * 2_000_000)], max_mb=1)
    assert "1,0\u00a0MB" in str(form.errors["a"]) or "1.0\u00a0MB" in str(form.errors["a"])


@pytest.mark.django_db
def test_the_number_of_files_is_limited(lan):
    assert "2" in str(fill(lan, [pdf(f"{i}.pdf") for i in range(3)], max_files=2).errors["a"])


@pytest.mark.django_db
def test_all_files_of_a_form_together_are_limited(lan, monkeypatch):
    monkeypatch.setattr("home.forms.form.MAX_FORM_MB", 1)
    uploads = [pdf(f"{i}.pdf", PDF + b" " * 600_000) for i in range(2)]
    form = fill(lan, uploads)
    assert not form.is_valid()
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db
def test_a_good_file_survives_a_mistake_elsewhere(lan):
    questions = schema(field("name", required=True), field("f", "file", required=True))
    form = build_form(questions, user=lan, data={"name": ""}, files=MultiValueDict({"f": [pdf()]}))
    assert not form.is_valid()
    stored = StoredFile.objects.get()
    assert str(stored.pk) in str(form["f"])
    again = build_form(questions, user=lan, data={"name": "x", "f-kept": [str(stored.pk)]}, files={})
    assert again.is_valid(), again.errors
    assert again.answers()["f"][0]["id"] == str(stored.pk)


@pytest.mark.django_db
def test_a_kept_file_can_be_removed(lan):
    stored = StoredFileFactory(uploaded_by=lan)
    form = fill(lan, [], {"a-kept": [str(stored.pk)], "a-remove": [str(stored.pk)]})
    assert form.is_valid()
    assert form.answers() == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["x", "", "\0", "../../etc/passwd", "x" * 9999])
def test_forged_kept_names_are_ignored(lan, name):
    form = fill(lan, [], {"a-kept": [name]})
    assert form.is_valid()
    assert form.answers() == {}


@pytest.mark.django_db
def test_the_draft_of_another_person_cannot_be_claimed(lan, minh):
    stored = StoredFileFactory(uploaded_by=minh)
    form = fill(lan, [], {"a-kept": [str(stored.pk)]})
    assert form.is_valid()
    assert form.answers() == {}


@pytest.mark.django_db
def test_a_file_that_the_answer_already_holds_is_kept_for_another_editor(lan, minh):
    stored = StoredFileFactory(uploaded_by=minh, holder_kind="submission", holder_id="1")
    initial = {"a": [{"id": str(stored.pk), "name": "x.pdf", "size": 3}]}
    form = fill(lan, [], {"a-kept": [str(stored.pk)]}, initial)
    assert form.is_valid()
    assert form.answers()["a"][0]["id"] == str(stored.pk)


@pytest.mark.django_db
def test_a_draft_for_one_question_does_not_slip_into_a_stricter_one(lan):
    stored = StoredFileFactory(uploaded_by=lan, name="a.pdf")
    assert fill(lan, [], {"a-kept": [str(stored.pk)]}, extensions=["docx"]).is_valid()
    form = fill(lan, [], {"a-kept": [str(stored.pk)]}, extensions=["docx"])
    assert form.is_valid() and form.answers() == {}


def get(client, stored, user=None):
    if user is not None:
        client.force_login(user)
    return client.get(reverse("stored_file", args=[stored.pk]))


@pytest.mark.django_db
def test_a_draft_is_opened_by_its_uploader_alone(client, lan, minh):
    stored = StoredFileFactory(uploaded_by=lan)
    assert get(client, stored).status_code in (302, 404)
    assert get(client, stored, minh).status_code == 404
    response = get(client, stored, lan)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == PDF


@pytest.mark.django_db
def test_a_file_of_a_submission_is_opened_by_who_may_read_the_submission(client, lan, minh, make_user):
    submission = SubmissionFactory(by=lan)
    stored = StoredFileFactory(uploaded_by=lan, holder_kind="submission", holder_id=str(submission.pk))
    assert get(client, stored, minh).status_code == 404
    AnswerSet.objects.create(source=submission.source, title="T").readers.add(minh)
    assert get(client, stored, minh).status_code == 200
    assert get(client, stored, lan).status_code == 200
    assert get(client, stored, make_user("gone")).status_code == 404


@pytest.mark.django_db
def test_a_file_whose_holder_nobody_knows_stays_closed(client, lan):
    stored = StoredFileFactory(uploaded_by=lan, holder_kind="unheard-of", holder_id="1")
    assert "unheard-of" not in file_gates
    assert get(client, stored, lan).status_code == 404


@pytest.mark.django_db
def test_only_harmless_types_open_in_the_window(client, lan):
    text = StoredFileFactory(uploaded_by=lan, name="thông báo.txt", content_type="text/plain; charset=utf-8")
    response = get(client, text, lan)
    assert response["Content-Disposition"].startswith("attachment")
    assert "filename*=utf-8''th%C3%B4ng%20b%C3%A1o.txt" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    shown = get(client, StoredFileFactory(uploaded_by=lan, name='a"\r\n.pdf'), lan)
    assert shown["Content-Disposition"].startswith("inline")
    assert client.post(reverse("stored_file", args=[text.pk])).status_code == 405


@pytest.mark.django_db
def test_old_drafts_are_deleted_with_their_content_and_nothing_else(lan, django_capture_on_commit_callbacks):
    held = StoredFileFactory(uploaded_by=lan, holder_kind="submission", holder_id="1")
    draft = StoredFileFactory(uploaded_by=lan)
    assert purge_drafts() == 0
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        fresh = StoredFileFactory(uploaded_by=lan)
        with django_capture_on_commit_callbacks(execute=True):
            assert purge_drafts() == 1
        assert purge_drafts() == 0
    assert set(StoredFile.objects.all()) == {held, fresh}
    assert not draft.file.storage.exists(draft.file.name)
    assert held.file.storage.exists(held.file.name)
