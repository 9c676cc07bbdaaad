"""The step that makes a paper: what it refuses, what a version keeps, and what a paper tells."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.forms.api import FormSchema
from tests.counting import statements
from tests.factories.flows import act, approve, definition, open_for
from tests.factories.papers import SIGN, STEP, letter_flow, make_template, upload, word
from tests.factories.people import UserFactory
from workflows.definitions.api import Definition, check, publish
from workflows.definitions.paper_samples import sample_data
from workflows.definitions.pinning import pinned
from workflows.dossiers.api import DECISION, MOMENT, Errand
from workflows.dossiers.paper_names import DOSSIER, KNOWN
from workflows.steps.api import Facts, compose, moment
from workflows.steps.paper_data import _clean, _typed


def codes(raw):
    return {finding.code for finding in check(Definition.parse(raw))}


def test_findings(office):
    assert "flows.E111" in codes(letter_flow())
    template = make_template(content=word("{{ answers.subject }} {{ steps.sign.name }}"))
    assert codes(letter_flow()) == set()
    assert codes(letter_flow(version=1, formats=["docx"])) == set()
    assert codes(letter_flow(version=7)) == {"flows.E113"}
    assert codes(letter_flow(formats=["pdf"])) == {"flows.E114"}
    assert codes(letter_flow(formats=["docx", "pdf"])) == {"flows.E114"}
    assert codes(letter_flow(file_name="{number")) == {"flows.E116"}
    assert codes(letter_flow(file_name="{number} {nobody}")) == {"flows.E117"}
    assert codes(letter_flow(file_name="{amount} {unit} {date} {type} {subject}")) == set()
    assert codes(letter_flow(at_most=2)) == {"flows.E118"}
    assert codes(letter_flow(wait=True)) == {"flows.W119"}
    assert codes(letter_flow(wait=True, at_most=2)) == set()
    upload(template, word("{{ answers.nothing }} {{ steps.nobody.name }} {{ values.amount }}"))
    assert codes(letter_flow()) == {"flows.E115"}
    assert codes(letter_flow(version=1)) == set()
    template.is_active = False
    template.save()
    assert codes(letter_flow(version=1)) == {"flows.E112"}


def test_a_template_without_a_file(office):
    from workflows.dossiers.api import PaperTemplate

    PaperTemplate.objects.create(code="to-trinh", title="Trống")
    assert codes(letter_flow()) == {"flows.E113"}


def test_publishing_names_the_newest_version(office):
    template = make_template()
    draft = letter_flow()
    first = office.publish(draft)
    assert first.definition["flow"]["steps"][0]["version"] == 1
    assert "version" not in draft["flow"]["steps"][0]
    assert office.publish(draft) == first
    upload(template, word("Bản hai"))
    second = office.publish(draft)
    assert second.definition["flow"]["steps"][0]["version"] == 2
    assert second.sha256 != first.sha256
    assert office.publish(letter_flow(version=1)).definition == first.definition


def test_a_published_definition_comes_back_as_it_was(office):
    make_template()
    block = {
        "id": "both",
        "kind": "parallel",
        "title": "Song song",
        "rule": "all",
        "branches": [
            {"steps": [STEP | {"wait": True, "replace": True, "at_most": 1.5}]},
            {"steps": [approve("a", {"head_of": "TC"})]},
        ],
    }
    version = office.publish(definition(block, SIGN))
    again = Definition.parse(version.definition)
    assert again.canonical() == version.definition
    assert again.digest() == version.sha256
    assert pinned(again) is again
    inner = version.definition["flow"]["steps"][0]["branches"][0]["steps"][0]
    assert (inner["version"], inner["replace"], inner["wait"], inner["at_most"]) == (1, True, True, 1.5)


def test_one_query_of_its_own_for_each_thing_that_is_told(office):
    make_template()
    first, second = (
        approve(code, {"head_of": department}) for code, department in (("one", "TC"), ("two", "KT"))
    )
    few = open_for(office, office.publish(definition(first, STEP, SIGN)))
    many = open_for(office, office.publish(definition(first, second, STEP, SIGN)))
    act(many, "one", office.head_tc)
    counts = []
    for dossier, step, person in ((few, "one", office.head_tc), (many, "two", office.head_kt)):
        with CaptureQueriesContext(connection) as capture:
            act(dossier, step, person)
        counts.append(len(statements(capture)))
    assert counts[0] == counts[1]


def test_what_is_told_of_a_decision_under_an_authority(office):
    from datetime import timedelta

    from django.utils import timezone

    from home.people.api import SigningAuthority

    today = timezone.localdate()
    SigningAuthority.objects.create(
        holder=office.head_tc,
        on_behalf_of=office.chair,
        capacity="KT",
        since=today,
        until=today + timedelta(days=9),
    )
    make_template()
    signing = approve("signature", {"head_of": "TC"}) | {"kind": "sign"}
    dossier = open_for(office, office.publish(definition(signing, STEP, SIGN)))
    key = str(SigningAuthority.objects.get().pk)
    act(dossier, "signature", office.head_tc, "sign", note="Đồng ý", extra={"capacity": key})
    told = Errand.objects.get().payload["data"]
    [one] = told["decisions"]
    assert one == told["steps"]["signature"]
    assert set(one) == set(DECISION)
    assert (one["name"], one["on_behalf_of"]) == (
        office.head_tc.get_full_name(),
        office.chair.get_full_name(),
    )
    assert one["capacity"] == "KT. CHAIR"
    assert (one["done"], one["note"], one["position"], one["department"]) == (
        True,
        "Đồng ý",
        "head",
        "Phòng TC",
    )
    assert told["steps"]["sign"]["done"] is False
    assert told["steps"]["sign"]["name"] == ""
    assert set(told["dossier"]) == set(DOSSIER)
    assert told["dossier"]["submitter_position"] == "officer"
    assert told["unit"] == {"code": "", "name": ""}


def test_a_stand_in_is_named_with_whom_they_stood_in_for(office):
    from datetime import timedelta

    from django.utils import timezone

    from tests.factories.people import DelegationFactory

    make_template()
    dossier = open_for(office, office.publish(definition(approve("one", {"head_of": "TC"}), STEP, SIGN)))
    today = timezone.localdate()
    DelegationFactory(
        principal=office.head_tc, delegate=office.kt1, since=today, until=today + timedelta(days=3)
    )
    act(dossier, "one", office.kt1)
    [one] = Errand.objects.get().payload["data"]["decisions"]
    assert (one["name"], one["on_behalf_of"]) == (office.kt1.get_full_name(), office.head_tc.get_full_name())


SCHEMA = FormSchema.parse(
    {
        "sections": [
            {
                "fields": [
                    {"key": "words", "kind": "long_text", "label": "Nội dung"},
                    {"key": "amount", "kind": "money", "label": "Tiền"},
                    {"key": "day", "kind": "date", "label": "Ngày"},
                    {"key": "ok", "kind": "yes_no", "label": "Được"},
                    {
                        "key": "sort",
                        "kind": "choice",
                        "label": "Loại",
                        "choices": [{"value": "a", "label": "Loại A"}],
                    },
                    {"key": "who", "kind": "person", "label": "Ai"},
                    {"key": "enclosed", "kind": "file", "label": "Tệp"},
                ]
            }
        ]
    }
)
ANSWERS = {
    "words": "Dòng 1\nDòng 2",
    "amount": 5_000_000,
    "day": "2026-02-05",
    "ok": False,
    "sort": "a",
    "who": {"id": 5, "code": "an.nv", "name": "Nguyễn Văn An"},
    "enclosed": [{"id": "x", "name": "a.pdf", "size": 3, "type": "application/pdf"}],
}
NOW = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)


@pytest.mark.django_db
def test_answers_as_text_and_as_values():
    told = compose(SCHEMA, [], ANSWERS, Facts({"number": "1"}), NOW)
    assert told["answers"] == {
        "words": "Dòng 1\nDòng 2",
        "amount": "5.000.000\u00a0₫",
        "day": "05/02/2026",
        "ok": "Không",
        "sort": "Loại A",
        "who": "Nguyễn Văn An",
        "enclosed": "a.pdf",
    }
    values = told["values"]
    assert (values["amount"], values["ok"], values["sort"]) == (5_000_000, False, "a")
    assert (values["day"]["day"], values["day"]["month"], values["day"]["words"]) == (
        "05",
        "02",
        "ngày 05 tháng 02 năm 2026",
    )
    assert values["who"] == {"code": "an.nv", "name": "Nguyễn Văn An"}
    assert values["enclosed"] == [{"name": "a.pdf", "size": 3, "type": "application/pdf"}]
    assert told["spelled"]["amount"] == "Năm triệu đồng"
    assert told["spelled"]["words"] == told["spelled"]["ok"] == ""
    assert told["labels"]["sort"] == "Loại"
    assert set(told) == set(KNOWN)
    # New year's eve in Greenwich is the new year here.
    assert (
        told["today"]
        == moment(NOW)
        == dict(
            zip(
                MOMENT,
                (
                    "01/01/2027",
                    "01/01/2027 00:05",
                    "00:05",
                    "01",
                    "01",
                    "2027",
                    "ngày 01 tháng 01 năm 2027",
                    "2027-01-01T00:05:00+07:00",
                ),
                strict=True,
            )
        )
    )


@pytest.mark.django_db
def test_no_answer_is_an_empty_text_and_no_value():
    told = compose(SCHEMA, [], {}, Facts({}), NOW)
    assert set(told["answers"].values()) == {""}
    assert told["values"]["amount"] is None
    assert told["values"]["day"] == moment(None)
    assert moment(date(2026, 3, 7))["words"] == "ngày 07 tháng 3 năm 2026"


def test_rows_of_a_table_keep_their_cells():
    columns = [
        {"key": "item", "kind": "text", "label": "Hàng"},
        {"key": "count", "kind": "number", "label": "Số"},
        {"key": "on", "kind": "date", "label": "Ngày"},
    ]
    table = {"key": "rows", "kind": "table", "label": "Mua sắm", "columns": columns}
    period = {"key": "when", "kind": "date_range", "label": "Thời gian"}
    at = {"key": "at", "kind": "date_time", "label": "Lúc"}
    asked = FormSchema.parse({"sections": [{"fields": [table, period, at]}]})
    rows = [{"item": "Máy in", "count": 2, "on": "2026-02-03"}, {"item": "Mực"}]
    told = _typed(rows, asked.field("rows"))
    assert [(row["item"], row["count"], row["on"]["words"]) for row in told] == [
        ("Máy in", 2, "ngày 03 tháng 02 năm 2026"),
        ("Mực", None, ""),
    ]
    assert _typed(None, asked.field("rows")) == []
    spell = _typed({"from": "2026-11-24", "to": "2026-11-25", "days": 2}, asked.field("when"))
    assert (spell["from"]["text"], spell["to"]["day"], spell["days"]) == ("24/11/2026", "25", 2)
    assert _typed(None, asked.field("when"))["from"]["text"] == ""
    assert _typed("2026-11-24T08:30", asked.field("at"))["full"] == "24/11/2026 08:30"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("Tie\u0302\u0301ng Vie\u0323\u0302t", "Tiếng Việt"),
        ("a\u202eb\u200fc\u2066d", "abcd"),
        ("a\x00b\x0bc\x1bd\x7f", "abcd"),
        ("a\ufffe\uffffb\ud800", "ab"),
        ("a\r\nb\tc", "a\nb\tc"),
        ("<&>", "<&>"),
    ],
)
def test_texts_are_cleaned(given, told):
    assert _clean({"x": [given]}) == {"x": [told]}


def test_sample_data_has_the_same_shape(office):
    make_template(content=word("{{ dossier.number }}"))
    raw = definition(STEP, SIGN)
    raw["form"] = SCHEMA.canonical()
    raw["subject"] = "words"
    parsed = Definition.parse(raw)
    reader = UserFactory(first_name="An")
    told = sample_data(parsed, reader)
    assert set(told) == set(KNOWN)
    assert set(told["dossier"]) == set(DOSSIER)
    assert set(told["steps"]["sign"]) == set(DECISION)
    assert all(told["answers"].values())
    assert told["values"]["sort"] == "a"
    assert publish(parsed).number == 1
