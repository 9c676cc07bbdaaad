"""Read YAML that people write: plain data only, bounded, with the line of every value.

Only what JSON knows comes out (text, numbers, true/false, null, lists, mappings with text keys). Tags,
anchors and aliases are refused, so a file can neither build objects nor grow while it is read. Dates and
times stay text: `7:30` is not 450, and `no` is not false.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

MAX_BYTES = 1_000_000
MAX_NODES = 50_000
MAX_DEPTH = 30


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the file, the place in it (`people[3].name`), the line, and a sentence."""

    file: str
    place: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.place else self.file
        if self.line:
            where += " " + _("(line %(line)s)") % {"line": self.line}
        return f"{where}: {self.message}"


class ProfileError(Exception):
    """A profile that cannot be loaded; nothing was written. `problems` lists everything that was found."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class YamlFile:
    """A file that was read: its name for messages, its data, and the line of each place."""

    name: str
    data: Any
    lines: dict[str, int] = field(default_factory=dict)

    def problem(self, place: str, message: str) -> Problem:
        """Make a problem at a place; the line is that of the nearest place that the file has."""
        known = place
        while known and known not in self.lines:
            known = known[: max(known.rfind("."), known.rfind("["), 0)]
        return Problem(self.name, place, message, self.lines.get(known))


class _Loader(yaml.SafeLoader):
    """A SafeLoader without tags, anchors and aliases, bounded in depth and number of values."""

    nodes = 0
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse what a profile does not need before anything is built."""
        event = self.peek_event()
        self.nodes += 1
        self.depth += 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            _refuse(event, _("Anchors and aliases (& and *) are not allowed; write the value out."))
        if getattr(event, "tag", None):
            _refuse(event, _("Tags (!…) are not allowed: %(tag)s.") % {"tag": event.tag})
        if self.nodes > MAX_NODES:
            _refuse(event, _("The file holds more than %(limit)s values.") % {"limit": MAX_NODES})
        if self.depth > MAX_DEPTH:
            _refuse(event, _("The file is nested deeper than %(limit)s levels.") % {"limit": MAX_DEPTH})
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", ["~", "n", ""]),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})", "-+0123456789"),
    ("float", r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}", "-+0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))


class _RefusedError(yaml.MarkedYAMLError):
    """Something that YAML allows and we do not."""


def _refuse(where: Any, message: str) -> None:
    raise _RefusedError(problem=message, problem_mark=where.start_mark)


def read_yaml(path: Path, name: str = "") -> YamlFile:
    """Read a file; `name` is what messages call it. Raises `ProfileError`."""
    name = name or path.name
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            message = _("The file has %(size)s bytes; %(limit)s are allowed.")
            raise ProfileError(Problem(name, "", message % {"size": size, "limit": MAX_BYTES}))
        return parse_yaml(path.read_bytes(), name)
    except OSError as error:
        message = _("The file cannot be read: %(reason)s.") % {"reason": error.strerror}
        raise ProfileError(Problem(name, "", message)) from None


def parse_yaml(source: bytes | str, name: str) -> YamlFile:
    """Parse YAML text into plain data, all text in NFC. Raises `ProfileError`."""
    raw = source.encode() if isinstance(source, str) else source
    if len(raw) > MAX_BYTES:
        message = _("The file has %(size)s bytes; %(limit)s are allowed.")
        raise ProfileError(Problem(name, "", message % {"size": len(raw), "limit": MAX_BYTES}))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProfileError(Problem(name, "", _("The file is not UTF-8 text."))) from None
    lines: dict[str, int] = {}
    loader = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        data = _value(loader, node, "", lines) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        reason = error.problem if isinstance(error, _RefusedError) else _syntax(error)
        raise ProfileError(Problem(name, "", reason or "", line)) from None
    except yaml.YAMLError as error:
        raise ProfileError(Problem(name, "", _syntax(error))) from None
    finally:
        if loader:
            loader.dispose()
    return YamlFile(name, data, lines)


def _syntax(error: yaml.YAMLError) -> str:
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return _("This is not valid YAML: %(reason)s.") % {"reason": str(reason).rstrip(".")}


def _value(loader: _Loader, node: Any, place: str, lines: dict[str, int]) -> Any:
    """Turn a node into plain data and note the line of its place."""
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_value(loader, item, f"{place}[{i}]", lines) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, place, lines)
    value = loader.construct_object(node)
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _mapping(loader: _Loader, node: Any, place: str, lines: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            _refuse(key_node, _("A key must be a plain word."))
        key = unicodedata.normalize("NFC", key_node.value)
        if key in result:
            _refuse(key_node, _("The key “%(key)s” stands here twice.") % {"key": key})
        below = f"{place}.{key}" if place else key
        result[key] = _value(loader, value_node, below, lines)
        lines[below] = key_node.start_mark.line + 1
    return result
