"""What a check of a definition has to say."""

from __future__ import annotations

from dataclasses import dataclass

#: A problem that refuses publication, and one that only asks.
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """One remark on a definition.

    `code` is stable (`flows.E010`), `place` is the path in the definition (`flow.steps[2].who`), `step` the id of the
    step concerned, `message` is in the reader's language.
    """

    code: str
    message: str
    place: str = ""
    step: str = ""
    level: str = ERROR

    def __str__(self) -> str:
        return f"{self.code} {self.place}: {self.message}" if self.place else f"{self.code} {self.message}"
