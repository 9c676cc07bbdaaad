"""Answers as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .files import FileLink
from .kinds.base import kind_of
from .kinds.uploads import FileKind
from .models import Schema
from .schema import FormSchema
from .text import localized


@dataclass(frozen=True)
class Row:
    """One question and its answer, in the reader's language; `text` is empty when there is no answer."""

    section: str
    key: str
    label: str
    text: str
    files: list[FileLink] = field(default_factory=list)


def parsed(schema: Schema | FormSchema) -> FormSchema:
    """Return the schema of a frozen row, or the schema itself."""
    return schema.parsed if isinstance(schema, Schema) else schema


def display(schema: Schema | FormSchema, answers: Mapping[str, Any]) -> list[Row]:
    """Return one row for each question of the schema the answers were given against. No query.

    Questions that were not asked with these answers are left out.
    """
    from .logic import work_out

    unasked = work_out(parsed(schema), answers).hidden - answers.keys()
    rows = []
    for section in parsed(schema).sections:
        title = localized(section.title)
        for question in section.fields:
            if question.key in unasked:
                continue
            kind, raw = kind_of(question), answers.get(question.key)
            links = []
            if isinstance(kind, FileKind):
                links = [FileLink(f["id"], f["name"], f["size"], f.get("type", "")) for f in raw or ()]
            text = kind.display(raw, question)
            rows.append(Row(title, question.key, localized(question.label), text, links))
    return rows
