"""What a browser would post from the editor: the fields of a form and its blocks, as they are, with changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail import blocks


def posted(form: Any, **changes: Any) -> dict[str, Any]:
    """Return the data of a form of a draft, unchanged but for `changes`."""
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form.initial.get(name, field.initial)
        if hasattr(field, "block"):
            found |= dict(_of_block(field.block, getattr(form.instance, name), name))
        elif isinstance(value, list):
            found[name] = [getattr(one, "pk", one) for one in value]
        elif value is not None:
            found[name] = getattr(value, "pk", value)
    return found | changes


def _of_block(block: Any, value: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    if isinstance(block, blocks.BaseStreamBlock):
        rows = list(value or [])
        yield f"{prefix}-count", len(rows)
        for number, child in enumerate(rows):
            yield from _row(f"{prefix}-{number}", number, child.id)
            yield f"{prefix}-{number}-type", child.block_type
            yield from _of_block(child.block, child.value, f"{prefix}-{number}-value")
    elif isinstance(block, blocks.ListBlock):
        rows = list(value.bound_blocks) if value else []
        yield f"{prefix}-count", len(rows)
        for number, child in enumerate(rows):
            yield from _row(f"{prefix}-{number}", number, child.id)
            yield from _of_block(block.child_block, child.value, f"{prefix}-{number}-value")
    elif isinstance(block, blocks.BaseStructBlock):
        for name, child in block.child_blocks.items():
            yield from _of_block(child, value.get(name), f"{prefix}-{name}")
    else:
        shown = block.value_for_form(value)
        widget = block.field.widget
        if shown is True or (shown not in (None, False, "")):
            yield prefix, "on" if shown is True else widget.format_value(block.field.prepare_value(shown))


def _row(prefix: str, number: int, key: str | None) -> Iterator[tuple[str, Any]]:
    yield f"{prefix}-deleted", ""
    yield f"{prefix}-order", number
    yield f"{prefix}-id", key or ""
