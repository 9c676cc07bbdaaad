"""Daily work with answers: filters, columns, charts, one record, JSON and ZIP, deletion."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from home.audit.api import Entry
from home.forms.api import AnswerSet, StoredFile, Submission, freeze, submit
from home.forms.models import ColumnChoice
from tests.factories.forms import StoredFileFactory, SubmissionFactory, field, schema

pytestmark = pytest.mark.django_db

CHOICES = [{"value": "a", "label": "Lớp sáng"}, {"value": "b", "label": "Lớp chiều"}]
FORM = schema(
    field("name", label="Họ tên"),
    field("course", "choice", label="Lớp", choices=CHOICES),
    field("many", "choice", label="Nhu cầu", choices=CHOICES, several=True),
    field("years", "number", label="Số năm"),
    field("day", "date", label="Ngày"),
    field("ok", "yes_no", label="Đồng ý"),
    field("file", "file", label="Tệp"),
)


@pytest.fixture
def answer_set(minh):
    found = AnswerSet.objects.create(source="page:1", title="Đăng ký lớp")
    found.readers.add(minh)
    return found


@pytest.fixture
def reader(client, minh):
    client.force_login(minh)
    return client


@pytest.fixture
def answers(lan):
    """Three answers by way of `submit`, so that their words can be found."""

    def give(**values):
        return submit(freeze(FORM), by=lan, answers=values, handler="store", source="page:1")

    return [
        give(name="Đặng Ánh", course="a", many=["a"], years=2, day="2026-01-31", ok=True),
        give(name="Trần Bình", course="b", many=["a", "b"], years=10.5, day="2026-02-01", ok=False),
        give(name="=1+1", years=3),
    ]


def shown(reader, answer_set, query):
    page = reader.get(reverse("answer_list", args=[answer_set.pk]) + query).context["table"]
    return sorted(cells[0][1] for _submission, cells in page)


NARROWED = [
    ("?q=dang+anh", ["Đặng Ánh"]),
    ("?q=nguyen", ["=1+1", "Trần Bình", "Đặng Ánh"]),
    ("?q=xyz", []),
    ("?f_course=b", ["Trần Bình"]),
    ("?f_many=a", ["Trần Bình", "Đặng Ánh"]),
    ("?f_many=b", ["Trần Bình"]),
    ("?f_ok=false", ["Trần Bình"]),
    ("?f_years_from=2,5", ["=1+1", "Trần Bình"]),
    ("?f_years_from=2&f_years_to=3", ["=1+1", "Đặng Ánh"]),
    ("?f_day_to=2026-01-31", ["Đặng Ánh"]),
    ("?f_day_from=2026-02-01&f_course=b&q=binh", ["Trần Bình"]),
    ("?f_years_from=NaN&f_day_to=x&f_course=%00&since=9999-99-99", ["=1+1", "Trần Bình", "Đặng Ánh"]),
]


def test_the_list_is_narrowed_down(reader, answer_set, answers):
    for query, names in NARROWED:
        assert shown(reader, answer_set, query) == names, query


def test_days_narrow_the_list_and_a_question_of_another_kind_before_breaks_nothing(
    reader, answer_set, answers, lan
):
    Submission.objects.filter(pk=answers[0].pk).update(at=timezone.now() - timedelta(days=9))
    before = (timezone.localdate() - timedelta(days=5)).isoformat()
    assert shown(reader, answer_set, f"?until={before}") == ["Đặng Ánh"]
    assert "Đặng Ánh" not in shown(reader, answer_set, f"?since={before}")
    old = freeze(schema(field("years", label="Số năm"), field("name", label="Họ tên")))
    long_ago = timezone.now() - timedelta(days=99)
    SubmissionFactory(by=lan, at=long_ago, schema=old, answers={"years": "nhiều lắm", "name": "Cũ"})
    assert "Cũ" in shown(reader, answer_set, "?q=")
    assert shown(reader, answer_set, "?f_years_from=3") == ["=1+1", "Trần Bình"]


def test_columns_are_kept_for_one_reader(reader, answer_set, answers, minh, make_user):
    address = reverse("answer_columns", args=[answer_set.pk])
    answer = reader.post(f"{address}?q=anh", {"column": ["years", "khong-co", "name"]})
    assert answer["Location"].endswith(f"/{answer_set.pk}/?q=anh")
    assert ColumnChoice.objects.get(user=minh).keys == ["name", "years"]
    page = reader.get(reverse("answer_list", args=[answer_set.pk]))
    assert [column.key for column in page.context["shown"]] == ["name", "years"]
    reader.force_login(make_user("other"))
    assert reader.post(address, {"column": ["name"]}).status_code == 404
    assert ColumnChoice.objects.count() == 1


def test_charts_count_every_question(reader, answer_set, answers):
    page = reader.get(reverse("answer_charts", args=[answer_set.pk]))
    found = {summary.label: summary for summary in page.context["summaries"]}
    assert page.context["total"] == 3
    assert found["Lớp"].lines == [("Lớp sáng", 1), ("Lớp chiều", 1)] and found["Lớp"].answered == 2
    assert found["Nhu cầu"].lines == [("Lớp sáng", 2), ("Lớp chiều", 1)]
    assert found["Ngày"].lines == [("01/2026", 1), ("02/2026", 1)]
    assert dict(found["Số năm"].facts)["Số giữa"] == "3"
    assert found["Họ tên"].lines == [] and found["Họ tên"].answered == 3
    content = page.content.decode()
    assert "<svg" in content and "<style" not in content and "Họ tên" in content
    narrowed = reader.get(reverse("answer_charts", args=[answer_set.pk]) + "?f_course=b")
    assert narrowed.context["total"] == 1


def content(reader, answer_set, kind, query=""):
    answer = reader.get(reverse("answer_export", args=[answer_set.pk, kind]) + query)
    return b"".join(answer.streaming_content)


def test_json_holds_the_questions_as_they_were_and_follows_the_filter(reader, answer_set, answers):
    found = json.loads(content(reader, answer_set, "json", "?f_course=b"))
    [entry] = found["answers"]
    assert found["form"] == "Đăng ký lớp" and entry["by"]["username"] == "lan"
    said = {row["question"]: (row["text"], row["value"]) for row in entry["answers"]}
    assert said["Lớp"] == ("Lớp chiều", "b")
    assert json.loads(content(reader, answer_set, "json", "?q=xyz"))["answers"] == []


def test_the_archive_holds_files_that_the_gate_gives_and_no_others(reader, answer_set, answers):
    held = {"holder_kind": "submission", "holder_id": str(answers[0].pk)}
    StoredFileFactory(name="bản khai.pdf", **held)
    StoredFileFactory(name="của hồ sơ.pdf", holder_kind="dossier", holder_id=str(answers[0].pk))
    other = SubmissionFactory(source="page:2")
    StoredFileFactory(name="của người khác.pdf", holder_kind="submission", holder_id=str(other.pk))
    with zipfile.ZipFile(io.BytesIO(content(reader, answer_set, "zip"))) as archive:
        assert archive.testzip() is None
        paths = [f"files/{answers[0].pk}/00001-bản khai.pdf"]
        assert archive.namelist() == ["answers.csv", *paths, "files.json"]
        table = archive.read("answers.csv").decode("utf-8-sig")
        assert "Đặng Ánh" in table and "'=1+1" in table


def test_one_record_leads_to_its_neighbours_and_reading_a_file_is_on_record(
    reader, answer_set, answers, minh
):
    page = reader.get(reverse("submission", args=[answers[1].pk]))
    assert page.context["newer"] == answers[2] and page.context["older"] == answers[0]
    stored = StoredFileFactory(holder_kind="submission", holder_id=str(answers[1].pk))
    assert reader.get(stored.url).status_code == 200
    entry = Entry.objects.get(verb="answer.file_read")
    assert entry.by == minh and entry.target == answers[1].target


def test_an_answer_is_deleted_with_its_file_by_those_who_may(
    reader, answer_set, answers, minh, django_capture_on_commit_callbacks
):
    address = reverse("submission_delete", args=[answers[0].pk])
    stored = StoredFileFactory(holder_kind="submission", holder_id=str(answers[0].pk))
    for method in (reader.get, reader.post):
        assert method(address).status_code == 404
    minh.user_permissions.add(Permission.objects.get(codename="delete_submission"))
    assert reader.get(address).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert reader.post(address).status_code == 302
    assert Submission.objects.count() == 2 and not StoredFile.objects.exists()
    assert not stored.file.storage.exists(stored.file.name)
    assert Entry.objects.get(verb="answer.deleted").by == minh
    stranger = SubmissionFactory(source="page:2")
    assert reader.post(reverse("submission_delete", args=[stranger.pk])).status_code == 404
