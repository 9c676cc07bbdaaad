"""Text that is made once and kept in each process, with holes for what differs from one request to the next.

A template that is drawn for keeping writes a mark wherever a hole stands (`hole`); `Kept.of` takes the text apart at
the marks, and `Kept.filled` puts it together again. Marks are random for each process: no editor can write one.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from typing import Generic, Protocol, TypeVar

from django.utils.safestring import SafeString, mark_safe

_SECRET = secrets.token_hex(12)
_MARK = re.compile(rf"{_SECRET}-([a-z]+)-")


def hole(name: str) -> SafeString:
    """Return the mark of the hole `name` (small letters only)."""
    return mark_safe(f"{_SECRET}-{name}-")


@dataclass(frozen=True)
class Kept:
    """A text in pieces: fixed text and names of holes in turns, and the digest of all of them."""

    pieces: tuple[str, ...]
    digest: str

    @classmethod
    def of(cls, text: str) -> Kept:
        """Take a text with marks apart."""
        pieces = tuple(_MARK.split(text))
        return cls(pieces, sha256("\0".join(pieces).encode()).hexdigest())

    @property
    def size(self) -> int:
        """How many characters are held."""
        return sum(map(len, self.pieces))

    @property
    def holes(self) -> Sequence[str]:
        """The names of the holes, in their order."""
        return self.pieces[1::2]

    @property
    def text(self) -> SafeString:
        """The text with its marks, to be part of another text that is to be kept."""
        return self.filled({name: partial(hole, name) for name in self.holes})

    def filled(self, holes: Mapping[str, Callable[[], str]]) -> SafeString:
        """Return the text with every hole filled. Raises KeyError for a hole that nobody fills."""
        parts = list(self.pieces)
        for place in range(1, len(parts), 2):
            parts[place] = holes[parts[place]]()
        return mark_safe("".join(parts))

    @cached_property
    def _encoded(self) -> tuple[bytes, ...]:
        return tuple(piece.encode() for piece in self.pieces[0::2])

    def encoded(self, hole: Callable[[str], bytes]) -> bytes:
        """Return the text in UTF-8; `hole(name)` fills a hole.

        What is fixed is encoded once: of a long page that takes longer than everything else.
        """
        first, *others = self._encoded
        filled = (
            part for name, piece in zip(self.holes, others, strict=True) for part in (hole(name), piece)
        )
        return b"".join((first, *filled))


class Sized(Protocol):
    """What a shelf holds: it says how many characters it takes."""

    @property
    def size(self) -> int:
        """How many characters are held."""


K = TypeVar("K", bound=Sized)


class Shelf(Generic[K]):
    """Kept texts by key, at most `capacity` characters together; what was not asked for longest goes first."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._size = 0
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, K] = OrderedDict()

    def get(self, key: Hashable) -> K | None:
        """Return what is kept under this key."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
        return found

    def put(self, key: Hashable, kept: K) -> None:
        """Keep a text, unless it alone would fill a tenth of the shelf."""
        if kept.size > self._capacity // 10:
            return
        with self._lock:
            before = self._held.pop(key, None)
            self._size += kept.size - (before.size if before else 0)
            self._held[key] = kept
            while self._size > self._capacity:
                _key, gone = self._held.popitem(last=False)
                self._size -= gone.size

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
            self._size = 0
