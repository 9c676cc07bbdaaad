"""A form as data: what is accepted, and how everything else is refused."""

import pytest

from home.forms.api import FormSchema, SchemaError, check_schema, freeze

LEAVE = {
    "title": {"vi": "Nghỉ phép", "en": "Leave"},
    "sections": [
        {
            "title": "Thời gian",
            "fields": [
                {"key": "from_on", "kind": "date", "label": "Từ ngày", "required": True},
                {
                    "key": "days",
                    "kind": "number",
                    "label": "Số ngày",
                    "required": True,
                    "min": 0.5,
                    "max": 60,
                },
            ],
        },
        {"fields": [{"key": "reason", "kind": "long_text", "label": "Lý do"}]},
    ],
}


def with_field(**field):
    return {"sections": [{"fields": [{"key": "a", "kind": "text", "label": "A", **field}]}]}


def only(data):
    problems = check_schema(data)
    assert len(problems) == 1, problems
    return problems[0]


def test_a_good_form_has_no_problems():
    assert check_schema(LEAVE) == []
    assert FormSchema.parse(LEAVE).keys() == ["from_on", "days", "reason"]


def test_an_unknown_key_names_place_and_known_keys():
    data = with_field(requird=True)
    problem = only(data)
    assert problem.place == "sections[0].fields[0].requird"
    assert {"key", "kind", "label", "required", "max_length"} <= set(problem.known)
    assert "requird" in problem.message


def test_an_unknown_kind_names_the_known_kinds():
    problem = only(with_field(kind="datum"))
    assert problem.place == "sections[0].fields[0].kind"
    assert "date" in problem.known
    assert "datum" in str(problem)


def test_a_missing_kind_and_an_unknown_section_key_are_both_reported():
    data = {"sections": [{"heading": "x", "fields": [{"key": "a", "label": "A"}]}]}
    places = {problem.place for problem in check_schema(data)}
    assert places == {"sections[0].heading", "sections[0].fields[0].kind"}


@pytest.mark.parametrize(
    "key", ["A", "1a", "", "họ_tên", "a" * 42, "in", "true", "csrfmiddlewaretoken", "a-b"]
)
def test_a_key_that_cannot_be_a_name_is_refused(key):
    assert only(with_field(key=key)).place == "sections[0].fields[0].key"


def test_two_questions_cannot_share_a_key():
    data = {"sections": [{"fields": [{"key": "a", "kind": "text", "label": label} for label in "AB"]}]}
    problem = only(data)
    assert problem.place == "sections[0].fields[1].key"
    assert problem.code == "duplicate_key"


@pytest.mark.parametrize(
    "data", [None, [], "x", 3, {}, {"sections": []}, {"sections": "x"}, {"sections": [{}]}, {"sections": [3]}]
)
def test_what_is_no_form_at_all_is_reported_and_never_crashes(data):
    assert check_schema(data)


@pytest.mark.parametrize(
    "field",
    [
        {"label": ""},
        {"label": {"fr": "A"}},
        {"label": {"vi": 3}},
        {"label": 3},
        {"label": {}},
        {"max_length": 0},
        {"kind": "choice"},
        {"kind": "choice", "choices": []},
        {"kind": "number", "min": 3, "max": 2},
        {"kind": "choice", "choices": [{"value": "a", "label": "A"}, {"value": "a", "label": "B"}]},
        {"kind": "file", "extensions": ["exe"]},
        {"kind": "number", "places": 9},
        {"kind": ["text"]},
        {"key": None},
        {"kind": "money", "max": 10**30},
        {"kind": "number", "max": "NaN"},
    ],
)
def test_bad_options_are_refused_with_a_place(field):
    problems = check_schema(with_field(**field))
    assert problems
    assert all(problem.place.startswith("sections[0].fields[0]") and problem.message for problem in problems)


def test_labels_that_look_alike_without_marks_do_not_collide():
    fields = [
        {"key": "a", "kind": "text", "label": "Họ tên"},
        {"key": "b", "kind": "text", "label": "Hồ tên"},
    ]
    assert FormSchema.parse({"sections": [{"fields": fields}]}).keys() == ["a", "b"]


def test_messages_are_in_the_language_of_the_reader():
    with pytest.raises(SchemaError) as caught:
        FormSchema.parse(with_field(requird=True))
    assert "sections[0].fields[0].requird" in str(caught.value)


@pytest.mark.django_db
def test_equal_forms_are_frozen_once_and_different_ones_apart():
    first, again = freeze(FormSchema.parse(LEAVE)), freeze(FormSchema.parse(LEAVE))
    assert first == again
    assert freeze(FormSchema.parse(with_field())) != first
    assert first.parsed == FormSchema.parse(LEAVE)


def test_a_default_written_out_does_not_change_the_digest():
    assert FormSchema.parse(with_field()).digest() == FormSchema.parse(with_field(required=False)).digest()


def test_canonical_data_parses_to_the_same_form():
    schema = FormSchema.parse(LEAVE)
    assert FormSchema.parse(schema.canonical()) == schema
