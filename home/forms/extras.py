"""Options that questions of many kinds share: conditions, default, prefill, pattern, own message, uniqueness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .condition_blocks import ConditionBlock
from .kinds.base import FieldKind
from .picked_blocks import when_data, when_raw
from .prefill import SOURCES

_CONDITIONS = ("show_if", "require_if")
_ENGLISH = "message_en"


def extras_of(kind: FieldKind) -> tuple[str, ...]:
    """Return the names of the shared options that make sense for a kind.

    A kind may say so itself with an attribute `extras`; otherwise it follows from its layout.
    """
    own = getattr(kind, "extras", None)
    if own is not None:
        return tuple(own)
    if not kind.posts:
        return ("show_if", "prefill", "default") if kind.layout == "hidden" else ("show_if",)
    found = list(_CONDITIONS)
    if kind.layout == "input":
        found += ["placeholder", "default", "message", "unique"]
    if kind.layout == "options":
        found.append("default")
    if kind.code in _PREFILLED:
        found.append("prefill")
    if kind.code in ("text", "long_text"):
        found.append("pattern")
    return tuple(found)


#: Kinds that a profile can answer.
_PREFILLED = frozenset({"text", "email", "phone", "person", "department", "position"})


def extra_blocks(kind: FieldKind, taken: set[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the blocks of the shared options: conditions, and others. What a kind has itself is left out."""
    wanted = [name for name in extras_of(kind) if name not in taken]
    conditions = {name: _block(name) for name in _CONDITIONS if name in wanted}
    others = {name: _block(name) for name in _OTHERS if name in wanted}
    if "message" in wanted:
        others[_ENGLISH] = _block(_ENGLISH)
    return conditions, others


def _block(name: str) -> blocks.Block:
    """Return the one block of an option: the editor is told of it once, however many kinds have it."""
    if name not in _blocks:
        _blocks[name] = _make(name)
    return _blocks[name]


_blocks: dict[str, blocks.Block] = {}


def _make(name: str) -> blocks.Block:
    if name in _CONDITIONS:
        labels = {"show_if": _("Ask only if"), "require_if": _("An answer is required if")}
        return ConditionBlock(label=labels[name])
    if name == "unique":
        return blocks.BooleanBlock(
            label=_("Each answer may be given once"),
            required=False,
            help_text=_("Nobody can give an answer that somebody has given before."),
        )
    if name == "prefill":
        return blocks.ChoiceBlock(
            choices=list(SOURCES.items()), required=False, label=_("Filled in from the profile")
        )
    label, most, help_text = _OTHERS[name] if name in _OTHERS else (_("Own message in English"), 300, "")
    return blocks.CharBlock(label=label, required=False, max_length=most, help_text=help_text)


_OTHERS: dict[str, tuple[Any, int, Any]] = {
    "placeholder": (_("Example inside the box"), 200, ""),
    "prefill": ("", 0, ""),
    "default": (_("Default"), 2_000, _("What the box holds at first; “today” for a date.")),
    "pattern": (_("Pattern"), 300, _("A regular expression that the whole answer must match.")),
    "message": (_("Own message"), 300, _("Said when a limit or the pattern is not kept.")),
    "unique": ("", 0, ""),
}


def extra_data(kind: FieldKind, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shared options that a filled-in block gives."""
    taken = kind.option_blocks()
    found: dict[str, Any] = {}
    for name in extras_of(kind):
        given = value.get(name)
        if name in taken or not given:
            continue
        if name in _CONDITIONS:
            given = when_data(given)
        elif name == "message" and value.get(_ENGLISH):
            given = {"vi": given, "en": value[_ENGLISH]}
        if given:
            found[name] = given
    return found


def extra_raw(kind: FieldKind, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored values of the shared options of a question."""
    taken = kind.option_blocks()
    found: dict[str, Any] = {}
    for name in extras_of(kind):
        if name in taken:
            continue
        given = data.get(name) or ("" if name != "unique" else False)
        if name in _CONDITIONS:
            found[name] = when_raw(given)
        elif name == "message":
            both = given if isinstance(given, Mapping) else {"vi": given}
            found |= {"message": both.get("vi", ""), _ENGLISH: both.get("en", "")}
        else:
            found[name] = given
    return found
