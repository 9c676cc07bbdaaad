"""Conditions inside of a form: lines that are picked (question · operator · value), or CEL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field as PydanticField
from pydantic import PlainValidator, field_validator

from .problems import Strict, complaint
from .text import clean_text

KEY_PATTERN = r"^[a-z][a-z0-9_]{0,40}$"
MAX_EXPRESSION = 1_000

Operator = Literal[
    "eq", "ne", "gt", "ge", "lt", "le", "after", "before", "yes", "no", "has", "has_not", "filled", "empty"
]


class Line(Strict):
    """One comparison; `value` is written as it was typed and read by the kind of the question."""

    field: Annotated[str, PydanticField(pattern=KEY_PATTERN)]
    op: Operator = "eq"
    value: str = PydanticField(default="", max_length=500)

    @field_validator("value")
    @classmethod
    def _clean(cls, value: str) -> str:
        return clean_text(value)


class Picked(Strict):
    """Lines, all or any (`join`) of which must hold."""

    rows: list[Line] = PydanticField(min_length=1, max_length=20)
    join: Literal["all", "any"] = "all"


def _when(value: Any) -> str | Picked:
    if isinstance(value, Picked):
        return value
    if isinstance(value, dict):
        return Picked.model_validate(value) if value.get("rows") or set(value) - {"rows", "join"} else ""
    if not isinstance(value, str):
        raise complaint("condition")
    if len(value) > MAX_EXPRESSION:
        raise complaint("string_too_long", max_length=MAX_EXPRESSION)
    return clean_text(value, lines=True)


#: When something applies: always (the empty text), `{rows: [{field, op, value}, …], join: all | any}`, or CEL.
When = Annotated[Any, PlainValidator(_when)]


def lines_of(when: str | Picked) -> Iterator[Line]:
    """Yield the lines of a condition that was picked."""
    if isinstance(when, Picked):
        yield from when.rows
