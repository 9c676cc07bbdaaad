"""Conditions with what they make of typed answers: the server and the browser are both held to this table."""

from __future__ import annotations

CHOICES = [{"value": "annual", "label": "Phép năm"}, {"value": "sick", "label": "Ốm"}]

#: Question (kind and options), operator, value of the condition, what was typed, whether the condition holds.
CASES: list[tuple[dict[str, object], str, str, list[str], bool]] = [
    ({"kind": "number", "places": 0}, "gt", "5", ["6"], True),
    ({"kind": "number", "places": 0}, "gt", "5", ["5"], False),
    ({"kind": "number", "places": 0}, "gt", "5", [""], False),
    ({"kind": "number", "places": 0}, "gt", "5", ["sáu"], False),
    ({"kind": "number", "places": 0}, "gt", "5", ["1.000"], True),
    ({"kind": "number", "places": 0}, "gt", "5", ["6,5"], False),
    ({"kind": "number", "places": 0, "max": 30}, "gt", "5", ["31"], False),
    ({"kind": "number", "places": 0, "required": True}, "ne", "5", [""], False),
    ({"kind": "number"}, "eq", "2,5", ["2.5"], True),
    ({"kind": "number"}, "eq", "2.5", ["2,50"], True),
    ({"kind": "number"}, "ne", "2,5", ["3"], True),
    ({"kind": "number"}, "ne", "2,5", [""], False),
    ({"kind": "number"}, "le", "-1", ["-1,5"], True),
    ({"kind": "number"}, "ge", "1.000", ["1,234.5"], True),
    ({"kind": "number"}, "filled", "", ["0"], True),
    ({"kind": "number"}, "empty", "", [" "], True),
    ({"kind": "number"}, "gt", "nhiều", ["5"], False),
    ({"kind": "money"}, "ge", "50.000.000", ["50 000 000 đ"], True),
    ({"kind": "money"}, "ge", "50000000", ["49,999,999"], False),
    ({"kind": "money"}, "lt", "10", ["-5"], False),
    ({"kind": "money"}, "eq", "1.000", ["1.5"], False),
    ({"kind": "date"}, "after", "2026-11-24", ["2026-11-25"], True),
    ({"kind": "date"}, "after", "2026-11-24", ["24/11/2026"], False),
    ({"kind": "date"}, "before", "2026-11-24", ["23.11.2026"], True),
    ({"kind": "date"}, "eq", "2026-11-24", ["31/02/2026"], False),
    ({"kind": "date"}, "before", "hôm qua", ["2026-11-24"], False),
    ({"kind": "date"}, "empty", "", [""], True),
    ({"kind": "date", "min": "2026-01-01"}, "filled", "", ["2025-12-31"], False),
    ({"kind": "text"}, "eq", "Hoà", ["  Hoa\u0300 "], True),
    ({"kind": "text"}, "eq", "a b", ["a\u200b b\u202e"], True),
    ({"kind": "text"}, "has", "xe", ["thuê xe đi"], True),
    ({"kind": "text"}, "has", "Xe", ["thuê xe đi"], False),
    ({"kind": "text"}, "has_not", "xe", [""], True),
    ({"kind": "text"}, "ne", "x", [""], True),
    ({"kind": "text"}, "filled", "", [" \t "], False),
    ({"kind": "text"}, "empty", "", [""], True),
    ({"kind": "long_text"}, "has", "hai", ["một\r\nhai"], True),
    ({"kind": "yes_no"}, "yes", "", ["yes"], True),
    ({"kind": "yes_no"}, "yes", "", [], False),
    ({"kind": "yes_no"}, "no", "", ["no"], True),
    ({"kind": "yes_no"}, "no", "", [], True),
    ({"kind": "yes_no"}, "no", "", ["yes"], False),
    ({"kind": "choice", "choices": CHOICES}, "eq", "sick", ["sick"], True),
    ({"kind": "choice", "choices": CHOICES}, "ne", "sick", ["annual"], True),
    ({"kind": "choice", "choices": CHOICES}, "ne", "sick", [], True),
    ({"kind": "choice", "choices": CHOICES}, "filled", "", [], False),
    ({"kind": "choice", "choices": CHOICES, "several": True}, "has", "sick", ["annual", "sick"], True),
    ({"kind": "choice", "choices": CHOICES, "several": True}, "has", "sick", ["annual"], False),
    ({"kind": "choice", "choices": CHOICES, "several": True}, "has_not", "sick", [], True),
    ({"kind": "choice", "choices": CHOICES, "several": True}, "empty", "", [], True),
]


def form_of(options: dict[str, object], op: str, value: str) -> dict[str, object]:
    """Return a form whose second question is asked if the condition on the first holds."""
    line = {"field": "a", "op": op, "value": value}
    first = {"key": "a", "label": "A", **options}
    return {
        "sections": [
            {"fields": [first, {"key": "b", "kind": "text", "label": "B", "show_if": {"rows": [line]}}]}
        ]
    }
