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

from .kinds.base import FieldKind, field_kinds
from .schema import FormSchema

#: Keys of a block that are no options.
COMMON = ("key", "label", "label_en", "help", "help_en", "required")


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

    class Meta:
        form_layout = blocks.BlockGroup(children=["value", "label"], settings=["label_en"])


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
    if kind.asks:
        parts.append(("required", blocks.BooleanBlock(label=_("An answer is required"), required=False)))
    options = kind().option_blocks()
    return blocks.StructBlock(
        [*parts, *options.items()],
        form_layout=_layout("key", "label", "help", *(["required"] if kind.asks else []), *options),
        label=kind.label,
        icon=kind.admin_icon,
        group=kind.group,
        label_format="{label}",
        description=kind.describe,
    )


def _english(label: Any, limit: int) -> blocks.CharBlock:
    return blocks.CharBlock(label=label, required=False, max_length=limit)


def _layout(*children: str, english: tuple[str, ...] = ("label_en", "help_en")) -> blocks.BlockGroup:
    """Put the English texts behind a heading that unfolds them."""
    group = blocks.BlockGroup(
        children=list(english), heading=_("In English"), classname="collapsed", icon="globe", label_format=""
    )
    return blocks.BlockGroup(children=[*children, group])


def section_block() -> blocks.StructBlock:
    """Return the block of a section: a heading and questions of all registered kinds."""
    questions = blocks.StreamBlock(
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
            ("questions", questions),
        ],
        form_layout=_layout("title", "help", "questions", english=("title_en", "help_en")),
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
            sections.append({**_texts(section.value, ("title", "help")), "fields": questions})
    return {"title": title, "sections": sections} if sections else None


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
    return {"key": key, "kind": kind.code, **texts, **required, **kind.from_block(child.value)}


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
        found.append({"value": stored, **_texts(child.value, ("label",))})
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
                "questions": [question_raw(field.model_dump(mode="json")) for field in section.fields],
            },
        }
        for number, section in enumerate(schema.sections)
    ]


def question_raw(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored value of the block of one question, given with all of its options; its key is kept."""
    kind = field_kinds.get(data["kind"])()
    value = kind.to_block({name: option for name, option in data.items() if name != "kind"})
    value |= texts_raw(data, "label", "help")
    return {"type": kind.code, "id": stable("b", data["key"]), "value": value}
