"""Whether the clock of the house is running, as administrators are told on every page."""

from __future__ import annotations

import time
from datetime import timedelta

from django.core.cache import cache

from plugins.api.api import beat_is_alive

#: After so long without a sign, administrators are told.
SILENT_AFTER = timedelta(minutes=5)
#: How long (in seconds) a process trusts what it has found out.
_TRUST = 20
_KEY = "scheduler-silent"
#: Since when this process watches: a server that has just been started has not waited for five minutes yet.
watching_since = time.monotonic()


def scheduler_silent() -> bool:
    """Tell whether the scheduler has given no sign for five minutes, or never. At most one query in 20 seconds."""
    if time.monotonic() - watching_since < SILENT_AFTER.total_seconds():
        return False
    return bool(cache.get_or_set(_KEY, lambda: not beat_is_alive(SILENT_AFTER), _TRUST))
