"""What a condition has to know about the questions of a dossier type, complete or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from home.forms.api import Field, field_kinds
from plugins.api.api import UnknownCodeError

from ..registry import steps

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
    """Return the questions of a sound definition by key."""
    return {field.key: _asked(field.model_dump(mode="json")) for field in fields}


def asked_in(data: Mapping[str, Any]) -> dict[str, Asked]:
    """Return the questions of raw definition data by key; parts that are not sound are passed over."""
    form = data.get("form") or {}
    found = {
        raw["key"]: _asked(raw) for section in form.get("sections", ()) for raw in section.get("fields", ())
    }
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
    asked = {raw["key"]: _asked(raw) for raw in step.get("fields", ()) if "key" in raw}
    kind = steps.get(step["kind"])
    try:
        spec = kind.Spec.model_validate({**step, **({"branches": []} if "branches" in step else {})})
    except ValidationError:
        return asked
    return asked | asked_of(kind.provides(spec))


def _asked(raw: Mapping[str, Any]) -> Asked:
    kind = str(raw.get("kind"))
    if kind == "choice":
        return Asked(MANY if raw.get("several") else TEXT)
    if kind in _SHAPES:
        return Asked(_SHAPES[kind], not raw.get("required") and kind in ("number", "money", "date"))
    try:
        empty = field_kinds.get(kind).cel_empty
    except UnknownCodeError:
        empty = ""
    return Asked(TEXT, empty is None and not raw.get("required"))
