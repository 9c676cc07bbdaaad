"""From the types of options to the parts that edit them. What nothing here knows is edited as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django.utils.text import capfirst
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from home.forms.api import Field as Question
from home.forms.api import Strict, Text

from ..editor import Option, options_of
from ..lists import ItemList, lists
from ..spec import StepSpec
from ..who import Rule, rules
from .compound import (
    Alternative,
    FieldsPart,
    GroupPart,
    ListPart,
    OneOfPart,
    OptionalGroupPart,
    PairsPart,
    StepsPart,
    WrapPart,
)
from .parts import (
    NOTHING,
    ChoicePart,
    ChoicesPart,
    ConditionPart,
    ConstantPart,
    HiddenPart,
    JsonPart,
    NumberPart,
    Part,
    PickPart,
    PlainPart,
    TextPart,
    TruthPart,
    WordsPart,
)

#: What a text in one language or several is made of (see `Text`).
_WORDS = get_args(Text)[0]
#: Makes the part of a list of steps; None where branches may nest no deeper.
Deeper = Callable[[], StepsPart] | None


def parts_of(model: type[BaseModel], deeper: Deeper) -> dict[str, Part]:
    """Return the parts of all options of a model by their names in definitions, in the order of the editor."""
    options = options_of(model)
    fields = sorted(model.model_fields.items(), key=lambda pair: options.get(pair[0], _USUAL).order)
    found: dict[str, Part] = {}
    for name, info in fields:
        if name == "kind" and issubclass(model, StepSpec):
            continue
        part = _shared(name, info, options.get(name, _USUAL), deeper)
        if part is not None:
            found[info.alias or name] = part
    return found


_USUAL = Option()
#: Options without steps in them have one part, wherever they occur: a page holds each once.
_parts: dict[Any, Part | None] = {}


def _shared(name: str, info: FieldInfo, option: Option, deeper: Deeper) -> Part | None:
    if name in ("branches", "steps"):
        return part_of(name, info, option, deeper)
    key = (name, id(option), str(info.annotation), str(info.metadata), str(info.default))
    if key not in _parts:
        _parts[key] = part_of(name, info, option, deeper)
    return _parts[key]


def part_of(name: str, info: FieldInfo, option: Option, deeper: Deeper) -> Part | None:
    """Return the part of one option; None when it holds steps that may not be nested here."""
    if option.hidden:
        return HiddenPart()
    if option.condition:
        return ConditionPart(name, option)
    if option.plain and get_origin(info.annotation) is not list:
        return PlainPart(name, option)
    annotation: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    default = None if info.default is PydanticUndefined else info.default
    return _of_type(name, _Given(annotation, option, default, deeper))


class _Given:
    """A type without the `Annotated` around it, with what was said beside it."""

    def __init__(self, annotation: Any, option: Option, default: Any, deeper: Deeper) -> None:
        self.type, self.bounds = _bare(annotation)
        self.option, self.default, self.deeper = option, default, deeper

    def inner(self, annotation: Any, option: Option | None = None) -> _Given:
        """Return the type of an item."""
        return _Given(annotation, option or self.option, None, self.deeper)


def _bare(annotation: Any) -> tuple[Any, dict[str, Any]]:
    bounds: dict[str, Any] = {}
    while get_origin(annotation) is Annotated:
        annotation, *notes = get_args(annotation)
        for note in notes:
            bounds |= _bounds(note)
    return annotation, bounds


def _bounds(note: Any) -> dict[str, Any]:
    names = ("ge", "gt", "le", "lt", "max_length", "min_length")
    notes = note.metadata if isinstance(note, FieldInfo) else [note]
    return {
        name: getattr(one, name) for one in notes for name in names if getattr(one, name, None) is not None
    }


def _of_type(name: str, given: _Given) -> Part | None:
    kind, option = given.type, given.option
    if kind == _WORDS:
        return WordsPart(name, option)
    origin = get_origin(kind)
    if origin is list:
        return _list(name, given, get_args(kind)[0])
    if origin is dict:
        return _pairs(name, given, *get_args(kind))
    if origin is Literal:
        return _literal(name, given, get_args(kind))
    if origin in (Union, UnionType):
        return _union(name, given, get_args(kind))
    if isinstance(kind, type):
        return _plain(name, given, kind)
    return JsonPart(name, option)


def _plain(name: str, given: _Given, kind: type) -> Part | None:
    option = given.option
    if kind is str:
        return (
            PickPart(name, option) if option.picks else TextPart(name, option, given.bounds.get("max_length"))
        )
    if kind is bool:
        return TruthPart(name, option, bool(given.default))
    if kind in (int, float):
        return NumberPart(name, option, given.bounds, whole=kind is int)
    if issubclass(kind, Rule):
        return OneOfPart(name, option, rule_alternatives())
    if issubclass(kind, ItemList):
        return OneOfPart(name, option, list_alternatives())
    if issubclass(kind, Question):
        return FieldsPart(name, option, one=True)
    if issubclass(kind, BaseModel):
        more = {"label": option.label or capfirst(name), "help_text": option.help or None}
        return GroupPart(parts_of(kind, given.deeper), options_of(kind), **more)
    return JsonPart(name, option)


def _list(name: str, given: _Given, item: Any) -> Part | None:
    bare, _unused = _bare(item)
    limits = {"max_num": given.bounds["max_length"]} if "max_length" in given.bounds else {}
    if isinstance(bare, type) and issubclass(bare, StepSpec):
        return given.deeper() if given.deeper is not None else None
    if isinstance(bare, type) and issubclass(bare, Question):
        return FieldsPart(name, given.option)
    if isinstance(bare, type) and issubclass(bare, BaseModel) and _holds_steps(bare) and given.deeper is None:
        return None
    if given.option.plain:
        return ListPart(name, given.option, PlainPart("", Option(label=" ")), **limits)
    if get_origin(bare) is Literal:
        return ChoicesPart(name, given.option, get_args(bare), given.default)
    picks = given.option.picks
    inner = Option(given.option.item, picks=picks, only=given.option.only, extra=given.option.extra)
    part = _of_type(name, given.inner(item, inner))
    return ListPart(name, given.option, part, **limits) if part is not None else None


def _holds_steps(model: type[BaseModel]) -> bool:
    return "steps" in model.model_fields


def _pairs(name: str, given: _Given, key: Any, to: Any) -> Part:
    values, _unused = _bare(key)
    target, _unused = _bare(to)
    if get_origin(values) is Literal and target == _WORDS:
        words = given.option.choices
        group = {value: WordsPart(value, Option(label=words.get(value, value))) for value in get_args(values)}
        return OptionalGroupPart(group, label=given.option.label, help_text=given.option.help or None)
    if values is str and target is str:
        either = given.option.either
        return PairsPart(
            name,
            given.option,
            TextPart("key", Option(label=either.get("key", ""))),
            TextPart("to", Option(label=either.get("to", ""))),
        )
    return JsonPart(name, given.option)


def _literal(name: str, given: _Given, values: tuple[Any, ...]) -> Part:
    if len(values) == 1:
        return ConstantPart(values[0])
    if all(isinstance(value, str) for value in values):
        return ChoicePart(name, given.option, values, given.default)
    return JsonPart(name, given.option)


def _union(name: str, given: _Given, members: tuple[Any, ...]) -> Part | None:
    rest = tuple(member for member in members if member is not NoneType)
    if set(rest) == {int, float}:
        return NumberPart(name, given.option, given.bounds, whole=False)
    if len(rest) == 1:
        return _optional(name, given, rest[0])
    alternatives = dict(_alternatives(given, rest))
    if not alternatives:
        return JsonPart(name, given.option)
    return OneOfPart(name, given.option, alternatives, _first(given.default, alternatives))


def _first(default: Any, alternatives: Mapping[str, Alternative]) -> tuple[str, Any] | None:
    """Return the alternative that a new step begins with."""
    if isinstance(default, str) and default in alternatives:
        return default, None
    return ("these", default) if isinstance(default, list) and "these" in alternatives else None


def _optional(name: str, given: _Given, member: Any) -> Part | None:
    bare, bounds = _bare(member)
    given.bounds |= bounds
    plain = (
        isinstance(bare, type)
        and issubclass(bare, Strict)
        and not issubclass(bare, Rule | ItemList | Question)
    )
    if not plain:
        given.type = bare
        return _of_type(name, given)
    part = _plain(name, given.inner(member, Option()), bare)
    label = given.option.either.get("given") or given.option.label or capfirst(name)
    return OneOfPart(name, given.option, {"given": Alternative(label, part)})


def _alternatives(given: _Given, members: tuple[Any, ...]) -> Iterator[tuple[str, Alternative]]:
    """Yield what a union of fixed texts, lists and models is made of; nothing for any other union."""
    words = given.option.either
    for member in members:
        bare, _unused = _bare(member)
        if get_origin(bare) is Literal:
            for value in get_args(bare):
                yield value, Alternative(words.get(value, value), fixed=value)
        elif isinstance(bare, type) and issubclass(bare, BaseModel):
            part = GroupPart(parts_of(bare, given.deeper), options_of(bare))
            code = next(iter(bare.model_fields))
            yield code, Alternative(words.get(code, code), part, keys=frozenset(part.parts))
        elif get_origin(bare) is list:
            option = given.option
            inner = Option(" ", item=option.item, picks=option.picks, only=option.only, extra=option.extra)
            item = _of_type("items", given.inner(member, inner))
            if item is not None:
                yield "these", Alternative(words.get("these", "…"), item)
        else:
            yield from ()


@lru_cache(maxsize=1)
def rule_alternatives() -> dict[str, Alternative]:
    """Return the assignment rules as alternatives, in the order in which they are offered."""
    return dict(_named(rules))


@lru_cache(maxsize=1)
def list_alternatives() -> dict[str, Alternative]:
    """Return the lists of units and people as alternatives."""
    return dict(_named(lists))


def _named(kinds: Any) -> Iterator[tuple[str, Alternative]]:
    for kind in kinds:
        for code, (label, fixed) in kind.fixed.items():
            yield code, Alternative(label, fixed=fixed)
        part = _unframed(kind)
        yield kind.code, Alternative(kind.title or kind.code, part, kind.help, keys=frozenset((kind.code,)))


def _unframed(kind: type[BaseModel]) -> Part:
    """Return the part of a rule or list; where all its options stand under one key, just those."""
    parts = parts_of(kind, None)
    only = next(iter(parts.values()))
    if len(parts) == 1 and isinstance(only, GroupPart):
        return WrapPart(next(iter(parts)), only)
    return GroupPart(parts, options_of(kind))


def reset() -> None:
    """Forget what was derived: tests register kinds of their own."""
    _parts.clear()
    rule_alternatives.cache_clear()
    list_alternatives.cache_clear()


__all__ = [
    "NOTHING",
    "Deeper",
    "Mapping",
    "list_alternatives",
    "part_of",
    "parts_of",
    "reset",
    "rule_alternatives",
]
