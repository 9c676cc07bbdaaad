"""Following the chain from the first entry to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Max, Subquery

from .models import ChainHead, Entry
from .trail import HEAD

CHUNK = 1000


@dataclass(frozen=True)
class BrokenLink:
    """The first place where the chain does not hold.

    `what` is `number` (an entry is missing or was slipped in), `previous` (does not follow from the entry
    before), `content` (a column was changed after the entry was written) or `head` (the end of the chain is
    not the last entry: entries were cut off, added without `record()`, or the head was changed).
    """

    seq: int
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"entry {self.seq}: {self.what}: expected {self.expected}, found {self.found}"


@dataclass
class _Walk:
    """The last entry that held."""

    seq: int = 0
    hash: str = ""


class _End(NamedTuple):
    """What the head says, and the highest number that exists."""

    seq: int
    hash: str
    top: int


def verify() -> BrokenLink | None:
    """Return the first broken link, or None if the chain holds. Constant memory; blocks nobody.

    Entries that are added meanwhile are left for the next time.
    """
    end, walk = _end(), _Walk()
    try:
        broken = _follow(walk, end.top, CHUNK)
    except ValueError:  # a column holds what cannot even be read: look for it row by row
        broken = _find_unreadable(walk, end.top)
    if broken is not None:
        return broken
    if (walk.seq, walk.hash) == (end.seq, end.hash):
        return None
    first = min(walk.seq, end.seq) + (walk.seq != end.seq)
    return BrokenLink(first, "head", f"{end.seq}:{end.hash}", f"{walk.seq}:{walk.hash}")


def _follow(walk: _Walk, top: int, chunk: int) -> BrokenLink | None:
    rows = Entry.objects.order_by("seq").filter(seq__gt=walk.seq, seq__lte=top)
    checked = (_check(entry, walk) for entry in rows.iterator(chunk_size=chunk))
    return next((broken for broken in checked if broken is not None), None)


def _find_unreadable(walk: _Walk, top: int) -> BrokenLink | None:
    try:
        return _follow(walk, top, 1)
    except ValueError as error:
        return BrokenLink(walk.seq + 1, "content", "a readable entry", str(error))


def _check(entry: Entry, walk: _Walk) -> BrokenLink | None:
    if entry.seq != walk.seq + 1:
        return BrokenLink(walk.seq + 1, "number", str(walk.seq + 1), str(entry.seq))
    if entry.previous != walk.hash:
        return BrokenLink(entry.seq, "previous", walk.hash or "(nothing)", entry.previous or "(nothing)")
    computed = entry.computed_hash()
    if entry.hash != computed:
        return BrokenLink(entry.seq, "content", entry.hash, computed)
    walk.seq, walk.hash = entry.seq, entry.hash
    return None


def _end() -> _End:
    """Read the head and the highest number in one statement, that is at one moment."""
    top = Subquery(Entry.objects.order_by("-seq").values("seq")[:1])
    found = ChainHead.objects.filter(pk=HEAD).annotate(top=top).values_list("seq", "hash", "top").first()
    if found is None:
        found = (0, "", Entry.objects.aggregate(top=Max("seq"))["top"])
    return _End(found[0], found[1], found[2] or 0)
