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
from .text import first_words

#: Keys of a block that are no options.
COMMON = ("key", "label", "help", "required")


class HiddenBlock(blocks.CharBlock):
    """A stored text that nobody types."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, form_classname="w-hidden", **kwargs)
        self.field.widget = HiddenInput()


class ChoiceBlock(blocks.StructBlock):
    """One possible answer."""

    value = HiddenBlock()
    label = blocks.CharBlock(label=_("Answer"), max_length=300)


def question_block(kind: type[FieldKind]) -> blocks.StructBlock:
    """Return the block with which an administrator adds a question of this kind."""
    parts: list[tuple[str, blocks.Block]] = [
        ("key", HiddenBlock()),
        ("label", blocks.CharBlock(label=_("Question"), max_length=300)),
        ("help", blocks.TextBlock(label=_("Help text"), required=False, max_length=2_000, rows=2)),
        ("required", blocks.BooleanBlock(label=_("An answer is required"), required=False)),
    ]
    return blocks.StructBlock(
        [*parts, *kind().option_blocks().items()],
        label=kind.label,
        icon=kind.admin_icon,
        group=kind.group,
        description=kind.describe,
    )


def section_block() -> blocks.StructBlock:
    """Return the block of a section: a heading and questions of all registered kinds."""
    questions = blocks.StreamBlock(
        [(kind.code, question_block(kind)) for kind in field_kinds],
        label=_("Questions"),
        min_num=1,
        max_num=100,
    )
    return blocks.StructBlock(
        [
            ("title", blocks.CharBlock(label=_("Heading of the section"), required=False, max_length=200)),
            ("help", blocks.TextBlock(label=_("Introduction"), required=False, max_length=2_000, rows=2)),
            ("questions", questions),
        ],
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
        questions = [_question(child, used) for child in section.value["questions"]]
        if questions:
            sections.append({**_filled(section.value, ("title", "help")), "fields": questions})
    return {"title": title, "sections": sections} if sections else None


def schema_of(value: Any, *, title: str = "") -> FormSchema | None:
    """Return the form that a `QuestionsField` value describes. Raises `SchemaError`."""
    definition = definition_of(value, title=title)
    return FormSchema.parse(definition) if definition else None


def _question(child: Any, used: set[str]) -> dict[str, Any]:
    key = child.value.get("key") or ""
    if not key or key in used:
        key = stable("q", _identity(child))
    used.add(key)
    kind = field_kinds.get(child.block_type)()
    options = kind.from_block(child.value)
    return {"key": key, "kind": kind.code, **_filled(child.value, ("label", "help", "required")), **options}


def _filled(value: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value.get(name) for name in names if value.get(name) not in (None, "", False, [])}


def choices_of(value: Any) -> list[dict[str, Any]]:
    """Return the choices of a list of `ChoiceBlock`, each with a stable value."""
    used: set[str] = set()
    found = []
    for child in value.bound_blocks:
        stored = child.value.get("value") or ""
        if not stored or stored in used:
            stored = stable("c", _identity(child))
        used.add(stored)
        found.append({"value": stored, "label": child.value["label"]})
    return found


def stream_of(definition: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the raw StreamField value of a form given as data (a profile, an import): keys are kept."""
    schema = FormSchema.parse(definition)
    return [
        {
            "type": "section",
            "id": stable("s", f"{number}"),
            "value": {
                "title": first_words(section.title),
                "help": first_words(section.help),
                "questions": [_raw(field.model_dump(mode="json")) for field in section.fields],
            },
        }
        for number, section in enumerate(schema.sections)
    ]


def _raw(field: dict[str, Any]) -> dict[str, Any]:
    kind = field_kinds.get(field.pop("kind"))()
    field["label"], field["help"] = first_words(field["label"]), first_words(field["help"])
    return {"type": kind.code, "id": stable("b", field["key"]), "value": kind.to_block(field)}
