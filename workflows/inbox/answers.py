"""A dossier's answers, in sections, as its pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from home.forms.api import Row, display
from home.people.api import User
from workflows.definitions.api import DamagedVersionError, Definition, definition_of
from workflows.dossiers.api import Dossier

from .news import News, Piece


@dataclass(frozen=True)
class Answer:
    """One question with its answer; `news` says what it was before, when that is new to the reader."""

    row: Row
    news: News | None = None

    @property
    def pieces(self) -> list[Piece]:
        """How the text came to be what it is, word by word; empty when both are shown whole."""
        plain = not (self.row.files or self.row.is_rich)
        return self.news.pieces(self.row.text) if self.news and plain else []

    @property
    def is_wide(self) -> bool:
        """Whether the answer needs the whole width: long texts and lists of files."""
        row = self.row
        return bool(row.files or row.grid or self.news) or len(row.text) > 60 or "\n" in row.text


@dataclass(frozen=True)
class AnswerSection:
    """The answers of one section."""

    title: str
    answers: list[Answer]


def readable_definition(dossier: Dossier) -> Definition | None:
    """Return the definition of a dossier's version, or None when it cannot be read: pages then show what they can."""
    try:
        return definition_of(dossier.version)
    except DamagedVersionError:
        return None


def answers_of(
    dossier: Dossier,
    definition: Definition | None,
    news: Mapping[str, News] | None = None,
    *,
    reader: User | None = None,
) -> list[AnswerSection]:
    """Return the answers by section. Questions of steps that were not reached yet are left out.

    No query without a `reader`; see `display`.
    """
    if definition is None:
        return []
    asked = set(definition.form.keys())
    rows = [
        row
        for row in display(definition.questions, dossier.answers, reader=reader)
        if row.key in asked or row.key in dossier.answers
    ]
    return [
        AnswerSection(title, [Answer(row, (news or {}).get(row.key)) for row in found])
        for title, found in groupby(rows, key=lambda row: row.section)
    ]
