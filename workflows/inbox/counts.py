"""How much waits for one person: counted once a request, for the tabs and for the menu."""

from __future__ import annotations

from dataclasses import dataclass

from home.people.api import User
from workflows.engine.api import COUNT_LIMIT, count_tasks


def capped(number: int) -> str:
    """Return the number, or `100+` where counting has stopped."""
    return f"{COUNT_LIMIT}+" if number >= COUNT_LIMIT else str(number)


@dataclass(frozen=True)
class Counts:
    """Tasks of one person, and tasks to claim; both at most `COUNT_LIMIT`."""

    mine: int
    claim: int

    @property
    def mine_words(self) -> str:
        """The number of own tasks as a tab shows it."""
        return capped(self.mine)

    @property
    def claim_words(self) -> str:
        """The number of tasks to claim as a tab shows it."""
        return capped(self.claim)


def counts_of(user: User) -> Counts:
    """Return the counts for `user`, remembered on the object: one request asks once."""
    found: Counts | None = getattr(user, "_inbox_counts", None)
    if found is None:
        found = Counts(*count_tasks(user))
        user._inbox_counts = found  # type: ignore[attr-defined]
    return found
