"""The questions of a dossier type, complete or not, as its conditions know them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from home.forms.api import Asked, Questions, asked_of, asked_raw

from ..registry import steps

__all__ = ["Asked", "Questions", "asked_in"]


def asked_in(data: Mapping[str, Any]) -> dict[str, Asked]:
    """Return the questions of raw definition data by key; parts that are not sound are passed over."""
    form = data.get("form") or {}
    found = asked_raw(raw for section in form.get("sections", ()) for raw in section.get("fields", ()))
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
    asked = asked_raw(raw for raw in step.get("fields", ()) if "key" in raw)
    kind = steps.get(step["kind"])
    try:
        spec = kind.Spec.model_validate({**step, **({"branches": []} if "branches" in step else {})})
    except ValidationError:
        return asked
    return asked | asked_of(kind.provides(spec))
