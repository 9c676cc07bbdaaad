"""Writing and reading the audit trail."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from plugins.api.api import EXAMPLE_KEY, Prepared, PreparedInsert, PreparedUpdate

from .canonical import clean_text, plain
from .models import ChainHead, Entry, EntryQuerySet

HEAD = 1


class NoTransactionError(RuntimeError):
    """`record()` was called outside of the transaction of the act."""


class MissingHeadError(RuntimeError):
    """There are entries, but the row that ends the chain is gone: somebody removed it."""


def record(*entries: Entry) -> None:
    """Append entries, in this order, inside the caller's transaction.

    Call it once, as the last thing of the transaction: it locks the end of the chain until the commit, so
    that entries have no gaps and no two writers share a link. Three queries, for any number of entries
    (SQLite takes about 90 rows a query). Afterwards each entry carries `seq`, `at`, `previous` and `hash`.
    Raises `NoTransactionError` outside of a transaction and `ValueError` for data that is no plain JSON.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NoTransactionError("record() belongs into the transaction of the act that it records.")
    if not entries:
        return
    head = _locked_head()
    now = timezone.now()
    for entry in entries:
        entry.seq, entry.previous, entry.at = head.seq + 1, head.hash, now
        entry.verb, entry.target = clean_text(entry.verb, 100), clean_text(entry.target, 100)
        entry.label, entry.data = clean_text(entry.label, 300), plain(entry.data)
        entry.hash = entry.computed_hash()
        head.seq, head.hash = entry.seq, entry.hash
    _append.all(entries)
    _move.save(head)


def entries_for(target: str) -> EntryQuerySet:
    """Return the entries that concern one thing (`dossier:12`), oldest first, with the people loaded."""
    return Entry.objects.filter(target=target).select_related("by", "on_behalf_of").order_by("seq")


_locked = Prepared(
    lambda pk: ChainHead.objects.select_for_update().filter(pk=pk), EXAMPLE_KEY, write=True, keyed=True
)


_append = PreparedInsert(Entry)
_move = PreparedUpdate(ChainHead, "seq", "hash")


def _locked_head() -> ChainHead:
    head = _locked.first(HEAD)
    if head is not None:
        return head
    _head, created = ChainHead.objects.get_or_create(pk=HEAD)
    if created and Entry.objects.exists():
        raise MissingHeadError("The end of the audit trail is missing. Run `manage.py verify_audit`.")
    return ChainHead.objects.select_for_update().get(pk=HEAD)
