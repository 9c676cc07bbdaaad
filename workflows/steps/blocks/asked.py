"""What a condition has to know about the questions of a dossier type, complete or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from home.forms.api import DAY, FILES, MANY, NOTHING, NUMBER, TEXT, TRUTH, Field, Shape, field_kinds
from plugins.api.api import UnknownCodeError

from ..registry import steps

__all__ = ["DAY", "FILES", "MANY", "NUMBER", "TEXT", "TRUTH", "Asked", "Questions", "asked_in", "asked_of"]


@dataclass(frozen=True)
class Asked:
    """One question: how its values are written, and whether it may be empty so that comparing fails."""

    shape: Shape
    fails_empty: bool = False


Questions = Mapping[str, Asked]


def asked_of(fields: Iterable[Field]) -> dict[str, Asked]:
    """Return the questions of a sound definition by key."""
    return _pickable((field.key, _asked(field.model_dump(mode="json"))) for field in fields)


def asked_in(data: Mapping[str, Any]) -> dict[str, Asked]:
    """Return the questions of raw definition data by key; parts that are not sound are passed over."""
    form = data.get("form") or {}
    found = _pickable(
        (raw["key"], _asked(raw)) for section in form.get("sections", ()) for raw in section.get("fields", ())
    )
    for step in _steps_in((data.get("flow") or {}).get("steps", ())):
        found |= _provided(step)
    return found


def _steps_in(raw: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for step in raw:
        yield step
        for branch in step.get("branches", ()):
            yield from _steps_in(branch.get("steps", ()))


def _provided(step: Mapping[str, Any]) -> dict[str, Asked]:
    """Return the questions that one step asks or answers."""
    asked = _pickable((raw["key"], _asked(raw)) for raw in step.get("fields", ()) if "key" in raw)
    kind = steps.get(step["kind"])
    try:
        spec = kind.Spec.model_validate({**step, **({"branches": []} if "branches" in step else {})})
    except ValidationError:
        return asked
    return asked | asked_of(kind.provides(spec))


def _pickable(asked: Iterable[tuple[str, Asked]]) -> dict[str, Asked]:
    """Return the questions that conditions can be picked for; tables and headings are left to expressions."""
    return {key: one for key, one in asked if one.shape != NOTHING}


def _asked(raw: Mapping[str, Any]) -> Asked:
    """Return what the kind of a raw question says about itself; a kind that is gone is a text."""
    try:
        kind = field_kinds.get(str(raw.get("kind")))()
    except UnknownCodeError:
        return Asked(TEXT)
    shape = kind.shape_of(raw)
    undecided = shape in (NUMBER, DAY) or (shape == TEXT and kind.cel_empty is None)
    return Asked(shape, undecided and not raw.get("required"))
