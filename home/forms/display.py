"""Answers as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .files import FileLink
from .kinds.base import FieldKind, Grid, Link, kind_of
from .models import Schema
from .schema import FormSchema
from .text import localized

if TYPE_CHECKING:
    from home.people.models import User


@dataclass(frozen=True)
class Row:
    """One question and its answer, in the reader's language; `text` is empty when there is no answer."""

    section: str
    key: str
    label: str
    text: str
    files: list[FileLink] = field(default_factory=list)
    #: Whether the files are pictures, which are shown small.
    pictures: bool = False
    grid: Grid | None = None
    link: Link | None = None

    @property
    def is_rich(self) -> bool:
        """Whether the answer is more than its text and a list of files (`forms/rich.html`)."""
        return bool(self.grid or self.link or (self.pictures and self.files))


def parsed(schema: Schema | FormSchema) -> FormSchema:
    """Return the schema of a frozen row, or the schema itself."""
    return schema.parsed if isinstance(schema, Schema) else schema


def display(
    schema: Schema | FormSchema, answers: Mapping[str, Any], *, reader: User | None = None
) -> list[Row]:
    """Return one row for each question of the schema the answers were given against.

    Questions that were not asked with these answers are left out. No query without a `reader`; with one, answers that
    lead somewhere do so where the reader may go: one query for each kind of them.
    """
    from .logic import work_out

    unasked = work_out(parsed(schema), answers).hidden - answers.keys()
    asked = [
        (section, question, kind)
        for section in parsed(schema).sections
        for question in section.fields
        for kind in [kind_of(question)]
        if kind.asks and question.key not in unasked
    ]
    links = _links(((kind, answers.get(question.key)) for _section, question, kind in asked), reader)
    rows = []
    for section, question, kind in asked:
        raw = answers.get(question.key)
        files = [FileLink(f["id"], f["name"], f["size"], f.get("type", "")) for f in kind.files(raw)]
        rows.append(
            Row(
                localized(section.title),
                question.key,
                localized(question.label),
                kind.display(raw, question),
                files,
                kind.pictures,
                kind.grid(raw, question),
                links.get((kind.code, raw.get("id"))) if kind.linked and isinstance(raw, dict) else None,
            )
        )
    return rows


def _links(pairs: Iterable[tuple[FieldKind, Any]], reader: User | None) -> dict[tuple[str, Any], Link]:
    """Return where the answers lead, by kind and id."""
    if reader is None:
        return {}
    raws: dict[str, tuple[FieldKind, list[Any]]] = {}
    for kind, raw in pairs:
        if kind.linked and isinstance(raw, dict):
            raws.setdefault(kind.code, (kind, []))[1].append(raw)
    return {
        (code, key): link
        for code, (kind, found) in raws.items()
        for key, link in kind.links(found, reader).items()
    }
