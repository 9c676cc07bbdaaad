"""The front door of this room: import from here, never from the modules behind it."""

from .errors import BusyError, ConflictError, EngineError, FaultError, InvalidActError, NotVisibleError
from .opening import open_dossier, startable_by, version_to_start
from .runtime import MAX_NOTE, claim, decide, may_see, release, withdraw

__all__ = [
    "MAX_NOTE",
    "BusyError",
    "ConflictError",
    "EngineError",
    "FaultError",
    "InvalidActError",
    "NotVisibleError",
    "claim",
    "decide",
    "may_see",
    "open_dossier",
    "release",
    "startable_by",
    "version_to_start",
    "withdraw",
]
