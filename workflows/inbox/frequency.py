"""How frequent a word is in numbers and subjects of dossiers, as PostgreSQL has last counted it.

A rare word leads to its dossiers through the index of words. A frequent one does not: the index would name a large part
of all dossiers, while a list that is read in its order meets enough of them soon.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

#: So few matches are looked at one by one.
ENOUGH = 500
#: Seconds for which a process keeps what the database has counted.
KEPT = 600
_COUNTED = (
    "SELECT c.reltuples, s.most_common_elems::text::text[], s.most_common_elem_freqs "
    "FROM pg_class c JOIN pg_stats s ON s.tablename = c.relname AND s.schemaname = c.relnamespace::regnamespace::text "
    "WHERE c.oid = to_regclass('dossiers_dossier') AND s.attname = 'words'"
)


class _Counted:
    """The frequent words of the database, and the number of its dossiers."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.until = 0.0
        self.dossiers = 0.0
        self.shares: Mapping[str, float] = {}

    def read(self) -> None:
        """Read what the database has counted, unless that was done lately. One query."""
        with self.lock:
            if time.monotonic() < self.until:
                return
            with connection.cursor() as cursor:
                cursor.execute(_COUNTED)
                found = cursor.fetchone()
            self.dossiers = found[0] if found else 0.0
            words, shares = (found[1] or (), found[2] or ()) if found else ((), ())
            self.shares = dict(zip(words, shares, strict=False))
            self.until = time.monotonic() + KEPT

    def forget(self) -> None:
        """Read again the next time."""
        self.until = 0.0


counted = _Counted()


@dataclass(frozen=True)
class Forecast:
    """What the index of words is good for: the words to begin with, and those to look for in what they lead to.

    `lines` of the index have to be read, and lead to so many `matches`.
    """

    leading: Sequence[str]
    others: Sequence[str] = ()
    lines: float = 0.0
    matches: float = 0.0


def forecast(words: Sequence[str]) -> Forecast:
    """Return what to expect of dossiers that hold words which begin with each of these.

    As far as the database has counted: all is zero on SQLite, and before the first count. The rarest words lead; the
    frequent ones would only be read in vain.
    """
    if connection.vendor != "postgresql":
        return Forecast(words)
    counted.read()
    shares = {word: _share(word) for word in words}
    ordered = sorted(shares, key=lambda word: shares[word])
    lines, matches = 0.0, counted.dossiers
    for number, word in enumerate(ordered, start=1):
        lines += counted.dossiers * shares[word]
        matches *= shares[word]
        if matches <= ENOUGH:
            return Forecast(ordered[:number], ordered[number:], lines, matches)
    return Forecast(ordered, (), lines, matches)


def _share(word: str) -> float:
    return min(sum(share for known, share in counted.shares.items() if known.startswith(word)), 1.0)
