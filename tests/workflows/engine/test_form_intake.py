"""A form page opens dossiers of a type that its editor has chosen."""

import json
import uuid

import pytest
from django.urls import reverse

from home.forms.api import AnswerSet, StoredFile, Submission
from tests.factories.flows import approve, definition, make_office
from tests.factories.forms import field, make_form_page, pdf, schema
from workflows.dossiers.api import Dossier
from workflows.engine.form_intake import check_intake, question_choices, read_intake, type_choices

pytestmark = pytest.mark.django_db

PLACES = [{"value": "hn", "label": "Hà Nội"}, {"value": "dn", "label": "Đà Nẵng"}]
QUESTIONS = [
    field("subject", label="Trích yếu", required=True, max_length=40),
    field("amount", "money", label="Số tiền", max=1_000_000),
    field("place", "choice", label="Nơi đến", choices=PLACES),
    field("more", "long_text", label="Ghi chú"),
    field("paper", "file", label="Tài liệu"),
]
FORM = [
    field("q1", label="Xin việc gì", required=True),
    field("q2", "number", label="Số tiền", places=0),
    field(
        "q3",
        "choice",
        label="nơi ĐẾN",
        choices=[{"value": "x", "label": "Đà Nẵng"}, {"value": "y", "label": "Huế"}],
    ),
    field("q4", "date", label="Ghi chú"),
    field("q5", "file", label="Tài liệu"),
    field("q6", label="Câu chỉ có ở đây"),
]
PAIRS = {"subject": "Xin việc gì"}


def published(office, **changes):
    form = {"sections": [{"fields": QUESTIONS}]}
    steps = [approve("sign", {"position": "chair", "department": "LD"})]
    return office.publish(definition(*steps, form=form, **changes))


def page_for(kind="trinh-ky", pairs=PAIRS, **values):
    rows = [
        {"type": "item", "value": {"target": f"{kind}/{key}", "source": words}, "id": str(uuid.uuid4())}
        for key, words in pairs.items()
    ]
    chosen = {"type": "dossier", "value": {"type": kind, "pairs": rows}, "id": str(uuid.uuid4())}
    return make_form_page(*FORM, handling=json.dumps([chosen]), **values)


@pytest.fixture
def office():
    return make_office()


def test_an_answer_becomes_a_dossier_with_its_answers_and_files(office, client):
    published(office)
    page = page_for()
    page.clean()
    client.force_login(office.ann)
    data = {
        "q1": "Mua máy",
        "q2": "500000",
        "q3": "x",
        "q4": "2026-12-01",
        "q6": "z",
        "_key": str(uuid.uuid4()),
    }
    address = reverse("form_page", args=[page.pk])
    first = client.post(address, {**data, "q5": pdf("dự toán.pdf")})
    dossier = Dossier.objects.get()
    assert first["Location"] == reverse("dossier", args=[dossier.pk])
    assert client.post(address, data)["Location"] == first["Location"]
    assert Dossier.objects.count() == 1 and dossier.submitter == office.ann
    expected = {"subject": "Mua máy", "amount": 500_000, "place": "dn", "more": "01/12/2026"}
    assert {key: dossier.answers[key] for key in expected} == expected
    assert dossier.answers["paper"][0]["name"] == "dự toán.pdf" and "q6" not in dossier.answers
    assert StoredFile.objects.get().holder_kind == "dossier"
    assert (
        Submission.objects.get().answers["q6"] == "z"
        and AnswerSet.objects.filter(source=page.source).exists()
    )
    assert len(dossier.open_steps) == 1


def test_what_the_type_does_not_take_is_said_and_nothing_is_stored(office, client):
    published(office)
    page = page_for()
    client.force_login(office.ann)
    answer = client.post(reverse("form_page", args=[page.pk]), {"q1": "x" * 41, "q2": "2000000"})
    content = answer.content.decode()
    assert (
        answer.status_code == 409 and "Trích yếu" in content and "Số tiền" in content and "x" * 41 in content
    )
    assert not Dossier.objects.exists() and not Submission.objects.exists()


def test_who_may_not_start_the_type_sees_it_at_once_and_gets_nothing_through(office, client):
    published(office, start={"departments": ["TC"]})
    page = page_for()
    client.force_login(office.ann)
    assert '<form class="card"' not in client.get(page.url).content.decode()
    assert client.post(reverse("form_page", args=[page.pk]), {"q1": "x"}).status_code == 409
    assert not Submission.objects.exists()
    client.force_login(office.tc1)
    assert '<form class="card"' in client.get(page.url).content.decode()
    assert client.post(reverse("form_page", args=[page.pk]), {"q1": "x"}).status_code == 302


def test_the_editor_is_told_what_does_not_fit(office):
    version = published(office)
    form = schema(
        field("q1", label="Trích yếu"),
        field("q2", label="Số tiền"),
        field("q3", "choice", label="Nơi đến", choices=PLACES),
    )
    problems = list(check_intake({"type": "trinh-ky", "pairs": {"more": "không có"}}, form))
    assert len(problems) == 3
    assert "không có" in problems[0] and "Trích yếu" in problems[1] and "Số tiền" in problems[2]
    empty = schema(field("q9", label="Khác"))
    assert any("Trích yếu" in problem for problem in check_intake({"type": "trinh-ky", "pairs": {}}, empty))
    assert [code for code, _title in type_choices()] == ["trinh-ky"]
    assert question_choices()[0][1][0] == ("trinh-ky/subject", "Trích yếu")
    kind = version.type
    kind.is_active = False
    kind.save()
    assert type_choices() == [] and len(list(check_intake({"type": "trinh-ky", "pairs": {}}, form))) == 1


@pytest.mark.once
def test_pairs_of_another_type_are_left_out():
    value = {"type": "a", "pairs": [{"target": "a/x", "source": "X"}, {"target": "b/y", "source": "Y"}, {}]}
    assert read_intake(value) == {"type": "a", "pairs": {"x": "X"}}
