"""Findings on the screen: beside the block that each concerns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.blocks import StreamBlock, StreamBlockValidationError, StructBlock
from wagtail.blocks.list_block import ListBlock, ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from workflows.steps.api import Finding
from workflows.steps.blocks.api import OneOfBlock

from .labels import titles_of
from .models import FlowDraft
from .reading import block_of

_PART = re.compile(r"([A-Za-z_]+)|\[(\d+)\]")


@dataclass(frozen=True)
class Mark:
    """One finding, the block (by id) or the field (by name) that it stands at, and the title of that block."""

    finding: Finding
    at: str
    is_field: bool
    title: str = ""

    @property
    def is_error(self) -> bool:
        """Whether it refuses publication."""
        return self.finding.level == "error"


def marks_of(draft: FlowDraft, findings: Iterable[Finding]) -> list[Mark]:
    """Return the findings with their places on the screen."""
    fields = {field.name for field in FlowDraft._meta.get_fields()}
    titles = titles_of(draft)
    found = []
    for finding in findings:
        at = block_of(draft, finding.place)
        found.append(Mark(finding, at, at in fields, titles.get(at, "")))
    return found


def errors_of(draft: FlowDraft, findings: Iterable[Finding]) -> dict[str, ValidationError]:
    """Return the findings as errors of the form's fields; those on steps stand at the option that they concern."""
    plain: dict[str, list[str]] = {}
    trees: dict[str, dict[Any, Any]] = {"flow": {}, "form": {}}
    for finding in findings:
        name = block_of(draft, finding.place)
        root = finding.place.partition(".")[0]
        if root in trees and _grow(trees[root], _path(draft, finding.place), finding.message):
            continue
        plain.setdefault(root if root in trees else name, []).append(finding.message)
    values = {"flow": draft.flow, "form": draft.form}
    found: dict[str, ValidationError] = {name: ValidationError(texts) for name, texts in plain.items()}
    for name, tree in trees.items():
        if tree:
            found[name] = _of_stream(values[name], tree, plain.get(name, []))
    return found


def _path(draft: FlowDraft, place: str) -> list[Any]:
    """Return the way through the blocks: `flow.steps[2].who` is `[2, "who"]`, `form.sections[0].fields[1]` …"""
    parts = [name or int(index) for name, index in _PART.findall(place)][2:]
    if place.startswith("form"):
        full = [number for number, section in enumerate(draft.form) if section.value["questions"]]
        if parts and isinstance(parts[0], int) and parts[0] < len(full):
            parts[0] = full[parts[0]]
        return ["questions" if part == "fields" else part for part in parts]
    return parts


def _grow(tree: dict[Any, Any], path: list[Any], message: str) -> bool:
    """Hang a message at the end of a path; False when the path leads to no block."""
    if not path or not isinstance(path[0], int):
        return False
    for part in path:
        tree = tree.setdefault(part, {})
    tree.setdefault("", []).append(message)
    return True


def _error(block: Any, value: Any, tree: Mapping[Any, Any]) -> ValidationError:
    """Return the error of one block: its own messages, and those of the blocks inside it."""
    own = list(tree.get("", []))
    inner = {part: below for part, below in tree.items() if part != ""}
    if isinstance(block, OneOfBlock):
        return ValidationError([*own, *_messages(inner)])
    if isinstance(block, StreamBlock):
        return _of_stream(value, inner, own)
    if isinstance(block, ListBlock):
        return _of_list(block, value, inner, own)
    if isinstance(block, StructBlock):
        return _of_struct(block, value, inner, own)
    return ValidationError([*own, *_messages(inner)])


def _of_stream(value: Any, inner: Mapping[Any, Any], own: list[str]) -> ValidationError:
    known, rest = _split(inner, range(len(value)))
    errors = {index: _error(value[index].block, value[index].value, below) for index, below in known.items()}
    return StreamBlockValidationError(block_errors=errors, non_block_errors=[*own, *_messages(rest)])


def _of_list(block: ListBlock, value: Any, inner: Mapping[Any, Any], own: list[str]) -> ValidationError:
    known, rest = _split(inner, range(len(value)))
    errors = {index: _error(block.child_block, value[index], below) for index, below in known.items()}
    return ListBlockValidationError(block_errors=errors, non_block_errors=[*own, *_messages(rest)])


def _of_struct(block: StructBlock, value: Any, inner: Mapping[Any, Any], own: list[str]) -> ValidationError:
    known, rest = _split(inner, block.child_blocks)
    errors = {part: _error(block.child_blocks[part], value.get(part), below) for part, below in known.items()}
    return StructBlockValidationError(block_errors=errors, non_block_errors=[*own, *_messages(rest)])


def _split(inner: Mapping[Any, Any], names: Any) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Return the parts that a block has, and the others."""
    known = {part: below for part, below in inner.items() if part in names}
    return known, {part: below for part, below in inner.items() if part not in known}


def _messages(tree: Mapping[Any, Any]) -> list[str]:
    """Return all messages of a tree."""
    found: list[str] = []
    for part, below in tree.items():
        found += below if part == "" else _messages(below)
    return found
