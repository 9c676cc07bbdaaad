"""What a condition has to know about a question: how its values are written, and whether it may be empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plugins.api.api import UnknownCodeError

from .kinds.base import FieldKind, field_kinds, kind_of
from .schema import Field

#: How a value of a question is written in a condition.
TEXT, NUMBER, DAY, TRUTH, MANY, FILES = "text", "number", "day", "truth", "many", "files"
_SHAPES = {
    "number": NUMBER,
    "money": NUMBER,
    "date": DAY,
    "yes_no": TRUTH,
    "file": FILES,
}


@dataclass(frozen=True)
class Asked:
    """One question: how its values are written, and whether it may be empty so that comparing fails."""

    shape: str
    fails_empty: bool = False


Questions = Mapping[str, Asked]


def asked_of(fields: Iterable[Field]) -> dict[str, Asked]:
    """Return the questions of a sound form by key."""
    return {field.key: _asked_of(field) for field in fields}


def _asked_of(field: Field) -> Asked:
    if field.kind in _SHAPES or field.kind == "choice":
        return asked_as(field.model_dump(mode="json"))
    kind = kind_of(field)
    return Asked(shape_of(kind, field), kind.cel_empty is None and not field.is_sure)


def shape_of(kind: FieldKind, field: Any) -> str:
    """Return how values of a question are written, by the example that its kind gives."""
    if field.kind in _SHAPES:
        return _SHAPES[field.kind]
    sample = kind.cel_sample(field)
    if isinstance(sample, bool):
        return TRUTH
    if isinstance(sample, int | float):
        return NUMBER
    if isinstance(sample, datetime):
        return DAY
    return MANY if isinstance(sample, list) else TEXT


def asked_as(raw: Mapping[str, Any]) -> Asked:
    """Return what raw data of a question says, complete or not."""
    kind = str(raw.get("kind"))
    if kind == "calculated":
        shape = _SHAPES.get(str(raw.get("result", "number")), TEXT)
        return Asked(shape, shape in (NUMBER, DAY))
    sure = bool(raw.get("required")) and not raw.get("show_if")
    if kind == "choice":
        return Asked(MANY if raw.get("several") else TEXT)
    if kind in _SHAPES:
        return Asked(_SHAPES[kind], not sure and kind in ("number", "money", "date"))
    try:
        empty = field_kinds.get(kind).cel_empty
    except UnknownCodeError:
        empty = ""
    return Asked(TEXT, empty is None and not sure)
