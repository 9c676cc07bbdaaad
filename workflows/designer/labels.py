"""What is wrong with the shape of a draft, in words of the screen: which field is meant, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.blocks import StreamBlock, StructBlock
from wagtail.blocks.list_block import ListBlock

from home.forms.api import Problem
from workflows.steps.blocks.api import OneOfBlock

from .models import FlowDraft
from .reading import block_of

_PART = re.compile(r"([A-Za-z_]+)|\[(\d+)\]")
#: What pydantic and the form engine call a place where nothing stands.
_NOTHING = frozenset({"missing", "empty"})
#: How blocks are called otherwise than the places of a definition.
_CALLED = {"fields": "questions", "sections": ""}


def on_screen(draft: FlowDraft, problem: Problem) -> Problem:
    """Return a problem of the definition as whoever fills in the editor knows it: named by the label of its field."""
    label = capfirst(_label(draft, problem.place))
    if not label:
        return problem
    if problem.code in _NOTHING:
        return replace(problem, message=_("“%(label)s” is not filled in.") % {"label": label})
    if problem.code == "too_short":
        return replace(problem, message=_("“%(label)s” is still empty.") % {"label": label})
    return replace(problem, message=f"{label}: {problem.message}")


def _label(draft: FlowDraft, place: str) -> str:
    """Return the label of the field that a place of the definition leads to."""
    parts: list[Any] = [name or int(index) for name, index in _PART.findall(place)]
    root = str(parts[0]) if parts else ""
    if root in ("flow", "form"):
        field = FlowDraft._meta.get_field(root)
        value = getattr(draft, root)
        return _inside(value.stream_block, value, parts[2:]) or str(field.verbose_name)
    if name := block_of(draft, place):
        return str(FlowDraft._meta.get_field(name).verbose_name)
    return ""


def _inside(block: Any, value: Any, parts: list[Any]) -> str:
    """Follow a place through blocks as far as they go; return the last label that was passed."""
    found = ""
    for part in parts:
        if isinstance(part, int):
            block, value = _item(block, value, part)
            if block is None:
                break
            continue
        if not isinstance(block, StructBlock):
            break
        name = _CALLED.get(part, part)
        if name not in block.child_blocks:
            break
        block, value = block.child_blocks[name], value.get(name) if value is not None else None
        found = str(block.label or found)
        if isinstance(block, OneOfBlock):
            break
    return found


def _item(block: Any, value: Any, index: int) -> tuple[Any, Any]:
    """Return one entry of a list of blocks with its value; (None, None) where there is none."""
    if value is None or index >= len(value):
        return None, None
    if isinstance(block, StreamBlock):
        return value[index].block, value[index].value
    if isinstance(block, ListBlock):
        return block.child_block, value[index]
    return None, None


def titles_of(draft: FlowDraft) -> dict[str, str]:
    """Return what steps, sections and questions are called, by the ids of their blocks."""
    found: dict[str, str] = {}

    def look(raw: Any) -> None:
        if isinstance(raw, list):
            for one in raw:
                look(one)
        elif isinstance(raw, Mapping):
            value = raw.get("value")
            if raw.get("id") and isinstance(value, Mapping):
                found[raw["id"]] = str(value.get("title") or value.get("label") or "")
            for one in raw.values():
                look(one)

    look([*draft.form.get_prep_value(), *draft.flow.get_prep_value()])
    return found
