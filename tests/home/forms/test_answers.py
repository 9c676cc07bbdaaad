"""What people type, kind by kind: understood, refused with a message, shown, exported."""

from datetime import date

import pytest

from home.forms.api import build_form, display, kind_of
from tests.factories.forms import field, schema


def answer(options, value, *, several=False):
    form_schema = schema(field(**options))
    data = {"a": value}
    form = build_form(form_schema, user=None, data=data, files={})
    return form_schema, form, form.answers().get("a") if form.is_valid() else form.errors["a"]


@pytest.mark.parametrize(
    ("options", "typed", "raw", "shown"),
    [
        ({}, "  Nguyễn Văn A ", "Nguyễn Văn A", "Nguyễn Văn A"),
        ({}, "a\0b\u202ec\nd", "abc d", "abc d"),
        ({}, "Hoa\u0300", "Hoà", "Hoà"),
        ({"kind": "long_text"}, "một\r\nhai\x07", "một\nhai", "một\nhai"),
        ({"kind": "number"}, "2,5", 2.5, "2,5"),
        ({"kind": "number"}, "2.5", 2.5, "2,5"),
        ({"kind": "number"}, "1.234,5", 1234.5, "1.234,5"),
        ({"kind": "number"}, "1,234.5", 1234.5, "1.234,5"),
        ({"kind": "number"}, "1.000.000", 1000000.0, "1.000.000"),
        ({"kind": "number", "places": 0}, "1.000", 1000, "1.000"),
        ({"kind": "number", "places": 0, "unit": "ngày"}, "3", 3, "3 ngày"),
        ({"kind": "number"}, "-4", -4.0, "-4"),
        ({"kind": "money"}, "1.000.000", 1000000, "1.000.000\u00a0₫"),
        ({"kind": "money"}, "1,000,000", 1000000, "1.000.000\u00a0₫"),
        ({"kind": "money"}, "1 000 000 đ", 1000000, "1.000.000\u00a0₫"),
        ({"kind": "money"}, "1000000 VNĐ", 1000000, "1.000.000\u00a0₫"),
        ({"kind": "money"}, "0", 0, "0\u00a0₫"),
        ({"kind": "date"}, "24/11/2026", "2026-11-24", "24/11/2026"),
        ({"kind": "date"}, "2026-11-24", "2026-11-24", "24/11/2026"),
        ({"kind": "date"}, "1.2.2026", "2026-02-01", "01/02/2026"),
        ({"kind": "email"}, "a@b.vn", "a@b.vn", "a@b.vn"),
        ({"kind": "phone"}, "+84 912.345.678", "0912345678", "0912 345 678"),
        ({"kind": "yes_no"}, "yes", True, "Có"),
        ({"kind": "yes_no"}, "no", False, "Không"),
        ({"kind": "choice", "choices": [{"value": "x", "label": {"vi": "Ích", "en": "X"}}]}, "x", "x", "Ích"),
        (
            {"kind": "choice", "several": True, "choices": [{"value": v, "label": v.upper()} for v in "xyz"]},
            ["x", "z"],
            ["x", "z"],
            "X, Z",
        ),
    ],
)
def test_an_answer_is_understood_and_shown(options, typed, raw, shown):
    form_schema, _form, result = answer(options, typed)
    assert result == raw
    row = display(form_schema, {"a": raw})[0]
    if shown not in ("Có", "Không"):
        assert row.text == shown
    again = build_form(form_schema, user=None, initial={"a": raw})
    typed_again = again["a"].value()
    second = build_form(form_schema, user=None, data={"a": typed_again}, files={})
    assert second.is_valid(), second.errors
    assert second.answers() == {"a": raw}


@pytest.mark.parametrize(
    ("options", "typed"),
    [
        ({"required": True}, ""),
        ({"required": True}, "\0\u202e "),
        ({"max_length": 3}, "abcd"),
        ({"min_length": 3}, "ab"),
        ({}, "x" * 50_000),
        ({"kind": "long_text"}, "x" * 50_000),
        ({"kind": "number"}, "1" * 50_000),
        ({"kind": "number"}, "abc"),
        ({"kind": "number"}, "1e9"),
        ({"kind": "number"}, "NaN"),
        ({"kind": "number"}, "Infinity"),
        ({"kind": "number"}, "1,2,3"),
        ({"kind": "number"}, "2,5555"),
        ({"kind": "number", "places": 0}, "2.5"),
        ({"kind": "number", "min": 0.5}, "0,4"),
        ({"kind": "number", "max": 60}, "61"),
        ({"kind": "number"}, "9" * 20),
        ({"kind": "number"}, "٣"),
        ({"kind": "money"}, "1.5"),
        ({"kind": "money"}, "1.000,50"),
        ({"kind": "money"}, "-5"),
        ({"kind": "money"}, "9" * 40),
        ({"kind": "money"}, "một triệu"),
        ({"kind": "money", "max": 10}, "11"),
        ({"kind": "money"}, "x" * 50_000),
        ({"kind": "date"}, "31/02/2026"),
        ({"kind": "date"}, "x" * 50_000),
        ({"kind": "date"}, "24/11/0001"),
        ({"kind": "date", "min": "2026-01-01"}, "31/12/2025"),
        ({"kind": "date", "max": "2026-01-01"}, "02/01/2026"),
        ({"kind": "email"}, "a@"),
        ({"kind": "email"}, "x" * 50_000),
        ({"kind": "phone"}, "12345"),
        ({"kind": "phone"}, "0" * 50_000),
        ({"kind": "yes_no"}, "maybe"),
        ({"kind": "yes_no", "required": True}, ""),
        ({"kind": "choice", "choices": [{"value": "x", "label": "X"}]}, "forged"),
        ({"kind": "choice", "several": True, "choices": [{"value": "x", "label": "X"}]}, ["x", "forged"]),
        ({"kind": "choice", "several": True, "choices": [{"value": "x", "label": "X"}]}, "x"),
        ({"kind": "file", "required": True}, "no file"),
    ],
)
def test_a_wrong_answer_is_a_field_error_in_words(options, typed):
    _schema, form, errors = answer(options, typed)
    assert not form.is_valid()
    assert list(form.errors) == ["a"]
    assert errors and all(str(error) for error in errors)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"kind": "long_text"},
        {"kind": "number"},
        {"kind": "money"},
        {"kind": "date"},
        {"kind": "email"},
        {"kind": "phone"},
        {"kind": "yes_no"},
        {"kind": "choice", "choices": [{"value": "x", "label": "X"}]},
        {"kind": "file"},
    ],
)
def test_an_optional_question_may_stay_unanswered_and_leaves_no_trace(options):
    form_schema, form, _result = answer(options, "")
    assert form.is_valid(), form.errors
    assert form.answers() == {}
    assert display(form_schema, {})[0].text == ""
    only = next(form_schema.fields())
    assert kind_of(only).export(None, only) in (None, "")


def test_posted_names_that_no_question_has_are_ignored():
    form = build_form(schema(field()), user=None, data={"a": "x", "b": "forged", "__class__": "y"}, files={})
    assert form.is_valid()
    assert form.answers() == {"a": "x"}


def test_export_gives_typed_cells():
    questions = schema(field("n", "number"), field("m", "money"), field("d", "date"), field("t"))
    raw = {"n": 2.5, "m": 1_000_000, "d": "2026-11-24", "t": "=1+1"}
    cells = [kind_of(f).export(raw[f.key], f) for f in questions.fields()]
    assert cells == [2.5, 1_000_000, date(2026, 11, 24), "=1+1"]


def test_the_page_names_what_is_wrong_and_links_to_the_field():
    form = build_form(schema(field(required=True)), user=None, data={"a": ""}, files={})
    assert form.mistakes == [("id_a", "Câu hỏi a", str(form.errors["a"][0]))]


@pytest.mark.django_db
def test_person_and_department_keep_the_name_of_the_day(lan, django_assert_num_queries):
    from home.people.models import Department

    department = Department.objects.create(code="VP", name="Văn phòng", path="/1/")
    questions = schema(field("p", "person"), field("d", "department"))
    form = build_form(questions, user=lan, data={"p": str(lan.pk), "d": str(department.pk)}, files={})
    assert form.is_valid(), form.errors
    raw = form.answers()
    assert raw == {
        "p": {"id": lan.pk, "code": "lan", "name": "Nguyễn Thị Lan"},
        "d": {"id": department.pk, "code": "VP", "name": "Văn phòng"},
    }
    with django_assert_num_queries(0):
        assert [row.text for row in display(questions, raw)] == ["Nguyễn Thị Lan", "Văn phòng"]


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["999999", "abc", "-1", "1" * 5000, "\0"])
def test_a_person_who_is_not_offered_is_refused(lan, make_user, value):
    make_user("gone", is_active=False)
    form = build_form(schema(field(kind="person")), user=lan, data={"a": value}, files={})
    assert list(form.errors) == ["a"]


@pytest.mark.django_db
def test_an_inactive_person_cannot_be_picked(lan, make_user):
    gone = make_user("gone", is_active=False)
    form = build_form(schema(field(kind="person")), user=lan, data={"a": str(gone.pk)}, files={})
    assert list(form.errors) == ["a"]


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_questions(lan, django_assert_max_num_queries):
    many = schema(*[field(f"p{i}", "person") for i in range(8)])
    form = build_form(many, user=lan, data={f"p{i}": str(lan.pk) for i in range(8)}, files={})
    with django_assert_max_num_queries(2):
        assert form.is_valid()
        str(form)
