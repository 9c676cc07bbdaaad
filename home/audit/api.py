"""The front door of this room: import from here, never from the modules behind it."""

from .models import AppendOnlyError, Entry
from .trail import NoTransactionError, entries_for, record
from .verification import BrokenLink, verify

__all__ = ["AppendOnlyError", "BrokenLink", "Entry", "NoTransactionError", "entries_for", "record", "verify"]
