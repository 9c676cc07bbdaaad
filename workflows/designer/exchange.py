"""A dossier type as one YAML file: written in an order that people read, and read back exactly.

The file is what profiles and `manage.py publish_type` take as well. It holds a definition and nothing else: no people,
no dossiers, no versions.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

import yaml
from django.utils.translation import gettext as _

from home.forms.api import SchemaError
from plugins.api.api import Problem as Fault
from plugins.api.api import ProfileError, parse_yaml
from workflows.definitions.api import Definition

#: A definition of 60 steps has about 30 kB.
MAX_BYTES = 500_000
#: Keys that say what a part is come first, what it holds comes last.
_FIRST = ("code", "id", "key", "kind", "value", "title", "label", "summary", "help")
_LAST = ("labels", "table", "choices", "fields", "sections", "steps", "branches", "form", "flow")
#: Longer groups are written one line a key.
_WIDTH = 110


class UnreadableError(ValueError):
    """A file that is no definition; `faults` say where (file, place, line) and why."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def to_yaml(definition: Definition) -> str:
    """Return the file of a definition. Reading it gives an equal definition (all text in Unicode's NFC)."""
    data = _composed(definition.canonical())
    text = yaml.dump(
        _ordered(data),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=_WIDTH,
    )
    if parse_yaml(text, "").data != data:
        raise ValueError(f"The definition {definition.code} cannot be written as YAML without loss.")
    return text


def from_yaml(source: bytes, name: str) -> Definition:
    """Read a file; `name` is what messages call it. Raises `UnreadableError` with everything that is wrong.

    Anchors, aliases, tags, deep nesting and large files are refused before anything is built.
    """
    if len(source) > MAX_BYTES:
        words = {"size": len(source), "limit": MAX_BYTES}
        raise UnreadableError(
            [Fault(name, "", _("The file has %(size)s bytes; %(limit)s are allowed.") % words)]
        )
    try:
        file = parse_yaml(source, name)
    except ProfileError as error:
        raise UnreadableError(error.problems) from None
    if not isinstance(file.data, dict):
        raise UnreadableError([Fault(name, "", _("This file describes no dossier type."))])
    try:
        return Definition.parse(file.data)
    except SchemaError as error:
        faults = []
        for problem in error.problems:
            known = (
                " " + _("Known: %(known)s.") % {"known": ", ".join(problem.known)} if problem.known else ""
            )
            faults.append(file.problem(problem.place, f"{problem.message}{known}"))
        raise UnreadableError(faults) from None


def _composed(data: Any) -> Any:
    """Return data with all text in NFC: a condition that was pasted may come otherwise."""
    if isinstance(data, str):
        return unicodedata.normalize("NFC", data)
    if isinstance(data, list):
        return [_composed(one) for one in data]
    if isinstance(data, Mapping):
        return {_composed(key): _composed(value) for key, value in data.items()}
    return data


def _ordered(data: Any) -> Any:
    """Return data whose keys stand in an order that people read."""
    if isinstance(data, list):
        return [_ordered(one) for one in data]
    if not isinstance(data, Mapping):
        return data
    middle = [key for key in data if key not in _FIRST and key not in _LAST]
    keys = [key for key in (*_FIRST, *middle, *_LAST) if key in data]
    return {key: _ordered(data[key]) for key in keys}


class _Dumper(yaml.SafeDumper):
    """Writes lists inside of their key, never an alias, and texts of several lines as they read."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Set lists in."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write every value out."""
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
