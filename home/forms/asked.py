"""What a condition has to know about a question: how its values are written, and whether it may be empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from plugins.api.api import UnknownCodeError

from .kinds.base import DAY, FILES, MANY, NOTHING, NUMBER, TEXT, TRUTH, Shape, field_kinds
from .schema import Field

__all__ = [
    "DAY",
    "FILES",
    "MANY",
    "NUMBER",
    "TEXT",
    "TRUTH",
    "Asked",
    "Questions",
    "asked_as",
    "asked_of",
    "asked_raw",
]


@dataclass(frozen=True)
class Asked:
    """One question: how its values are written, and whether it may be empty so that comparing fails."""

    shape: Shape
    fails_empty: bool = False


Questions = Mapping[str, Asked]


def asked_of(fields: Iterable[Field]) -> dict[str, Asked]:
    """Return the questions of a sound form by key."""
    return asked_raw(field.model_dump(mode="json") for field in fields)


def asked_raw(fields: Iterable[Mapping[str, Any]]) -> dict[str, Asked]:
    """Return the questions of raw data by key for which conditions can be picked: no tables and no headings."""
    found = {field["key"]: asked_as(field) for field in fields}
    return {key: one for key, one in found.items() if one.shape != NOTHING}


def asked_as(raw: Mapping[str, Any]) -> Asked:
    """Return what raw data of a question says, complete or not; a kind that is gone is a text."""
    try:
        kind = field_kinds.get(str(raw.get("kind")))()
    except UnknownCodeError:
        return Asked(TEXT)
    shape = kind.shape_of(raw)
    undecided = shape in (NUMBER, DAY) or (shape == TEXT and kind.cel_empty is None)
    sure = kind.posts and bool(raw.get("required")) and not raw.get("show_if")
    return Asked(shape, undecided and not sure)
