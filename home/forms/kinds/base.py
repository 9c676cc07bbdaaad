"""What a field kind is, and the registry that plugins add to (`field_kinds.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plugins.api.api import Registry

from ..schema import Field, GoneField
from ..text import localized

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from home.people.models import User

    Words = str | _StrPromise


@dataclass
class FormContext:
    """What the questions of one form share; a form field with an attribute `context` is given it.

    `user` owns the drafts, `held` are the ids of files that the answers had before, `budget` is how many
    bytes may still be uploaded, `cache` keeps what several questions read.
    """

    user: User | None = None
    budget: int = 0
    held: set[str] = dataclass_field(default_factory=set)
    cache: dict[Any, Any] = dataclass_field(default_factory=dict)


class FieldKind:
    """One kind of question. Subclass, fill in, register with `@field_kinds.register`.

    A *raw* answer is what the database holds: JSON, readable without any other row. `None` means "no answer".
    """

    code: ClassVar[str] = ""
    label: ClassVar[Words] = ""
    #: A Tabler icon, and one of Wagtail's for the editor.
    icon: ClassVar[str] = "forms"
    admin_icon: ClassVar[str] = "edit"
    group: ClassVar[Words] = gettext_lazy("Text")
    #: One sentence for the person who builds a form, also the entry in the reference.
    describe: ClassVar[Words] = ""
    #: The Bootstrap/Tabler layout of the widget: `input`, `select`, `options` (radio, checkboxes), `files`.
    layout: ClassVar[str] = "input"
    #: Whether a browser may give the answer; else it is worked out here, whatever was posted.
    posts: ClassVar[bool] = True
    #: The options of a question of this kind.
    Options: ClassVar[type[Field]] = Field
    #: What a condition sees when there is no answer; `None` is CEL's `null`: comparing it cannot be decided.
    cel_empty: ClassVar[Any] = None

    def form_field(self, field: Any) -> forms.Field:
        """Return the Django form field that asks this question."""
        raise NotImplementedError

    def option_blocks(self) -> dict[str, Any]:
        """Return the Wagtail blocks with which an administrator sets the options, by name."""
        return {}

    def from_block(self, value: Any) -> dict[str, Any]:
        """Return the options that a filled-in block gives; empty ones are left to their defaults."""
        names = self.option_blocks()
        return {name: value.get(name) for name in names if value.get(name) not in (None, "", [])}

    def to_block(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the raw value of the block for the options of a question (JSON)."""
        names = ("key", "label", "help", "required", *self.option_blocks())
        return {name: options.get(name) for name in names}

    def common(self, field: Field) -> dict[str, Any]:
        """Return the arguments that every form field of every kind takes."""
        return {
            "label": localized(field.label),
            "help_text": localized(field.help),
            "required": field.required,
            "error_messages": {"required": _("Please answer this question.")},
        }

    def to_json(self, value: Any, field: Any) -> Any:
        """Return the raw answer for a cleaned value; `None` for no answer."""
        return None if value in (None, "", []) else value

    def from_json(self, raw: Any, field: Any) -> Any:
        """Return the initial value of the form field for a raw answer."""
        return raw

    def display(self, raw: Any, field: Any) -> str:
        """Return the answer as people read it, in the active language; empty for no answer."""
        return "" if raw is None else str(raw)

    def export(self, raw: Any, field: Any) -> Any:
        """Return the answer for a spreadsheet cell: text, number, date or `None`."""
        return None if raw is None else self.display(raw, field)

    def cel_value(self, raw: Any, field: Any) -> Any:
        """Return the answer as conditions see it; the type depends on the question only, never on the
        answer."""
        return self.cel_empty if raw is None else raw

    def cel_sample(self, field: Any) -> Any:
        """Return an example of `cel_value`, for checking a condition before there are answers."""
        return self.cel_value("x", field)

    def file_ids(self, raw: Any) -> list[str]:
        """Return the ids of the stored files that an answer holds."""
        return []


#: Classes by code. A plugin ships `field_kinds.py` with `@field_kinds.register class …(FieldKind)`.
field_kinds: Registry[type[FieldKind]] = Registry(FieldKind, module="field_kinds", noun="field kind")


class GoneKind(FieldKind):
    """Stands for a kind whose plugin is gone: what was answered is shown as it is stored."""

    code = "gone"

    def form_field(self, field: Any) -> forms.Field:
        """Return a field that cannot be filled in."""
        return forms.CharField(**{**self.common(field), "required": False}, disabled=True)

    def to_json(self, value: Any, field: Any) -> Any:
        """Store nothing new."""
        return None


def kind_of(field: Field) -> FieldKind:
    """Return the kind of a question; of a stored one whose plugin is gone, a stand-in."""
    if isinstance(field, GoneField) and field.kind not in field_kinds:
        return GoneKind()
    return field_kinds.get(field.kind)()


__all__ = ["FieldKind", "FormContext", "field_kinds", "kind_of"]
