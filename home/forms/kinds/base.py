"""What a field kind is, and the registry that plugins add to (`field_kinds.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

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

#: How a condition writes the values of a question: a text, a number, a day, true or false, a list of texts, the
#: names of files. `NOTHING` is not offered where questions are picked for conditions.
Shape = Literal["text", "number", "day", "truth", "many", "files", ""]
TEXT: Shape = "text"
NUMBER: Shape = "number"
DAY: Shape = "day"
TRUTH: Shape = "truth"
MANY: Shape = "many"
FILES: Shape = "files"
NOTHING: Shape = ""


class WrongTypeError(ValueError):
    """A calculated value of another type than the question."""


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


@dataclass(frozen=True)
class Sampling:
    """For what an example of an answer is made up.

    `day` is a day that fits, `taken` are choices that other questions have already. With a `reader` nothing is
    stored: people, units and files may be made up too.
    """

    day: date
    taken: frozenset[str] = frozenset()
    number: int = 1
    amount: int = 1_000_000
    reader: User | None = None


@dataclass(frozen=True)
class Grid:
    """An answer as a table, in the reader's language; `totals` has as many entries as `headings`, or none."""

    headings: list[str]
    rows: list[list[str]]
    totals: list[str] = dataclass_field(default_factory=list)
    #: Which columns hold numbers.
    numeric: frozenset[int] = frozenset()

    @property
    def lines(self) -> list[list[tuple[str, str, bool]]]:
        """Return each row as (heading, text, is a number)."""
        return [self._line(row) for row in self.rows]

    @property
    def foot(self) -> list[tuple[str, str, bool]]:
        """Return the totals like a row."""
        return self._line(self.totals)

    def _line(self, row: list[str]) -> list[tuple[str, str, bool]]:
        pairs = zip(self.headings, row, strict=False)
        return [(heading, text, index in self.numeric) for index, (heading, text) in enumerate(pairs)]


@dataclass(frozen=True)
class Link:
    """Where an answer leads, for a reader who may go there."""

    text: str
    url: str


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
    #: The Bootstrap/Tabler layout of the widget: `input`, `select`, `options` (radio, checkboxes), `files`,
    #: `group` (a widget of several controls), `static` (nothing is asked).
    layout: ClassVar[str] = "input"
    #: Whether there is anything to answer; a heading has no answer, no column and no name in conditions.
    asks: ClassVar[bool] = True
    #: Whether a question of this kind may be a column of a repeating table.
    column: ClassVar[bool] = False
    #: Whether answers can be added up (`totals` of a table).
    summable: ClassVar[bool] = False
    #: Whether a number is an amount of whole VND.
    currency: ClassVar[bool] = False
    #: Whether the files of an answer are pictures, which are shown small.
    pictures: ClassVar[bool] = False
    #: Whether an answer is a list of rows, each with the answers of `inner`.
    repeats: ClassVar[bool] = False
    #: Whether answers lead somewhere (`links`).
    linked: ClassVar[bool] = False
    #: Whether an expression can give an answer (`from_cel`).
    calculable: ClassVar[bool] = False
    #: How conditions write values; see `shape_of`.
    shape: ClassVar[Shape] = TEXT
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

    def from_cel(self, result: Any, field: Any) -> Any:
        """Return the raw answer for the result of an expression. Raises `WrongTypeError`."""
        raise WrongTypeError(str(self.label))

    def beyond(self, raw: Any, field: Any) -> str:
        """Say which bound of the question a calculated answer breaks, or nothing."""
        return ""

    def shape_of(self, options: Mapping[str, Any]) -> Shape:
        """Return how conditions write values of a question with these (perhaps unsound) options."""
        return self.shape

    def inner(self, field: Any) -> Sequence[Field]:
        """Return the questions inside an answer: columns of a table, first and last day of a period."""
        return ()

    def may_be_column(self, field: Any) -> bool:
        """Tell whether a question with these options may be a column of a table."""
        return self.column

    def cell_blocks(self) -> dict[str, Any]:
        """Return the blocks of the options that make sense in a column."""
        return self.option_blocks()

    def cell_field(self, field: Any) -> forms.Field:
        """Return the form field of a cell: one control of one name."""
        return self.form_field(field)

    def brief(self, raw: Any, field: Any) -> str:
        """Return the answer as lists of many answers show it."""
        return self.display(raw, field)

    def grid(self, raw: Any, field: Any) -> Grid | None:
        """Return the answer as a table, when that is how people read it."""
        return None

    def parts(self, field: Any) -> dict[str, str]:
        """Return the columns of a spreadsheet that one answer fills, as headings by name; empty: just one."""
        return {}

    def export_part(self, raw: Any, field: Any, part: str) -> Any:
        """Return the cell of one of `parts`."""
        return self.export(raw, field)

    def links(self, raws: Sequence[Any], reader: User) -> dict[Any, Link]:
        """Return where answers lead, by the `id` in each, for those that `reader` may see; one query at most."""
        return {}

    def sample(self, field: Any, about: Sampling) -> Any:
        """Return an example of a raw answer that the question accepts, or None when none can be made up."""
        return None

    def files(self, raw: Any) -> list[dict[str, Any]]:
        """Return the stored files that an answer holds, each with `id`, `name`, `size` and `type`."""
        return []

    def file_ids(self, raw: Any) -> list[str]:
        """Return the ids of the stored files that an answer holds."""
        return [entry["id"] for entry in self.files(raw)]


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


__all__ = [
    "DAY",
    "FILES",
    "MANY",
    "NOTHING",
    "NUMBER",
    "TEXT",
    "TRUTH",
    "FieldKind",
    "FormContext",
    "Grid",
    "Link",
    "Sampling",
    "Shape",
    "WrongTypeError",
    "field_kinds",
    "kind_of",
]
