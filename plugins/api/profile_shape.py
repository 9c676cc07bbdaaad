"""Check data against a pydantic model, and say what is wrong in words that name place and known keys."""

from __future__ import annotations

import types
from typing import Any, TypeVar, Union, get_args, get_origin

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, ValidationError

from .profile_yaml import Problem, YamlFile

M = TypeVar("M", bound=BaseModel)

#: pydantic's error types, and what they mean to the writer of a file.
KINDS = {
    "string_type": "text",
    "int_type": "whole number",
    "int_parsing": "whole number",
    "float_type": "number",
    "float_parsing": "number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "list",
    "dict_type": "mapping",
    "model_type": "mapping",
    "model_attributes_type": "mapping",
    "date_from_datetime_parsing": "date like 2026-12-31",
    "date_parsing": "date like 2026-12-31",
    "time_parsing": "time like 07:30",
}


class Shape(BaseModel):
    """Base of the models of profile files: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def parse_shape(model: type[M], file: YamlFile) -> tuple[M | None, list[Problem]]:
    """Return the file's data as `model`, or None and every problem that was found."""
    try:
        return model.model_validate({} if file.data is None else file.data), []
    except ValidationError as error:
        return None, [_problem(model, file, item) for item in error.errors(include_url=False)]


def _problem(model: type[BaseModel], file: YamlFile, error: Any) -> Problem:
    places = [step for step in error["loc"] if isinstance(step, int) or _is_key(step)]
    return file.problem(_place(places), _sentence(model, error))


def _is_key(step: str) -> bool:
    """Leave out what pydantic adds to a place to name the branch of a union (`str`, `list[str]`, `Model`)."""
    return not (step in {"str", "int", "float", "bool", "dict", "list"} or "[" in step or step[:1].isupper())


def _place(steps: list[Any]) -> str:
    place = ""
    for step in steps:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else str(step)
    return place


def _sentence(model: type[BaseModel], error: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = ", ".join(known_keys(model, error["loc"][:-1])) or "–"
        return _("Unknown key “%(key)s”. Known keys: %(known)s.") % {"key": error["loc"][-1], "known": known}
    if kind == "missing":
        return _("The key “%(key)s” is missing.") % {"key": error["loc"][-1]}
    if kind in {"literal_error", "enum", "union_tag_invalid"}:
        known = str(context.get("expected") or context.get("expected_tags"))
        value = error["input"] if kind != "union_tag_invalid" else context.get("tag")
        return _("Unknown value %(value)r. Known values: %(known)s.") % {"value": value, "known": known}
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    if kind in KINDS:
        return _("Expected: %(kind)s; found: %(value)s.") % {
            "kind": KINDS[kind],
            "value": repr(error["input"])[:80],
        }
    return str(error["msg"])


def known_keys(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """Return the keys that `model` knows at a place, in the order they are declared."""
    candidates: list[Any] = [model]
    for step in loc:
        candidates = [below for item in candidates for below in _step(item, step)] or candidates
    keys: list[str] = []
    for item in candidates:
        for kind in _models(item):
            keys += [field.alias or name for name, field in kind.model_fields.items()]
    return list(dict.fromkeys(keys))


def _options(kind: Any) -> list[Any]:
    """Unwrap unions and annotations."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return [option for arg in get_args(kind) for option in _options(arg)]
    if hasattr(kind, "__metadata__"):
        return _options(get_args(kind)[0])
    return [kind]


def _models(kind: Any) -> list[type[BaseModel]]:
    return [item for item in _options(kind) if isinstance(item, type) and issubclass(item, BaseModel)]


def _step(kind: Any, step: Any) -> list[Any]:
    """Return what may stand below `kind` at one step of a place."""
    found: list[Any] = []
    for option in _options(kind):
        if isinstance(option, type) and issubclass(option, BaseModel):
            found += [
                field.annotation
                for name, field in option.model_fields.items()
                if isinstance(step, str) and step in (name, field.alias)
            ]
        elif args := get_args(option):
            found.append(args[0] if isinstance(step, int) else args[-1])
    return found
