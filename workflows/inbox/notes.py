"""What belongs to a dossier beside its answers: instructions of leaders, linked dossiers, errands."""

from __future__ import annotations

from dataclasses import dataclass

from home.people.api import User
from workflows.dossiers.api import Dossier, Errand, Instruction, InstructionParty
from workflows.engine.api import ErrandRow, errands_of, may_retry


@dataclass(frozen=True)
class Told:
    """One instruction, with those whom it names by role: (words of the role, names)."""

    instruction: Instruction
    parties: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Linked:
    """A dossier that belongs to this one; `is_above` tells the one that opened it. `unit` is for whom it was opened."""

    dossier: Dossier
    is_above: bool


@dataclass(frozen=True)
class Work:
    """One piece of work in the background; `may_retry` holds for the reader."""

    row: ErrandRow
    may_retry: bool


def instructions_of(dossier: Dossier) -> list[Told]:
    """Return the instructions, the oldest first; two queries at most."""
    rows = dossier.instructions.select_related("by").prefetch_related("parties__department", "parties__user")
    return [Told(row, _parties(row)) for row in rows]


def _parties(instruction: Instruction) -> list[tuple[str, list[str]]]:
    found = list(instruction.parties.all())
    groups = [
        (str(role.label), [str(party.department or party.user) for party in found if party.role == role])
        for role in InstructionParty.Role
    ]
    return [(label, names) for label, names in groups if names]


def linked_of(dossier: Dossier, reader: User) -> list[Linked]:
    """Return the linked dossiers that the reader may see, the one above first; of the others there is no trace."""
    seen = Dossier.objects.visible_to(reader).select_related("type")
    above = seen.filter(subs__child=dossier)
    below = seen.filter(sub_of__parent=dossier).order_by("pk")
    return [Linked(row, True) for row in above] + [Linked(row, False) for row in below]


def work_of(dossier: Dossier, reader: User) -> list[Work]:
    """Return the work that follows the acts on a dossier and is not done: waiting or failed.

    What exactly went wrong may name systems of the office: it is for those who can have the work tried again.
    """
    unfinished = (Errand.State.WAITING, Errand.State.FAILED)
    rows = [row for row in errands_of(dossier) if row.state in unfinished]
    for row in rows:
        row.errand.dossier = dossier
    failed = next((row for row in rows if row.state == Errand.State.FAILED), None)
    entitled = failed is not None and may_retry(failed.errand, reader)
    return [Work(row, entitled and row.state == Errand.State.FAILED) for row in rows]
