"""What can be wrong with a template or its filling-in, as codes that pass from one process to the other."""

from __future__ import annotations

from typing import Any

#: The longest detail that is passed on: a line of a template, the words of a library.
MAX_DETAIL = 300


class FaultyTemplateError(Exception):
    """A template that cannot be used. `code` is one of those that `run.py` has words for; `detail` names the place."""

    def __init__(self, code: str, detail: str = "", *, line: int = 0) -> None:
        self.code, self.line = code, line
        self.detail = detail if len(detail) <= MAX_DETAIL else f"{detail[:MAX_DETAIL]}…"
        super().__init__(f"{code}: {self.detail}")

    def report(self) -> dict[str, Any]:
        """Return plain JSON."""
        return {"error": self.code, "detail": self.detail, "line": self.line}
