"""Single options as blocks: each part knows its block and both ways between the block's value and definition data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.forms.api import ConditionBlock, HiddenBlock, read_condition, stable, write_condition
from home.forms.api import ConditionRow as Row

from ..editor import Option
from .asked import Questions
from .inputs import PickBlock

#: What a part reads from a block that says nothing: the key is left out of the data.
NOTHING: Any = object()

#: The blocks of a part by the name that each has in the block around it.
Blocks = list[tuple[str, blocks.Block]]


class Part:
    """One option of a step, or one piece of one.

    `raw` turns definition data (complete, as pydantic dumps it) into the stored value of the block, `read` a block's
    value into data; `read` returns `NOTHING` for what was left empty.
    """

    block: blocks.Block

    def raw(self, data: Any, asked: Questions) -> Any:
        """Return the stored value of the block."""
        return data

    def read(self, value: Any, asked: Questions) -> Any:
        """Return the data, or `NOTHING`."""
        return NOTHING if value in (None, "") else value

    def blocks(self, name: str) -> Blocks:
        """Return the blocks that this option takes in a block of several options."""
        return [(name, self.block)]

    def raws(self, name: str, data: Any, asked: Questions) -> dict[str, Any]:
        """Return the stored values of these blocks."""
        return {name: self.raw(data, asked)}

    def reads(self, name: str, values: Mapping[str, Any], asked: Questions) -> Any:
        """Return the data of these blocks, or `NOTHING`."""
        return self.read(values.get(name), asked)


def items(values: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the stored items of a list; their ids follow from what they hold, so that nothing seems changed."""
    return [
        {
            "type": "item",
            "value": value,
            "id": stable("i", f"{number}/{json.dumps(value, ensure_ascii=False)}"),
        }
        for number, value in enumerate(values)
    ]


def words_of(option: Option, name: str) -> dict[str, Any]:
    """Return label and help of a block; without a description the name speaks for itself."""
    label = option.label or name.replace("_", " ").capitalize()
    return {"label": label, "help_text": option.help or None, **attrs_of(option)}


def attrs_of(option: Option) -> dict[str, Any]:
    """Return what the page has to know of an option: when it is shown."""
    if not option.when:
        return {}
    when = {name: list(values) for name, values in option.when.items()}
    return {"form_attrs": {"data-steps-when": json.dumps(when)}}


class TextPart(Part):
    """A text."""

    def __init__(self, name: str, option: Option, limit: int | None = None) -> None:
        more: dict[str, Any] = {"max_length": limit, "required": False, **words_of(option, name)}
        self.block = blocks.TextBlock(rows=2, **more) if option.lines else blocks.CharBlock(**more)


class HiddenPart(Part):
    """A key that nobody types."""

    def __init__(self) -> None:
        self.block = HiddenBlock()


class WordsPart(Part):
    """A text in Vietnamese and, where somebody gave it, in English."""

    def __init__(self, name: str, option: Option) -> None:
        words = words_of(option, name)
        english = _("%(label)s in English") % {"label": words["label"]} if words["label"] else _("In English")
        kind = blocks.TextBlock if option.lines else blocks.CharBlock
        more: dict[str, Any] = {"rows": 2} if option.lines else {}
        self.block = kind(required=False, **more, **words)
        self.english = kind(required=False, label=english, **more)

    def blocks(self, name: str) -> Blocks:
        """Return both."""
        return [(name, self.block), (f"{name}_en", self.english)]

    def raws(self, name: str, data: Any, asked: Questions) -> dict[str, Any]:
        """Return both texts."""
        both = data if isinstance(data, Mapping) else {"vi": data or ""}
        return {name: both.get("vi", ""), f"{name}_en": both.get("en", "")}

    def reads(self, name: str, values: Mapping[str, Any], asked: Questions) -> Any:
        """Return a plain text, or both languages."""
        return both_languages(values.get(name), values.get(f"{name}_en"))


def both_languages(vietnamese: Any, english: Any) -> Any:
    """Return a text as definitions have it: plain when there is Vietnamese only, `NOTHING` when there is nothing."""
    given = {language: text for language, text in (("vi", vietnamese), ("en", english)) if text}
    if not given:
        return NOTHING
    return given["vi"] if list(given) == ["vi"] else given


class NumberPart(Part):
    """A number, whole or with decimal places."""

    def __init__(self, name: str, option: Option, bounds: Mapping[str, Any], *, whole: bool) -> None:
        more: dict[str, Any] = {
            "min_value": bounds.get("ge", bounds.get("gt")),
            "max_value": bounds.get("le"),
        }
        kind = blocks.IntegerBlock if whole else blocks.FloatBlock
        self.block = kind(required=False, **more, **words_of(option, name))

    def read(self, value: Any, asked: Questions) -> Any:
        """Return whole numbers as such."""
        if value is None or value == "":
            return NOTHING
        return int(value) if float(value).is_integer() else value


class TruthPart(Part):
    """Yes or no."""

    def __init__(self, name: str, option: Option, default: bool = False) -> None:
        self.block = blocks.BooleanBlock(required=False, default=default, **words_of(option, name))

    def read(self, value: Any, asked: Questions) -> Any:
        """Return it."""
        return bool(value)


class ConstantPart(Part):
    """A value that has no alternative, as in `submitter: true`."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.block = blocks.StaticBlock()

    def blocks(self, name: str) -> Blocks:
        """Take no block."""
        return []

    def raws(self, name: str, data: Any, asked: Questions) -> dict[str, Any]:
        """Store nothing."""
        return {}

    def reads(self, name: str, values: Mapping[str, Any], asked: Questions) -> Any:
        """Return the value."""
        return self.value

    def read(self, value: Any, asked: Questions) -> Any:
        """Return the value."""
        return self.value


class ChoicePart(Part):
    """One of a few fixed values."""

    def __init__(self, name: str, option: Option, values: Sequence[str], default: Any = None) -> None:
        choices = [(value, option.choices.get(value, value)) for value in values]
        self.block = blocks.ChoiceBlock(
            choices=choices, default=default, required=False, **words_of(option, name)
        )


class ChoicesPart(Part):
    """Several of a few fixed values, in the order in which they stand."""

    def __init__(self, name: str, option: Option, values: Sequence[str], default: Any = None) -> None:
        choices = [(value, option.choices.get(value, value)) for value in values]
        self.block = blocks.MultipleChoiceBlock(
            choices=choices,
            default=default or [],
            required=False,
            widget=forms.CheckboxSelectMultiple(),
            **words_of(option, name),
        )

    def read(self, value: Any, asked: Questions) -> Any:
        """Return the list, also an empty one."""
        return list(value or [])


class PickPart(Part):
    """Something that is chosen: a department, a person, a question, an earlier step."""

    def __init__(self, name: str, option: Option) -> None:
        self.block = PickBlock(option, **words_of(option, name))


class JsonPart(Part):
    """Options of a shape that no other part knows, as JSON: for the expert, never in the way of saving."""

    def __init__(self, name: str, option: Option) -> None:
        self.block = blocks.TextBlock(required=False, rows=3, **words_of(option, name))

    def raw(self, data: Any, asked: Questions) -> Any:
        """Return the JSON."""
        return "" if data is None else json.dumps(data, ensure_ascii=False)

    def read(self, value: Any, asked: Questions) -> Any:
        """Return what the JSON says; a text that is none is left to the checks."""
        if not value:
            return NOTHING
        try:
            return json.loads(value)
        except ValueError:
            return value


class PlainPart(Part):
    """A number, a text, yes or no, or several of them with `|` between, typed in one line.

    A text that would be read as something else stands in quotation marks, as JSON has it.
    """

    def __init__(self, name: str, option: Option) -> None:
        self.block = blocks.CharBlock(required=False, **words_of(option, name))

    def raw(self, data: Any, asked: Questions) -> str:
        """Write it."""
        if data is None:
            return ""
        if (
            isinstance(data, list)
            and len(data) > 1
            and all(isinstance(one, str) and _is_bare(one) for one in data)
        ):
            return " | ".join(data)
        return data if isinstance(data, str) and _is_bare(data) else json.dumps(data, ensure_ascii=False)

    def read(self, value: Any, asked: Questions) -> Any:
        """Read it."""
        if not value:
            return NOTHING
        try:
            return json.loads(value)
        except ValueError:
            parts = [part.strip() for part in value.split("|")]
            return parts if len(parts) > 1 else value


def _is_bare(text: str) -> bool:
    """Tell whether a text can stand as it is."""
    if not text or "|" in text or text != text.strip():
        return False
    try:
        json.loads(text)
    except ValueError:
        return True
    return False


class ConditionPart(Part):
    """A condition: rows that are picked, or CEL."""

    def __init__(self, name: str, option: Option) -> None:
        self.block = ConditionBlock(**words_of(option, name))

    def raw(self, data: Any, asked: Questions) -> Any:
        """Return rows where the picker could have written it, else the expression."""
        if not data or not str(data).strip():
            return _condition("", "all", [])
        found = read_condition(data, asked)
        return _condition("", *found) if found else _condition(data, "all", [])

    def read(self, value: Any, asked: Questions) -> Any:
        """Return the CEL."""
        if not value:
            return NOTHING
        if value.get("expert"):
            return value["expert"]
        rows = [Row(row["field"] or "", row["op"] or "eq", row["value"] or "") for row in value["rows"]]
        return write_condition(rows, value.get("join") or "all", asked) or NOTHING


def _condition(expert: str, join: str, rows: Sequence[Row]) -> dict[str, Any]:
    return {
        "join": join,
        "rows": items([row._asdict() for row in rows]),
        "expert": expert,
    }
