"""Reading and exporting answers: complete, harmless in a spreadsheet, and for readers alone."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from home.audit.api import Entry
from home.forms.api import AnswerSet, Submission, freeze
from home.forms.export import harmless
from tests.factories.forms import SubmissionFactory, field, schema


@pytest.fixture
def answer_set(db):
    return AnswerSet.objects.create(source="page:1", title="Đăng ký xe")


def addresses(answer_set, submission):
    exports = [
        reverse("answer_export", args=[answer_set.pk, kind]) for kind in ("csv", "xlsx", "json", "zip")
    ]
    return [
        reverse("answer_list", args=[answer_set.pk]),
        reverse("answer_charts", args=[answer_set.pk]),
        *exports,
        reverse("submission", args=[submission.pk]),
    ]


def test_only_readers_find_the_answers(client, lan, minh, make_user, answer_set):
    submission = SubmissionFactory(by=lan, answers={"a": "bí mật"})
    editor = make_user("editor")
    for address in addresses(answer_set, submission):
        client.logout()
        assert client.get(address).status_code in (302, 404)
        client.force_login(editor)
        assert client.get(address).status_code == 404
    assert "Đăng ký xe" not in client.get(reverse("answer_sets")).content.decode()
    answer_set.readers.add(minh)
    client.force_login(minh)
    for address in addresses(answer_set, submission):
        assert client.get(address).status_code == 200
    assert "Đăng ký xe" in client.get(reverse("answer_sets")).content.decode()
    assert Submission.objects.count() == 1
    acts = Entry.objects.filter(by=minh).order_by("seq").values_list("verb", flat=True)
    assert list(acts) == ["answers.listed", "answers.charted", *["answers.exported"] * 4, "answer.read"]
    assert not Entry.objects.exclude(by=minh).exists()
    assert "bí mật" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_the_giver_reads_the_own_answer_but_not_the_others(client, lan, minh, answer_set):
    mine, other = SubmissionFactory(by=lan), SubmissionFactory(by=minh)
    client.force_login(lan)
    assert client.get(reverse("submission", args=[mine.pk])).status_code == 200
    assert client.get(reverse("submission", args=[other.pk])).status_code == 404
    assert client.get(reverse("answer_list", args=[answer_set.pk])).status_code == 404
    assert not Entry.objects.exists()


def test_nothing_can_be_changed_by_posting(client, minh, answer_set):
    submission = SubmissionFactory(by=minh)
    answer_set.readers.add(minh)
    client.force_login(minh)
    assert {client.post(address).status_code for address in addresses(answer_set, submission)} == {405}


def old_and_new(by):
    old = freeze(schema(field("name", label="Tên"), field("car", label="Xe")))
    new = freeze(schema(field("day", "date", label="Ngày"), field("name", label="Họ và tên")))
    SubmissionFactory(by=by, schema=old, answers={"name": "An", "car": "51A"})
    SubmissionFactory(by=by, schema=new, answers={"name": "Bình", "day": "2026-11-24"})


def exported(client, answer_set, kind):
    response = client.get(reverse("answer_export", args=[answer_set.pk, kind]))
    content = b"".join(response.streaming_content)
    if kind == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
        return response, list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(content)).active
    return response, [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_changed_questions_stay_in_the_export_under_their_words(client, minh, answer_set, kind):
    old_and_new(minh)
    answer_set.readers.add(minh)
    client.force_login(minh)
    response, table = exported(client, answer_set, kind)
    head = table[0][4:]
    assert head[0] == "Ngày"
    assert head[1].startswith("Họ và tên (") and "Tên" in head[1]
    assert head[2].startswith("Xe (")
    assert [cell or "" for cell in table[1][4:]] == ["", "An", "51A"]
    assert str(table[2][4])[:10] == "2026-11-24" and table[2][5] == "Bình"
    assert "dang-ky-xe" in response["Content-Disposition"]


def test_changed_questions_stay_readable_one_by_one(client, minh, answer_set):
    old_and_new(minh)
    client.force_login(minh)
    page = client.get(reverse("submission", args=[Submission.objects.earliest("pk").pk])).content.decode()
    assert "Xe" in page and "51A" in page and "Họ và tên" not in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("bait", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\n=1", "＝1+1", "\t=1"])
def test_a_formula_is_never_run_by_a_spreadsheet(client, minh, answer_set, kind, bait):
    bad = freeze(schema(field(label=bait), field("b")))
    SubmissionFactory(by=minh, schema=bad, answers={"a": bait})
    answer_set.readers.add(minh)
    client.force_login(minh)
    _response, table = exported(client, answer_set, kind)
    for row in table:
        for cell in row[4:]:
            assert cell in (None, "") or str(cell).startswith(("'", "Câu"))


def test_numbers_stay_numbers():
    assert harmless(-5) == -5
    assert harmless(None) is None
    assert harmless("a\x00b") == "ab"
    assert len(harmless("x" * 50_000)) <= 32_767


def test_the_number_of_queries_does_not_grow(
    client, minh, make_user, answer_set, django_assert_max_num_queries
):
    for number in range(30):
        SubmissionFactory(by=make_user(f"u{number}"))
    answer_set.readers.add(minh)
    client.force_login(minh)
    with django_assert_max_num_queries(28):
        assert client.get(reverse("answer_list", args=[answer_set.pk]) + "?page=99").status_code == 200
    with django_assert_max_num_queries(14):
        exported(client, answer_set, "csv")


def test_an_empty_set_can_be_opened_and_exported(client, minh, answer_set):
    answer_set.readers.add(minh)
    client.force_login(minh)
    assert client.get(reverse("answer_list", args=[answer_set.pk])).status_code == 200
    assert len(exported(client, answer_set, "xlsx")[1]) == 1


def test_a_hundred_thousand_answers_are_never_all_in_memory():
    """The rows are a generator over an iterator: nothing may collect them."""
    from home.forms import export

    taken = []

    def endless():
        while True:
            taken.append(1)
            yield ["x"]

    lines = export.csv_lines(endless())
    assert [next(lines) for _ in range(3)] == ["\ufeff", "x\r\n", "x\r\n"]
    assert len(taken) == 2
