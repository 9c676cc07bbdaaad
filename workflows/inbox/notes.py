"""What belongs to a dossier beside its answers, as cards of notes of one shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from home.people.api import User
from workflows.definitions.api import Definition
from workflows.dossiers.api import Dossier, Errand, Instruction, InstructionParty
from workflows.engine.api import ErrandRow, errands_of, may_retry, may_waive

from .pauses import PauseRow


@dataclass(frozen=True)
class Note:
    """One line of a card: an icon, a title that may be a link, words beside it and what somebody wrote.

    `dossier` shows its state; `retry` is the key of work that the reader may have tried again, `waive` tells whether
    the dossier may do without it as well.
    """

    icon: str
    title: str
    url: str = ""
    meta: str = ""
    text: str = ""
    lines: Sequence[str] = ()
    dossier: Dossier | None = None
    retry: int | None = None
    waive: bool = False


@dataclass(frozen=True)
class Card:
    """Notes of one kind under a heading; `code` is its anchor."""

    code: str
    heading: str
    notes: list[Note]


def cards_of(dossier: Dossier, reader: User, pauses: Sequence[PauseRow]) -> list[Card]:
    """Return the cards that have something to say; at most nine queries, whatever their length."""
    found = [
        _instructions(dossier),
        Card("linked", _("Linked dossiers"), _linked(dossier, reader)),
        Card("errands", _("Work in the background"), _work(dossier, reader)),
        Card("pauses", _("When the clock stood still"), [_pause(row) for row in pauses]),
    ]
    return [card for card in found if card.notes]


def moment(at: datetime) -> str:
    """Return a moment as the pages write it."""
    return date_format(localtime(at), "H:i d/m/Y")


def instructions_of(dossier: Dossier, definition: Definition | None) -> list[Card]:
    """Return the leaders' instructions as a card, if there are any; no query for a flow in which nobody gives one."""
    if definition is not None and all(one.kind != "assign" for one in definition.steps_by_id.values()):
        return []
    card = _instructions(dossier)
    return [card] if card.notes else []


def _instructions(dossier: Dossier) -> Card:
    rows = dossier.instructions.select_related("by").prefetch_related("parties__department", "parties__user")
    return Card("instructions", _("Instructions"), [_instruction(row) for row in rows])


def _instruction(row: Instruction) -> Note:
    due = [_("due %(due)s") % {"due": moment(row.due_at)}] if row.due_at else []
    return Note(
        icon="pencil",
        title=str(row.by),
        meta=" · ".join([moment(row.given_at), *due]),
        text=row.text,
        lines=_parties(row),
    )


def _parties(instruction: Instruction) -> list[str]:
    found = list(instruction.parties.all())
    named = {
        str(role.label): [str(party.department or party.user) for party in found if party.role == role]
        for role in InstructionParty.Role
    }
    return [f"{label[:1].upper()}{label[1:]}: {', '.join(names)}" for label, names in named.items() if names]


def _linked(dossier: Dossier, reader: User) -> list[Note]:
    """Return the linked dossiers that the reader may see, the one above first; of the others there is no trace."""
    seen = Dossier.objects.visible_to(reader).select_related("type").defer("answers")
    above = seen.filter(subs__child=dossier)
    below = seen.filter(sub_of__parent=dossier).order_by("pk")
    return [_link(row, _("opened this dossier")) for row in above] + [_link(row) for row in below]


def _link(row: Dossier, words: str = "") -> Note:
    return Note(
        icon="folder",
        title=f"{row.number} – {row.subject}",
        url=reverse("dossier", args=[row.pk]),
        meta=" · ".join(filter(None, [str(row.type), words])),
        dossier=row,
    )


def _work(dossier: Dossier, reader: User) -> list[Note]:
    """Return the work that follows the acts on a dossier and is not done: waiting or failed.

    What exactly went wrong may name systems of the office: it is for those who can have the work tried again.
    """
    unfinished = (Errand.State.WAITING, Errand.State.FAILED)
    rows = [row for row in errands_of(dossier) if row.state in unfinished]
    for row in rows:
        row.errand.dossier = dossier
    failed = next((row for row in rows if row.state == Errand.State.FAILED), None)
    entitled = failed is not None and may_retry(failed.errand, reader)
    waives = failed is not None and may_waive(failed.errand, reader)
    return [_errand(row, entitled and row.state == Errand.State.FAILED, waives) for row in rows]


def _errand(row: ErrandRow, may_retry: bool, may_waive: bool) -> Note:
    errand = row.errand
    has_failed = errand.state == Errand.State.FAILED
    words = {"since": moment(errand.created_at), "count": errand.attempts}
    again = _("The last attempt failed; the next one is at %(at)s.") % {"at": moment(errand.next_at)}
    return Note(
        icon="alert-circle" if has_failed else "clock",
        title=f"{row.label} · {errand.get_state_display()}",
        meta=_("wanted at %(since)s, attempts: %(count)s") % words,
        text=errand.error if may_retry else "",
        lines=[again] if row.is_failing and not has_failed else [],
        retry=errand.pk if may_retry else None,
        waive=may_waive,
    )


def _pause(row: PauseRow) -> Note:
    kind, until = row.pause.get_kind_display(), moment(row.until) if row.until else _("until now")
    length = _("working time: %(length)s") % {"length": row.length}
    return Note(
        icon="player-pause",
        title=f"{kind[:1].upper()}{kind[1:]} · {row.pause.by}",
        meta=f"{moment(row.pause.started_at)} – {until} · {length}",
        text=row.pause.reason,
    )
