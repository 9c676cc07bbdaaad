"""Forms built without code: one StreamField block for each field kind of the registry.

The key of a question comes from the id of its block, which stays when the question is renamed or moved; a
copied question has another id. A hidden `key` (and `value` of a choice) wins where a profile has given one.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField

from .condition_blocks import ConditionBlock, LineBlock
from .extras import extra_blocks, extra_data, extra_raw
from .kinds.base import FieldKind, field_kinds
from .picked_blocks import line_data, when_data, when_raw
from .schema import FormSchema


class HiddenBlock(blocks.CharBlock):
    """A stored text that nobody types."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, form_classname="w-hidden", label="\u00a0", **kwargs)
        self.field.widget = HiddenInput()


class ChoiceBlock(blocks.StructBlock):
    """One possible answer."""

    value = HiddenBlock()
    label = blocks.CharBlock(label=_("Answer"), max_length=300)
    label_en = blocks.CharBlock(label=_("Answer in English"), required=False, max_length=300)
    show_if = LineBlock(label=_("Offered only if"))

    class Meta:
        form_layout = blocks.BlockGroup(children=["value", "label"], settings=["label_en", "show_if"])


class ChoicesBlock(blocks.ListBlock):
    """The answers of a choice; each brings its stable value to the editor."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ChoiceBlock(), **kwargs)

    def get_form_state(self, value: Any) -> Any:
        """Give a value to what has none yet: the one that follows from its id."""
        return _with_keys(super().get_form_state(value), "value", "c")


class QuestionsBlock(blocks.StreamBlock):
    """The questions of a section; each brings its stable key to the editor."""

    def get_form_state(self, value: Any) -> Any:
        """Give a key to what has none yet: the one that follows from its id."""
        return _with_keys(super().get_form_state(value), "key", "q")


def _with_keys(states: list[dict[str, Any]], name: str, prefix: str) -> list[dict[str, Any]]:
    for state in states:
        if state.get("id") and not state["value"].get(name):
            state["value"][name] = stable(prefix, state["id"])
    return states


def question_block(kind: type[FieldKind]) -> blocks.StructBlock:
    """Return the block with which an administrator adds a question of this kind, always the same one."""
    if kind not in _question_blocks:
        _question_blocks[kind] = _question_block(kind)
    return _question_blocks[kind]


_question_blocks: dict[type[FieldKind], blocks.StructBlock] = {}


def _question_block(kind: type[FieldKind]) -> blocks.StructBlock:
    parts: list[tuple[str, blocks.Block]] = [
        ("key", HiddenBlock()),
        ("label", blocks.CharBlock(label=_("Question"), max_length=300)),
        ("label_en", _english(_("Question in English"), 300)),
        ("help", blocks.TextBlock(label=_("Help text"), required=False, max_length=2_000, rows=2)),
        ("help_en", _english(_("Help text in English"), 2_000)),
    ]
    if kind.asks and kind.posts:
        parts.append(("required", blocks.BooleanBlock(label=_("An answer is required"), required=False)))
    options = kind().option_blocks()
    conditions, others = extra_blocks(kind(), set(options))
    names = [name for name, _block in parts if name not in ("label_en", "help_en")]
    return blocks.StructBlock(
        [*parts, *options.items(), *conditions.items(), *others.items()],
        form_layout=_layout(
            *names,
            *options,
            *_group(_("When it is asked"), conditions, "view"),
            *_group(_("More options"), others, "cog"),
        ),
        label=kind.label,
        icon=kind.admin_icon,
        group=kind.group,
        label_format="{label}",
        description=kind.describe,
    )


def _english(label: Any, limit: int) -> blocks.CharBlock:
    return blocks.CharBlock(label=label, required=False, max_length=limit)


def _group(heading: Any, names: Iterable[str], icon: str) -> list[blocks.BlockGroup]:
    """Return rarely needed options behind a heading that unfolds them."""
    children = list(names)
    return [
        blocks.BlockGroup(
            children=children, heading=heading, classname="collapsed", icon=icon, label_format=""
        )
    ] * bool(children)


def _layout(*children: Any, english: tuple[str, ...] = ("label_en", "help_en")) -> blocks.BlockGroup:
    """Put the English texts behind a heading that unfolds them."""
    group = blocks.BlockGroup(
        children=list(english), heading=_("In English"), classname="collapsed", icon="globe", label_format=""
    )
    return blocks.BlockGroup(children=[*children, group])


def section_block() -> blocks.StructBlock:
    """Return the block of a section: a heading and questions of all registered kinds."""
    questions = QuestionsBlock(
        [(kind.code, question_block(kind)) for kind in field_kinds],
        label=_("Questions"),
        min_num=1,
        max_num=100,
        collapsed=True,
    )
    return blocks.StructBlock(
        [
            ("title", blocks.CharBlock(label=_("Heading of the section"), required=False, max_length=200)),
            ("title_en", _english(_("Heading in English"), 200)),
            ("help", blocks.TextBlock(label=_("Introduction"), required=False, max_length=2_000, rows=2)),
            ("help_en", _english(_("Introduction in English"), 2_000)),
            ("new_step", blocks.BooleanBlock(label=_("A new step begins here"), required=False)),
            ("show_if", ConditionBlock(label=_("Show this section only if"))),
            ("questions", questions),
        ],
        form_layout=_layout(
            "title",
            "help",
            "new_step",
            *_group(_("When it is shown"), ["show_if"], "view"),
            "questions",
            english=("title_en", "help_en"),
        ),
        label=_("Section"),
        icon="list-ul",
    )


class QuestionsField(StreamField):
    """A form in a model. Migrations do not know its blocks: a plugin's kinds change no table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("block_lookup", None)
        super().__init__([("section", section_block())], **kwargs)

    def deconstruct(self) -> Any:
        """Leave the blocks out."""
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs


def stable(prefix: str, identity: str) -> str:
    """Return the short key that follows from the id of a block."""
    return f"{prefix}_{hashlib.sha256(identity.encode()).hexdigest()[:10]}"


def _identity(child: Any) -> str:
    """Return the id of a block; one that has none yet gets it now, as it would when saved."""
    if not child.id:
        child.id = str(uuid.uuid4())
    return child.id


def definition_of(value: Any, *, title: str = "") -> dict[str, Any] | None:
    """Return the definition that a `QuestionsField` value describes, or None when it has no question yet."""
    used: set[str] = set()
    sections = []
    for section in value:
        questions = [question_data(child, used) for child in section.value["questions"]]
        if questions:
            sections.append({**_section_data(section.value), "fields": questions})
    return {"title": title, "sections": sections} if sections else None


def _section_data(value: Mapping[str, Any]) -> dict[str, Any]:
    step = {"new_step": True} if value.get("new_step") else {}
    when = when_data(value.get("show_if"))
    return {**_texts(value, ("title", "help")), **step, **({"show_if": when} if when else {})}


def schema_of(value: Any, *, title: str = "") -> FormSchema | None:
    """Return the form that a `QuestionsField` value describes. Raises `SchemaError`."""
    definition = definition_of(value, title=title)
    return FormSchema.parse(definition) if definition else None


def question_data(child: Any, used: set[str]) -> dict[str, Any]:
    """Return one question as definitions have it; a key that is in `used` already is replaced."""
    key = child.value.get("key") or ""
    if not key or key in used:
        key = stable("q", _identity(child))
    used.add(key)
    kind = field_kinds.get(child.block_type)()
    required = {"required": True} if child.value.get("required") else {}
    texts = _texts(child.value, ("label", "help"))
    options = {**kind.from_block(child.value), **extra_data(kind, child.value)}
    return {"key": key, "kind": kind.code, **texts, **required, **options}


def _texts(value: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return texts as definitions have them: plain, or by language where there is English too."""
    found: dict[str, Any] = {}
    for name in names:
        given = {"vi": value.get(name), "en": value.get(f"{name}_en")}
        texts = {language: text for language, text in given.items() if text}
        if texts:
            found[name] = texts["vi"] if list(texts) == ["vi"] else texts
    return found


def texts_raw(data: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Return the stored values of texts and of their English, from a definition."""
    found: dict[str, str] = {}
    for name in names:
        given = data.get(name) or ""
        both = given if isinstance(given, Mapping) else {"vi": given}
        found |= {name: both.get("vi", ""), f"{name}_en": both.get("en", "")}
    return found


def choices_of(value: Any) -> list[dict[str, Any]]:
    """Return the choices of a list of `ChoiceBlock`, each with a stable value."""
    used: set[str] = set()
    found = []
    for child in value.bound_blocks:
        stored = child.value.get("value") or ""
        if not stored or stored in used:
            stored = stable("c", _identity(child))
        used.add(stored)
        line = line_data(child.value.get("show_if"))
        when = {"show_if": {"rows": [line]}} if line else {}
        found.append({"value": stored, **_texts(child.value, ("label",)), **when})
    return found


def stream_of(definition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the raw StreamField value of a form given as data (a profile, an import): keys are kept."""
    schema = FormSchema.parse(definition)
    return [
        {
            "type": "section",
            "id": stable("s", f"{number}"),
            "value": {
                **texts_raw(section.model_dump(include={"title", "help"}), "title", "help"),
                "new_step": section.new_step,
                "show_if": when_raw(section.show_if),
                "questions": [question_raw(field.model_dump(mode="json")) for field in section.fields],
            },
        }
        for number, section in enumerate(schema.sections)
    ]


def question_raw(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored value of the block of one question, given with all of its options; its key is kept."""
    kind = field_kinds.get(data["kind"])()
    value = kind.to_block({name: option for name, option in data.items() if name != "kind"})
    value |= {**texts_raw(data, "label", "help"), **extra_raw(kind, data)}
    return {"type": kind.code, "id": stable("b", data["key"]), "value": value}
