"""Internal remarks, as the pages of a dossier show them."""

from __future__ import annotations

from dataclasses import dataclass

from home.forms.api import owner_token
from home.people.api import User
from workflows.dossiers.api import MAX_REMARK, Dossier, Remark, audiences_for, is_editable, parts_of


@dataclass(frozen=True)
class Typed:
    """A remark that could not be kept, to be shown again; `remark` is the one that was to be changed."""

    text: str = ""
    audience: str = ""
    error: str = ""
    remark: int | None = None


@dataclass(frozen=True)
class Part:
    """A piece of a remark; `person` is whom it names."""

    text: str
    person: str = ""


@dataclass(frozen=True)
class Row:
    """One remark as the reader sees it."""

    remark: Remark
    parts: list[Part]
    is_mine: bool
    is_editable: bool

    @property
    def is_told(self) -> bool:
        """Whether its words are shown: those of a withdrawn one only to whoever wrote it."""
        return self.remark.withdrawn_at is None or self.is_mine


@dataclass(frozen=True)
class Talk:
    """All remarks on one dossier that the reader may read, and whom they may write to."""

    rows: list[Row]
    audiences: list[tuple[str, str, bool]]
    typed: Typed
    owner_token: str
    max_length: int = MAX_REMARK

    @property
    def count(self) -> int:
        """How many remarks there are that were not withdrawn."""
        return sum(row.remark.withdrawn_at is None for row in self.rows)


def talk_of(dossier: Dossier, reader: User, typed: Typed | None = None) -> Talk:
    """Return the remarks, the oldest first; at most three queries beside those for the reader's places."""
    typed = typed or Typed()
    found = Remark.objects.visible_to(reader).filter(dossier=dossier).select_related("by")
    rows = [_row(remark, reader) for remark in found.prefetch_related("mentions__user")]
    offered = audiences_for(dossier, reader)
    chosen = typed.audience if typed.audience in offered else offered[0]
    audiences = [(one.value, str(one.label), one == chosen) for one in offered]
    return Talk(rows, audiences, typed, owner_token(reader))


def _row(remark: Remark, reader: User) -> Row:
    mine = remark.by_id == reader.pk
    people = {mention.user.username: str(mention.user) for mention in remark.mentions.all()}
    parts = [
        Part(f"@{text}", people.get(text.lower(), "")) if number % 2 else Part(text)
        for number, text in enumerate(parts_of(remark.text))
    ]
    return Row(remark, parts, mine, mine and is_editable(remark))
