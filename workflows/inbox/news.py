"""What has changed in a dossier since the reader last looked: the old answers beside the new ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from home.forms.api import Row, display
from home.people.api import User
from workflows.definitions.api import Definition
from workflows.dossiers.api import AnswerChange, Dossier, seen_since

from .timeline import Event

#: Longer texts are shown side by side instead of word by word.
MAX_WORDS = 3_000
_SPACE = re.compile(r"(\s+)")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: `same`, `old` (it was there before) or `new`."""

    kind: str
    text: str


@dataclass(frozen=True)
class News:
    """One answer that is new to the reader: what it was before, and who changed it last."""

    old: Row
    by: User | None
    at: datetime

    def pieces(self, text: str) -> list[Piece]:
        """Return how the text came to be what it is, word by word; empty when side by side reads better."""
        before, after = _SPACE.split(self.old.text), _SPACE.split(text)
        if len(before) < 8 or len(before) + len(after) > MAX_WORDS:
            return []
        match = SequenceMatcher(None, before, after, autojunk=False)
        return list(_pieces(match, before, after)) if match.ratio() > 0.3 else []


def _pieces(match: SequenceMatcher[str], before: list[str], after: list[str]) -> Sequence[Piece]:
    found = []
    for tag, a, b, c, d in match.get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(after[c:d])))
            continue
        if a < b:
            found.append(Piece("old", "".join(before[a:b])))
        if c < d:
            found.append(Piece("new", "".join(after[c:d])))
    return found


def news_for(
    dossier: Dossier, definition: Definition | None, reader: User, events: Sequence[Event]
) -> dict[str, News]:
    """Return by question what has changed since `reader` last looked at the dossier, or decided on it.

    To whom it is all new, the newest changes by its submitter are shown. What the reader changed is no news to them.
    Two queries.
    """
    rows = list(AnswerChange.objects.filter(dossier=dossier).select_related("by"))
    if definition is None or not rows:
        return {}
    since = _since(dossier, reader, events)
    rows = [row for row in rows if row.at > since] if since else _from_submitter(rows, dossier)
    changed = _oldest(rows, reader)
    changed = {key: row for key, row in changed.items() if _before(row, key) != dossier.answers.get(key)}
    if since is None:  # at a first visit an answer that was added is like all others
        changed = {key: row for key, row in changed.items() if _before(row, key) is not None}
    old = {key: row[0].before[key] for key, row in changed.items() if row[0].before[key] is not None}
    words = {row.key: row for row in display(definition.questions, old)}
    return {
        key: News(words[key], last.by, last.at) for key, (_first, last) in changed.items() if key in words
    }


def _before(pair: tuple[AnswerChange, AnswerChange], key: str) -> Any:
    return pair[0].before[key]


def _since(dossier: Dossier, reader: User, events: Sequence[Event]) -> datetime | None:
    own = [event.at for event in events if event.is_opinion and event.by == reader]
    moments = [*own[-1:], seen_since(reader, dossier)]
    return max(filter(None, moments), default=None)


def _from_submitter(rows: list[AnswerChange], dossier: Dossier) -> list[AnswerChange]:
    """Return the newest change by the submitter and what followed it."""
    theirs = [number for number, row in enumerate(rows) if row.by_id == dossier.submitter_id]
    return rows[theirs[-1] :] if theirs else []


def _oldest(rows: list[AnswerChange], reader: User) -> dict[str, tuple[AnswerChange, AnswerChange]]:
    """Return by question the first and the last change since the reader knew its answer."""
    found: dict[str, tuple[AnswerChange, AnswerChange]] = {}
    for row in rows:
        for key in row.before:
            if row.by_id == reader.pk:
                found.pop(key, None)
            else:
                found[key] = (found[key][0] if key in found else row, row)
    return found
