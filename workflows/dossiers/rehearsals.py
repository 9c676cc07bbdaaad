"""Rehearsals: acts that really run, in a transaction that is always rolled back, and touch nothing that others need.

What dossiers share (registers, whose turn it is, the end of the audit trail) is a row that whoever writes it locks
until the end of the transaction. A rehearsal works on copies of such rows under names of its own, or leaves them
alone, so that neither a real act nor another rehearsal ever waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

#: Long enough never to meet, short enough for every column that holds a code.
_DIGITS = 16


@dataclass
class Rehearsal:
    """One rehearsal: its `name` is unique, `turns` are the changes of state that ran in it."""

    name: str
    turns: list[Any] = field(default_factory=list)

    def copy_of(self, shared: str) -> str:
        """Return the name of this rehearsal's own copy of something shared; 33 characters."""
        return f"~{sha256(f'{self.name}/{shared}'.encode()).hexdigest()[: 2 * _DIGITS]}"


_current: ContextVar[Rehearsal | None] = ContextVar("rehearsal", default=None)


def current_rehearsal() -> Rehearsal | None:
    """Return the rehearsal that runs in this thread, or None: then everything is meant."""
    return _current.get()


@contextmanager
def rehearsing(name: str) -> Iterator[Rehearsal]:
    """Run what follows as a rehearsal. The caller holds the transaction and rolls it back, whatever happens."""
    rehearsal = Rehearsal(name)
    token = _current.set(rehearsal)
    try:
        yield rehearsal
    finally:
        _current.reset(token)
