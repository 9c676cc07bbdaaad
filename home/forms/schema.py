"""The shape of a form: sections of fields, validated as one piece of data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, SerializeAsAny, ValidationError, ValidationInfo, model_validator
from pydantic import Field as PydanticField

from plugins.api.api import UnknownCodeError

from .problems import Problem, SchemaError, Strict, fault, problems_of
from .rules import KEY_PATTERN, When
from .text import Label, Text

if TYPE_CHECKING:
    from .logic import Plan

MAX_FIELDS = 300

#: Words that the condition language keeps to itself, and a name that every form posts.
RESERVED = frozenset(
    """as break const continue else false for function if import in let loop namespace null package return
    true var
    void while csrfmiddlewaretoken""".split()  # noqa: SIM905
)

Key = Annotated[str, PydanticField(pattern=KEY_PATTERN)]

#: What a profile can give: who fills the form in, and who leads their department.
Prefill = Literal["", "name", "username", "email", "phone", "department", "position", "head"]


class Field(Strict):
    """One question. Each kind subclasses this with its own options; `key` is stable and never made from the
    label.

    `default` is what stands in the box at first, as a person would type it (of a choice the label, `today` for a
    date); `prefill` is taken from the profile of whoever fills the form in. `pattern` is a regular expression that
    the whole text must match (RE2: no look-around, never slow), `message` what is said when a limit is broken.
    """

    key: Key
    kind: str
    label: Label
    help: Text = ""
    required: bool = False
    require_if: When = ""
    show_if: When = ""
    placeholder: str = PydanticField(default="", max_length=200)
    default: str = PydanticField(default="", max_length=2_000)
    prefill: Prefill = ""
    pattern: str = PydanticField(default="", max_length=300)
    message: Text = ""
    unique: bool = False

    @property
    def is_sure(self) -> bool:
        """Tell whether there is an answer whatever else is answered."""
        return self.required and not self.show_if


class GoneField(Field):
    """A stored question whose kind is no longer installed: its answers stay readable as plain text."""


def _of_its_kind(value: Any, info: ValidationInfo) -> Any:
    """Validate a raw question with the options of its kind."""
    from .kinds.base import field_kinds

    if not isinstance(value, dict):
        return value
    code = value.get("kind")
    if code is None:
        lines = [fault("missing", "kind", known=field_kinds.codes(), value=value)]
        raise ValidationError.from_exception_data("Field", lines)
    try:
        kind = field_kinds.get(str(code))
    except UnknownCodeError:
        if info.context and info.context.get("stored"):
            return GoneField.model_validate({k: v for k, v in value.items() if k in GoneField.model_fields})
        lines = [fault("unknown_kind", "kind", known=field_kinds.codes(), value=code, key=str(code))]
        raise ValidationError.from_exception_data("Field", lines) from None
    return kind.Options.model_validate(value, context=info.context)


AnyField = Annotated[SerializeAsAny[Field], BeforeValidator(_of_its_kind)]


class Section(Strict):
    """Some questions under one heading; with `new_step` they and what follows are asked on a page of their own."""

    title: Text = ""
    help: Text = ""
    new_step: bool = False
    show_if: When = ""
    fields: list[AnyField] = PydanticField(min_length=1, max_length=MAX_FIELDS)


class FormSchema(Strict):
    """A whole form. Build one with `FormSchema.parse`, which reports every problem at once."""

    title: Text = ""
    sections: list[Section] = PydanticField(min_length=1, max_length=60)

    @classmethod
    def parse(cls, data: Any) -> FormSchema:
        """Return the schema that `data` (from YAML, JSON or a StreamField) describes. Raises
        `SchemaError`."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise SchemaError(problems_of(error)) from None

    @classmethod
    def stored(cls, data: Any) -> FormSchema:
        """Return the schema of a frozen row; kinds that are gone since are forgiven."""
        return cls.model_validate(data, context={"stored": True})

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        seen: set[str] = set()
        lines = []
        for s, section in enumerate(self.sections):
            for f, field in enumerate(section.fields):
                place = ("sections", s, "fields", f, "key")
                if field.key in RESERVED:
                    lines.append(fault("reserved_key", *place, value=field.key, key=field.key))
                if field.key in seen:
                    lines.append(fault("duplicate_key", *place, value=field.key, key=field.key))
                seen.add(field.key)
        if len(seen) > MAX_FIELDS:
            lines.append(fault("too_many_fields", "sections", limit=MAX_FIELDS))
        if lines:
            raise ValidationError.from_exception_data("FormSchema", lines)
        return self

    def fields(self) -> Iterator[Field]:
        """Yield every question in order."""
        for section in self.sections:
            yield from section.fields

    def field(self, key: str) -> Field:
        """Return the question called `key`. Raises KeyError."""
        for field in self.fields():
            if field.key == key:
                return field
        raise KeyError(key)

    def keys(self) -> list[str]:
        """Return the keys of all questions in order."""
        return [field.key for field in self.fields()]

    @cached_property
    def steps(self) -> tuple[range, ...]:
        """Return the numbers of the sections of every step; a form without steps has one."""
        starts = [number for number, section in enumerate(self.sections) if section.new_step or not number]
        ends = [*starts[1:], len(self.sections)]
        return tuple(range(start, end) for start, end in zip(starts, ends, strict=True))

    @cached_property
    def plan(self) -> Plan:
        """Return what the form decides by itself: what is asked, what is required, what is calculated."""
        from .logic import plan_of

        return plan_of(self)

    def canonical(self) -> dict[str, Any]:
        """Return the shortest data that parses to this schema (defaults left out, so new options change no
        digest)."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def digest(self) -> str:
        """Return the sha256 of the canonical JSON."""
        text = json.dumps(self.canonical(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def check_schema(data: Any) -> list[Problem]:
    """Return everything that is wrong with `data` as a form; an empty list means it can be used."""
    try:
        FormSchema.parse(data)
    except SchemaError as error:
        return error.problems
    return []
