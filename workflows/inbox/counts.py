"""How much there is: what waits for one person, for the tabs and the menu, and the lines of a list."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.engine.api import COUNT_LIMIT


def capped(number: int) -> str:
    """Return the number, or `100+` where counting has stopped."""
    return f"{COUNT_LIMIT}+" if number >= COUNT_LIMIT else str(number)


@dataclass(frozen=True)
class Count:
    """A number of lines, at most `COUNT_LIMIT`, and its words."""

    number: int

    @property
    def words(self) -> str:
        """The number as a page shows it."""
        return capped(self.number)


@dataclass(frozen=True)
class Counts:
    """Tasks of one person, tasks to claim, and followed dossiers under way; each at most `COUNT_LIMIT`."""

    mine: int
    claim: int
    follow: int

    @property
    def mine_words(self) -> str:
        """The number of own tasks as a tab shows it."""
        return capped(self.mine)

    @property
    def claim_words(self) -> str:
        """The number of tasks to claim as a tab shows it."""
        return capped(self.claim)

    @property
    def follow_words(self) -> str:
        """The number of followed dossiers under way as a tab shows it."""
        return capped(self.follow)
