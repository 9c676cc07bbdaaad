"""What a page may offer to start: the list of stamps."""

from typing import Any

from home.base.api import Start, StartSource, start_sources


def _offer(user: Any, code: str) -> Start | None:
    return Start("Con dấu", "/stamps/") if code == "list" else None


start_sources.register(StartSource(code="stamps", choices=lambda: [("list", "Con dấu")], offer=_offer))
