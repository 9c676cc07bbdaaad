"""Conditions that are picked (question · operator · value), and the CEL that they are stored as.

What the picker writes reads back into the same rows; any other expression is the expert's, kept letter by letter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from .asked import DAY, FILES, MANY, NUMBER, TEXT, TRUTH, Asked, Questions
from .kinds.base import Shape

#: The operators with their words, and for which questions each is offered.
OPERATORS = {
    "eq": (_("is"), (TEXT, NUMBER, DAY)),
    "ne": (_("is not"), (TEXT, NUMBER, DAY)),
    "gt": (_("is more than"), (NUMBER,)),
    "ge": (_("is at least"), (NUMBER,)),
    "lt": (_("is less than"), (NUMBER,)),
    "le": (_("is at most"), (NUMBER,)),
    "after": (_("is after"), (DAY,)),
    "before": (_("is before"), (DAY,)),
    "yes": (_("is “yes”"), (TRUTH,)),
    "no": (_("is not “yes”"), (TRUTH,)),
    "has": (_("contains"), (TEXT, MANY)),
    "has_not": (_("does not contain"), (TEXT, MANY)),
    "filled": (_("is filled in"), (TEXT, NUMBER, DAY, MANY, FILES)),
    "empty": (_("is empty"), (TEXT, NUMBER, DAY, MANY, FILES)),
}
#: Operators that need no value.
BARE = ("yes", "no", "filled", "empty")
_SIGNS = {"eq": "==", "ne": "!=", "gt": ">", "ge": ">=", "lt": "<", "le": "<=", "after": ">", "before": "<"}
_CODES = {NUMBER: {sign: code for code, sign in _SIGNS.items() if code not in ("after", "before")}}
_CODES[DAY] = {"==": "eq", "!=": "ne", ">": "after", "<": "before"}
_CODES[TEXT] = {"==": "eq", "!=": "ne"}

NUMERAL = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
DAY_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}")
_KEY = r"(?P<key>[a-z][a-z0-9_]*)"
_TEXT = r'(?P<text>"(?:[^"\\]|\\.)*")'


class Row(NamedTuple):
    """One line of a condition: the key of a question, an operator, and the value as it is typed."""

    field: str
    op: str
    value: str = ""


def write(rows: Sequence[Row], join: str, asked: Questions) -> str:
    """Return the CEL of rows, all or any (`join`) of which must hold; rows without a question are left out."""
    parts = [_part(row, asked.get(row.field, Asked(_guess(row)))) for row in rows if row.field]
    if len(parts) == 1:
        return parts[0]
    sign = " || " if join == "any" else " && "
    return sign.join(f"({part})" if "&&" in part else part for part in parts)


def read(text: str, asked: Questions) -> tuple[str, list[Row]] | None:
    """Return (join, rows) of what `write` makes of these questions, or None for any other expression."""
    for join, sign in (("all", " && "), ("any", " || ")):
        rows = [_row(part, asked) for part in _split(text, sign)]
        found = [row for row in rows if row is not None]
        if len(found) == len(rows) and found and write(found, join, asked) == text:
            return join, found
    return None


def _part(row: Row, asked: Asked) -> str:
    text = _expression(row, asked.shape)
    guarded = asked.fails_empty and row.op not in ("filled", "empty")
    return f"{row.field} != null && {text}" if guarded else text


def _expression(row: Row, shape: str) -> str:
    match row.op:
        case "yes":
            return row.field
        case "no":
            return f"!{row.field}"
        case "filled" | "empty":
            return _emptiness(row, shape)
        case "has" | "has_not":
            text = _quoted(row.value)
            held = f"{text} in {row.field}" if shape == MANY else f"{row.field}.contains({text})"
            return held if row.op == "has" else f"!({held})"
    return f"{row.field} {_SIGNS.get(row.op, '==')} {_literal(row.value, shape)}"


def _emptiness(row: Row, shape: str) -> str:
    if shape in (NUMBER, DAY):
        return f"{row.field} {'==' if row.op == 'empty' else '!='} null"
    if shape in (MANY, FILES):
        return f"size({row.field}) {'==' if row.op == 'empty' else '>'} 0"
    return f'{row.field} {"==" if row.op == "empty" else "!="} ""'


def _literal(value: str, shape: str) -> str:
    """Return the value as CEL writes it; what does not fit stays a text, which the check then names."""
    value = value.strip()
    if shape == NUMBER and NUMERAL.fullmatch(plain_number(value)):
        return plain_number(value)
    if shape == DAY and DAY_PATTERN.fullmatch(value):
        return f'timestamp("{value}T00:00:00Z")'
    return _quoted(value)


def plain_number(value: str) -> str:
    """Return a number as CEL writes it: dots and spaces that group thousands are left out, a comma is decimal."""
    if re.fullmatch(r"-?\d{1,3}([. ]\d{3})+(,\d+)?", value):
        value = re.sub(r"[. ]", "", value)
    return value.replace(",", ".")


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _guess(row: Row) -> Shape:
    """Return the shape of a question that is gone: what its row looks like."""
    if row.op in ("yes", "no"):
        return TRUTH
    if row.op in ("after", "before"):
        return DAY
    return NUMBER if row.op in ("gt", "ge", "lt", "le") else TEXT


def _split(text: str, sign: str) -> list[str]:
    """Return the parts of an expression between signs outside of brackets and texts, each without its brackets."""
    parts, depth, start, quoted, at = [], 0, 0, False, 0
    while at < len(text):
        char = text[at]
        if quoted:
            at += 1 if char == "\\" else 0
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif depth == 0 and text.startswith(sign, at):
            parts.append(text[start:at])
            at += len(sign)
            start = at
            continue
        at += 1
    return _regrouped([*parts, text[start:]], sign)


def _regrouped(parts: list[str], sign: str) -> list[str]:
    """Join the guard of an optional answer (`a != null && a > 5`) with what it guards, and drop outer brackets."""
    found: list[str] = []
    for part in parts:
        guard = re.fullmatch(rf"{_KEY} != null", found[-1]) if found and sign == " && " else None
        if guard and re.match(rf"(?:!\()?{guard['key']}\b", part) and part != found[-1]:
            found[-1] = f"{found[-1]} && {part}"
        else:
            found.append(part)
    return [part[1:-1] if part.startswith("(") and part.endswith(")") else part for part in found]


_Reader = Callable[[re.Match[str], Asked], Row | None]


def _comparison(found: re.Match[str], asked: Asked) -> Row | None:
    code = _CODES.get(asked.shape, {}).get(found["sign"])
    value = found["number"] or found["day"] or (json.loads(found["text"]) if found["text"] else "")
    return Row(found["key"], code, value) if code else None


def _emptied(found: re.Match[str], asked: Asked) -> Row:
    return Row(found["key"], "empty" if found["sign"] == "==" else "filled")


def _held(op: str) -> _Reader:
    return lambda found, asked: Row(found["key"], op, json.loads(found["text"]))


_READERS: list[tuple[str, _Reader]] = [
    (_KEY, lambda found, asked: Row(found["key"], "yes")),
    (rf"!{_KEY}", lambda found, asked: Row(found["key"], "no")),
    (rf"{_KEY} (?P<sign>==|!=) (null|\"\")", _emptied),
    (rf"size\({_KEY}\) (?P<sign>==|>) 0", _emptied),
    (rf"{_TEXT} in {_KEY}", lambda found, asked: Row(found["key"], "has", json.loads(found["text"]))),
    (
        rf"!\({_TEXT} in {_KEY}\)",
        lambda found, asked: Row(found["key"], "has_not", json.loads(found["text"])),
    ),
    (
        rf"{_KEY}\.contains\({_TEXT}\)",
        lambda found, asked: Row(found["key"], "has", json.loads(found["text"])),
    ),
    (
        rf"!\({_KEY}\.contains\({_TEXT}\)\)",
        lambda found, asked: Row(found["key"], "has_not", json.loads(found["text"])),
    ),
    (
        rf"{_KEY} (?P<sign>==|!=|>=|<=|>|<) "
        rf'(?:(?P<number>-?\d+(?:\.\d+)?)|timestamp\("(?P<day>\d{{4}}-\d{{2}}-\d{{2}})T00:00:00Z"\)|{_TEXT})',
        _comparison,
    ),
]


def _row(part: str, asked: Questions) -> Row | None:
    """Return the row that one part says; brackets and guards are checked by writing it again."""
    part = part.strip()
    if guard := re.match(rf"{_KEY} != null && ", part):
        part = part[guard.end() :]
    for pattern, reader in _READERS:
        if (found := re.fullmatch(pattern, part)) and found["key"] in asked:
            try:
                row = reader(found, asked[found["key"]])
            except ValueError:
                row = None
            if row is not None:
                return row
    return None
