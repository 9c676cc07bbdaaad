"""Conditions on answers, checked before and decided after."""

import pytest

from home.forms.api import ConditionError, FormSchema, check_condition, evaluate_condition

SCHEMA = FormSchema.parse(
    {
        "sections": [
            {
                "fields": [
                    {"key": "days", "kind": "number", "label": "Số ngày", "required": True},
                    {"key": "count", "kind": "number", "label": "Số lượng", "required": True, "places": 0},
                    {"key": "amount", "kind": "money", "label": "Số tiền"},
                    {"key": "from_on", "kind": "date", "label": "Từ ngày", "required": True},
                    {"key": "reason", "kind": "long_text", "label": "Lý do"},
                    {"key": "urgent", "kind": "yes_no", "label": "Khẩn"},
                    {
                        "key": "kind",
                        "kind": "choice",
                        "label": "Loại",
                        "required": True,
                        "choices": [
                            {"value": "annual", "label": "Phép năm"},
                            {"value": "sick", "label": "Ốm"},
                        ],
                    },
                    {
                        "key": "units",
                        "kind": "choice",
                        "several": True,
                        "label": "Đơn vị",
                        "choices": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}],
                    },
                    {"key": "boss", "kind": "person", "label": "Người duyệt"},
                    {"key": "files", "kind": "file", "label": "Tệp"},
                ]
            }
        ]
    }
)
ANSWERS = {
    "days": 5.5,
    "count": 3,
    "amount": 6_000_000,
    "from_on": "2026-03-02",
    "kind": "sick",
    "units": ["b"],
    "boss": {"id": 1, "code": "lan", "name": "Lan"},
    "files": [{"id": "x", "name": "a.pdf", "size": 1}],
}


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("days > 5", True),
        ("days > 5.5", False),
        ("days >= 5 && count == 3", True),
        ("count > 2.5", True),
        ("amount > 5000000", True),
        ("amount > 5000000.5", True),
        ("kind == 'sick'", True),
        ('kind == "annual"', False),
        ("'b' in units", True),
        ("'a' in units", False),
        ("urgent", False),
        ("!urgent", True),
        ("reason == ''", True),
        ("from_on > timestamp('2026-03-01T00:00:00Z')", True),
        ("from_on.getDate() == 2", True),
        ("from_on.getFullYear() == 2026", True),
        ("boss == 'lan'", True),
        ("size(files) == 1", True),
        ("files.exists(f, f == 'a.pdf')", True),
        ("days in [5.5, 6.0]", True),
        ("kind in ['sick', 'x']", True),
    ],
)
def test_a_condition_is_decided_by_typed_answers(expression, result):
    assert evaluate_condition(expression, SCHEMA, ANSWERS) is result


def test_an_unanswered_amount_cannot_be_compared_and_is_named():
    with pytest.raises(ConditionError) as caught:
        evaluate_condition("amount > 5", SCHEMA, {})
    assert "Số tiền" in str(caught.value)
    assert "amount > 5" in str(caught.value)


def test_an_unanswered_amount_can_be_asked_for():
    assert evaluate_condition("amount == null || amount > 5", SCHEMA, {}) is True


@pytest.mark.parametrize(
    "expression", ["days", "days >", "nothing > 3", "days + 1", "", "x" * 5000, "1/0 > 1", "\0", "(" * 500]
)
def test_what_cannot_be_decided_raises_one_error(expression):
    with pytest.raises(ConditionError):
        evaluate_condition(expression, SCHEMA, ANSWERS)


def test_answers_of_the_wrong_type_raise_the_same_error():
    with pytest.raises(ConditionError):
        evaluate_condition("days > 5", SCHEMA, {"days": "many"})


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("days >", "syntax"),
        ("", "syntax"),
        ("(" * 300, "syntax"),
        ("tage > 5", "unknown_name"),
        ("shout(reason) == 'x'", "unknown_function"),
        ("days", "not_boolean"),
        ("count + 1", "not_boolean"),
        ("days + 1 > 5", "types"),
        ("reason > 5", "types"),
        ("amount > 5", "may_be_empty"),
        ("x" * 2000, "too_long"),
        ("kind == 'sick' && days + 1 > 5", "types"),
        ("kind == 'sick' ? days : 3", "not_boolean"),
        ("units.all(a, units.all(b, units.all(c, a == b)))", "too_complex"),
    ],
)
def test_a_faulty_condition_is_found_before_it_is_used(expression, code):
    findings = check_condition(expression, SCHEMA)
    assert [finding.code for finding in findings] == [code]
    assert findings[0]


@pytest.mark.parametrize(
    "expression",
    [
        "days > 5",
        "count > 2.5",
        "kind == 'sick' && days > 3",
        "amount == null || amount > 5",
        "urgent",
        "reason == ''",
        "'a' in units",
        "files.exists(f, f.endsWith('.pdf'))",
        "days / 2.0 > 1",
        "count / 2 > 1",
        "double(count) + 0.5 > 1.0",
        "from_on >= timestamp('2026-01-01T00:00:00Z')",
        "boss == 'lan'",
    ],
)
def test_a_sound_condition_passes(expression):
    assert check_condition(expression, SCHEMA) == []


def test_an_unknown_name_lists_the_questions():
    finding = check_condition("tage > 5", SCHEMA)[0]
    assert "days" in finding.known
    assert "tage" in finding


def test_a_condition_that_passed_never_fails_on_complete_answers():
    assert check_condition("kind == 'sick' && amount != null && amount > 5", SCHEMA) == []
    assert (
        evaluate_condition("kind == 'sick' && amount != null && amount > 5", SCHEMA, {"kind": "sick"})
        is False
    )
