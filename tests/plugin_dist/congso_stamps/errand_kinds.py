"""Work that may fail: having a document stamped elsewhere."""

from typing import Any

from workflows.dossiers.api import Errand, ErrandKind, errand_kinds


def stamp(errand: Errand) -> dict[str, Any]:
    """Say that it was stamped."""
    return {"stamped": str(errand.key)}


errand_kinds.register(ErrandKind("stamp", "Stamp elsewhere", stamp))
