"""Conditions that are picked are stored as CEL and come back as rows; anything else stays the expert's."""

from __future__ import annotations

import pytest

from home.forms.api import FormSchema, asked_of, check_condition
from home.forms.picking import OPERATORS, Row, read, write

FORM = FormSchema.parse(
    {
        "sections": [
            {
                "fields": [
                    {"key": "amount", "kind": "money", "label": "Số tiền", "required": True},
                    {"key": "extra", "kind": "number", "label": "Thêm", "places": 2},
                    {"key": "day", "kind": "date", "label": "Ngày"},
                    {"key": "urgent", "kind": "yes_no", "label": "Khẩn"},
                    {"key": "name", "kind": "text", "label": "Tên"},
                    {
                        "key": "kinds",
                        "kind": "choice",
                        "label": "Loại",
                        "several": True,
                        "choices": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}],
                    },
                    {"key": "files", "kind": "file", "label": "Tệp"},
                ]
            }
        ]
    }
)
ASKED = asked_of(FORM.fields())

WRITTEN = [
    ("all", [Row("amount", "gt", "50.000.000")], "amount > 50000000"),
    ("all", [Row("extra", "le", "2,5")], "extra != null && extra <= 2.5"),
    ("all", [Row("day", "after", "2026-12-31")], 'day != null && day > timestamp("2026-12-31T00:00:00Z")'),
    ("any", [Row("urgent", "yes"), Row("name", "eq", 'a "b" || c')], 'urgent || name == "a \\"b\\" || c"'),
    ("all", [Row("urgent", "no"), Row("kinds", "has", "a")], '!urgent && "a" in kinds'),
    ("all", [Row("extra", "gt", "1"), Row("urgent", "yes")], "(extra != null && extra > 1) && urgent"),
    ("any", [Row("extra", "gt", "1"), Row("day", "empty")], "(extra != null && extra > 1) || day == null"),
    (
        "all",
        [Row("name", "has_not", "x"), Row("files", "filled")],
        '!(name.contains("x")) && size(files) > 0',
    ),
    ("all", [Row("kinds", "has_not", "b"), Row("kinds", "empty")], '!("b" in kinds) && size(kinds) == 0'),
    (
        "all",
        [Row("extra", "filled"), Row("extra", "gt", "1")],
        "extra != null && (extra != null && extra > 1)",
    ),
]


@pytest.mark.parametrize(("join", "rows", "cel"), WRITTEN, ids=[cel for _join, _rows, cel in WRITTEN])
def test_rows_become_cel_that_can_always_be_decided_and_come_back(join, rows, cel):
    assert write(rows, join, ASKED) == cel
    assert check_condition(cel, FORM) == []
    found = read(cel, ASKED)
    assert found is not None
    assert write(found[1], found[0], ASKED) == cel
    assert [row[:2] for row in found[1]] == [row[:2] for row in rows]


@pytest.mark.parametrize(
    "cel",
    [
        "amount > 5 && (urgent || extra > 1)",
        "amount+1 > 5",
        "extra > 1",  # unguarded: the picker would not have written it
        "unknown > 5",
        "amount > 5 &&",
        "kinds.exists(k, k == 'a')",
        "",
    ],
)
def test_any_other_expression_is_the_experts(cel):
    assert read(cel, ASKED) is None


def test_every_operator_writes_cel_for_every_question_that_it_is_offered_for():
    values = {"number": "5", "day": "2026-01-02", "text": "a", "many": "a", "truth": "", "files": ""}
    for code, (_words, shapes) in OPERATORS.items():
        for key, asked in ASKED.items():
            if asked.shape in shapes:
                cel = write([Row(key, code, values[asked.shape])], "all", ASKED)
                assert check_condition(cel, FORM) == [], (code, cel)
                assert read(cel, ASKED) is not None, cel


def test_a_value_that_does_not_fit_is_left_to_the_checks():
    cel = write([Row("amount", "gt", "nhiều")], "all", ASKED)
    assert [finding.code for finding in check_condition(cel, FORM)] == ["types"]


def test_a_question_that_is_gone_is_named_by_the_checks():
    cel = write([Row("gone", "gt", "5")], "all", ASKED)
    assert cel == "gone > 5"
    assert [finding.code for finding in check_condition(cel, FORM)] == ["unknown_name"]
