"""Parts made of parts: groups of options, lists, alternatives, questions, steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.forms.api import field_kinds, question_block, question_data, question_raw, stable

from ..editor import Option
from .asked import Questions
from .inputs import OneOfBlock
from .parts import NOTHING, HiddenPart, Part, items, words_of


class GroupPart(Part):
    """Several options, each under its name."""

    def __init__(
        self, parts: Mapping[str, Part], options: Mapping[str, Option] | None = None, **meta: Any
    ) -> None:
        self.parts = dict(parts)
        children = [child for name, part in self.parts.items() for child in part.blocks(name)]
        self.block = blocks.StructBlock(children, form_layout=layout_of(self.parts, options or {}), **meta)

    def raw(self, data: Any, asked: Questions) -> dict[str, Any]:
        """Return the stored values of all options."""
        found: dict[str, Any] = {}
        for name, part in self.parts.items():
            found |= part.raws(name, (data or {}).get(name), asked)
        return found

    def read(self, value: Any, asked: Questions) -> dict[str, Any]:
        """Return what was given."""
        read = {name: part.reads(name, value or {}, asked) for name, part in self.parts.items()}
        return {name: data for name, data in read.items() if data is not NOTHING}


def layout_of(parts: Mapping[str, Part], options: Mapping[str, Option]) -> blocks.BlockGroup:
    """Return how options stand: the usual ones, those that are rarely needed, English, and branches at the end."""
    usual: list[Any] = []
    rare: list[Any] = []
    english: list[Any] = []
    last: list[Any] = []
    for name, part in parts.items():
        first, *others = [child for child, _block in part.blocks(name)] or [""]
        english += others
        place = rare if options.get(name, Option()).more else last if name in ("branches", "steps") else usual
        place += [first] if first else []
    for heading, names, icon in ((_("More options"), rare, "cog"), (_("In English"), english, "globe")):
        if names:
            usual.append(
                blocks.BlockGroup(
                    children=names, heading=heading, classname="collapsed", icon=icon, label_format=""
                )
            )
    return blocks.BlockGroup(children=[*usual, *last])


class WrapPart(Part):
    """A group of options that stands under one key, without a frame of its own."""

    def __init__(self, key: str, inner: GroupPart) -> None:
        self.key, self.inner, self.block = key, inner, inner.block

    def raw(self, data: Any, asked: Questions) -> Any:
        """Return the stored value of what stands under the key."""
        return self.inner.raw((data or {}).get(self.key), asked)

    def read(self, value: Any, asked: Questions) -> Any:
        """Return the data under its key."""
        return {self.key: self.inner.read(value, asked)}


class OptionalGroupPart(GroupPart):
    """Several options that are there together or not at all: nothing given means the group is left out."""

    def read(self, value: Any, asked: Questions) -> Any:
        """Return what was given, or `NOTHING`."""
        return super().read(value, asked) or NOTHING


class ListPart(Part):
    """Any number of the same."""

    def __init__(self, name: str, option: Option, item: Part, **limits: Any) -> None:
        self.item = item
        start = [item.block.to_python(item.raw(one, {})) for one in option.start]
        self.block = blocks.ListBlock(
            item.block, default=start, collapsed=False, **limits, **words_of(option, name)
        )

    def raw(self, data: Any, asked: Questions) -> list[dict[str, Any]]:
        """Return the stored items."""
        return items(self.item.raw(one, asked) for one in data or ())

    def read(self, value: Any, asked: Questions) -> Any:
        """Return the items that say something."""
        found = [(self.item.read(child.value, asked), child) for child in value.bound_blocks] if value else []
        return [keyed(self.item, one, child) for one, child in found if one is not NOTHING]


class PairsPart(Part):
    """A mapping of texts to texts, as rows of two columns."""

    def __init__(self, name: str, option: Option, key: Part, to: Part) -> None:
        self.key, self.to = key, to
        row = blocks.StructBlock([("key", key.block), ("to", to.block)])
        self.block = blocks.ListBlock(row, default=[], **words_of(option, name))

    def raw(self, data: Any, asked: Questions) -> list[dict[str, Any]]:
        """Return a row for each key."""
        pairs = (data or {}).items()
        return items({"key": self.key.raw(key, asked), "to": self.to.raw(to, asked)} for key, to in pairs)

    def read(self, value: Any, asked: Questions) -> Any:
        """Return the mapping of the rows that have a key."""
        rows = [(self.key.read(row["key"], asked), self.to.read(row["to"], asked)) for row in value or ()]
        return {key: "" if to is NOTHING else to for key, to in rows if key is not NOTHING}


@dataclass(frozen=True)
class Alternative:
    """One of several: how it is called, what it asks for, and whether it alone stands for certain data (`fixed`)."""

    label: Any
    part: Part | None = None
    help: Any = ""
    fixed: Any = NOTHING
    keys: frozenset[str] = frozenset()

    def fits(self, data: Any) -> bool:
        """Tell whether data is of this alternative."""
        if self.fixed is not NOTHING:
            return bool(data == self.fixed)
        return not isinstance(data, Mapping) or not self.keys or bool(self.keys & set(data))


class OneOfPart(Part):
    """One of several alternatives, by code. Those that are fixed are looked at first."""

    def __init__(
        self,
        name: str,
        option: Option,
        alternatives: Mapping[str, Alternative],
        default: tuple[str, Any] | None = None,
    ) -> None:
        self.alternatives = dict(alternatives)
        children = [(code, _child(one)) for code, one in self.alternatives.items()]
        first = [default] if default else []
        self.block = OneOfBlock(children, required=False, default=first, **words_of(option, name))

    def raw(self, data: Any, asked: Questions) -> list[dict[str, Any]]:
        """Return the one that fits, or none."""
        if data is None:
            return []
        ordered = sorted(self.alternatives.items(), key=lambda pair: pair[1].fixed is NOTHING)
        code, one = next((code, one) for code, one in ordered if one.fits(data))
        value = one.part.raw(data, asked) if one.part is not None and one.fixed is NOTHING else None
        return [{"type": code, "value": value}]

    def read(self, value: Any, asked: Questions) -> Any:
        """Return the data of what was picked."""
        if not value:
            return NOTHING
        child = value[0]
        one = self.alternatives[child.block_type]
        if one.fixed is not NOTHING:
            return one.fixed
        return one.part.read(child.value, asked) if one.part is not None else NOTHING


def _child(one: Alternative) -> blocks.Block:
    block = (
        one.part.block if one.part is not None and one.fixed is NOTHING else blocks.StaticBlock(admin_text="")
    )
    block.meta.label = block.label = one.label
    block.meta.description = one.help
    return block


class FieldsPart(Part):
    """Questions that a step asks, made like those of a form."""

    def __init__(self, name: str, option: Option, *, one: bool = False) -> None:
        self.one = one
        children = [(kind.code, question_block(kind)) for kind in field_kinds]
        limits = {"max_num": 1} if one else {"max_num": 100}
        self.block = blocks.StreamBlock(
            children, required=False, default=[], **limits, **words_of(option, name)
        )

    def raw(self, data: Any, asked: Questions) -> list[dict[str, Any]]:
        """Return the questions as they are stored."""
        return [question_raw(field) for field in ([data] if self.one else data or ()) if field]

    def read(self, value: Any, asked: Questions) -> Any:
        """Return the questions."""
        used: set[str] = set()
        found = [question_data(child, used) for child in value or ()]
        return (found[0] if found else NOTHING) if self.one else found


class StepsPart(Part):
    """Steps, one after the other: those of the flow, or of one branch."""

    def __init__(self, kinds: Mapping[str, GroupPart], *, label: Any = "", **limits: Any) -> None:
        self.kinds = dict(kinds)
        children = [(code, part.block) for code, part in self.kinds.items()]
        self.block = blocks.StreamBlock(
            children, required=False, default=[], collapsed=True, label=label or _("Steps"), **limits
        )

    def raw(self, data: Any, asked: Questions) -> list[dict[str, Any]]:
        """Return the steps as they are stored."""
        return [
            {"type": one["kind"], "id": stable("b", one["id"]), "value": self._kind(one).raw(one, asked)}
            for one in data or ()
        ]

    def read(self, value: Any, asked: Questions) -> list[dict[str, Any]]:
        """Return the steps; one without a key gets the one that follows from its block."""
        return [
            {"id": step_key(child), "kind": child.block_type}
            | keyed(
                self.kinds[child.block_type], self.kinds[child.block_type].read(child.value, asked), child
            )
            for child in value or ()
        ]

    def _kind(self, data: Mapping[str, Any]) -> GroupPart:
        if data["kind"] not in self.kinds:
            raise TooDeepError(_("Blocks are nested deeper than the editor shows."))
        return self.kinds[data["kind"]]


class TooDeepError(ValueError):
    """A definition whose blocks are nested deeper than the editor can show."""


def keyed(part: Part, data: Any, child: Any) -> Any:
    """Return data with the keys that nobody types and nothing has filled in: they follow from the block's id."""
    if not isinstance(part, GroupPart) or not isinstance(data, dict):
        return data
    hidden = [
        name for name, one in part.parts.items() if isinstance(one, HiddenPart) and name not in ("id", *data)
    ]
    return {**{name: stable(name[0], identity(child)) for name in hidden}, **data}


def step_key(child: Any) -> str:
    """Return the id of the step in a block: its hidden key, else what follows from the id of the block."""
    return child.value.get("id") or stable("s", identity(child))


def identity(child: Any) -> str:
    """Return the id of a block; one that has none yet gets it now, as it would when saved."""
    from uuid import uuid4

    if not child.id:
        child.id = str(uuid4())
    return str(child.id)


def walk_blocks(value: Any, depth: int = 0) -> Iterator[Any]:
    """Yield the blocks of all steps of a stream, nested ones behind the one that they lie in."""
    for child in value or ():
        yield child
        for branch in child.value.get("branches") or () if isinstance(child.value, Mapping) else ():
            yield from walk_blocks(branch.get("steps"), depth + 1)


__all__: Sequence[str] = [
    "Alternative",
    "FieldsPart",
    "GroupPart",
    "ListPart",
    "OneOfPart",
    "OptionalGroupPart",
    "PairsPart",
    "StepsPart",
    "TooDeepError",
    "identity",
    "step_key",
    "walk_blocks",
]
