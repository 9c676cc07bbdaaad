"""What can be wrong with a file."""

from __future__ import annotations

from dataclasses import dataclass


class FileRefusedError(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Problem:
    """One cell (or one row, with an empty `column`) that cannot be imported."""

    sheet: str
    row: int
    column: str
    message: str
    expected: str = ""

    def __str__(self) -> str:
        place = f"{self.sheet} {self.row}" + (f", {self.column}" if self.column else "")
        return f"{place}: {self.message}" + (f" {self.expected}" if self.expected else "")
