"""What one person wants to be told by which way, as a table to be shown and stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from .channels import channels
from .digest import reckon_next, sections
from .kinds import kinds
from .models import BELL, DIGEST, MAIL, Preference, ReaderRhythm
from .unsubscribing import store_preferences

if TYPE_CHECKING:
    from home.people.models import User

#: How mail of one kind may come.
NOW, GATHERED, NEVER = "now", "digest", "never"
MANNERS = (NOW, GATHERED, NEVER)


@dataclass
class Box:
    """One box of the table."""

    name: str
    label: str
    checked: bool


@dataclass
class Row:
    """One kind: whether the bell shows it, how mail comes, and the other ways; `fixed` kinds cannot be changed."""

    label: str
    icon: str
    name: str
    fixed: bool
    bell: bool
    manner: str
    others: list[Box]


@dataclass
class Table:
    """All kinds by group, and the sections of the digest."""

    groups: list[tuple[str, list[Row]]] = field(default_factory=list)
    other_ways: list[str] = field(default_factory=list)
    sections: list[Box] = field(default_factory=list)


_Stored = Mapping[tuple[str, str], bool]


def table_of(user: User, sent: Mapping[str, str] | None = None) -> Table:
    """Return what the person has chosen, with the defaults where nothing was chosen. One query.

    What was `sent` from the page and is not stored yet goes before.
    """
    rows = Preference.objects.filter(user=user)
    stored = {(row.kind, row.channel): row.enabled for row in rows} | (_wished(sent) if sent else {})
    others = [way for way in channels if way.code != MAIL]
    groups: dict[str, list[Row]] = {}
    for kind in kinds:
        if not kind.in_bell:
            continue
        boxes = [
            Box(
                f"{kind.code}:{way.code}",
                str(way.label),
                stored.get((kind.code, way.code), way.on_by_default),
            )
            for way in others
        ]
        row = Row(
            label=str(kind.label),
            icon=kind.icon,
            name=kind.code,
            fixed=not kind.mutable,
            bell=not kind.mutable or stored.get((kind.code, BELL), True),
            manner=_manner(stored, kind.code) if kind.mutable else NOW,
            others=boxes,
        )
        groups.setdefault(str(kind.group or _("Other occasions")), []).append(row)
    parts = [
        Box(f"{part.code}:{DIGEST}", str(part.label), stored.get((part.code, DIGEST), False))
        for part in sections()
    ]
    return Table(list(groups.items()), [str(way.label) for way in others], parts)


@transaction.atomic
def store(user: User, sent: Mapping[str, str], rhythm: ReaderRhythm) -> None:
    """Write what was sent from the page, and reckon anew when the digest comes."""
    ReaderRhythm.objects.select_for_update().filter(pk=rhythm.pk).first()
    rows = [
        Preference(user=user, kind=kind, channel=way, enabled=on) for (kind, way), on in _wished(sent).items()
    ]
    store_preferences(rows)
    reckon_next(rhythm)
    rhythm.save()


def _wished(sent: Mapping[str, str]) -> dict[tuple[str, str], bool]:
    """Return by kind and channel what the page says; what it does not know, or leaves out, is not in it."""
    wishes: dict[tuple[str, str], bool] = {}
    for kind in kinds:
        if not kind.mutable or not kind.in_bell:
            continue
        wishes[kind.code, BELL] = f"{kind.code}:{BELL}" in sent
        manner = sent.get(f"{kind.code}:{MAIL}", "")
        if manner in MANNERS:
            wishes |= {(kind.code, MAIL): manner == NOW, (kind.code, DIGEST): manner == GATHERED}
        for way in channels:
            if way.code != MAIL:
                wishes[kind.code, way.code] = f"{kind.code}:{way.code}" in sent
    return wishes | {(part.code, DIGEST): f"{part.code}:{DIGEST}" in sent for part in sections()}


def label_of(what: str) -> str:
    """Return what people call a kind or a section; empty for what is not known any more."""
    found = [part for part in sections() if part.code == what]
    if found:
        return str(found[0].label)
    return str(kinds.get(what).label) if what in kinds else ""


def _manner(stored: _Stored, kind: str) -> str:
    mail = channels.get(MAIL) if MAIL in channels else None
    if stored.get((kind, MAIL), mail is not None and mail.on_by_default):
        return NOW
    return GATHERED if stored.get((kind, DIGEST), False) else NEVER
