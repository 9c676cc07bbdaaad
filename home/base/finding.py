"""Keeping the index of the office in step with the things that it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.signals import post_delete, post_save
from django_tasks import task

from home.people.api import nfc

from .findable import MOST_WORDS, SEARCHED_TEXT, SHOWN_TEXT, Findable
from .searching import Entry, Indexed, SearchSource, search_sources, words_of

#: Things written at once.
BATCH = 200
#: Things without an entry that one round of catching up takes in.
CATCH_UP = 5_000
_WRITTEN = ["title", "text", "url", "department", "day", "title_words", "words"]


def source_of(thing: models.Model) -> SearchSource | None:
    """Return the source that a thing belongs to: the one of its nearest class. Models of migrations have none."""
    found: SearchSource | None = None
    for source in search_sources:
        if source.indexed is None or not isinstance(thing, source.indexed.model):
            continue
        nearest = found.indexed.model if found is not None and found.indexed is not None else object
        if issubclass(source.indexed.model, nearest):
            found = source
    return found


def _as_itself(thing: Any) -> tuple[Any, SearchSource | None]:
    """Return a thing and its source; a page as its own type, since its kind depends on that."""
    if source_of(thing) is not None:
        thing = getattr(thing, "specific", thing)
    return thing, source_of(thing)


def row_of(source: SearchSource, thing: Any) -> Findable | None:
    """Return the row for a thing as it is now; None when it is not to be found."""
    entry = source.indexed.entry(thing) if source.indexed is not None else None
    title = nfc(entry.title)[:500] if entry is not None else ""
    if entry is None or not title:
        return None
    return Findable(
        kind=source.code,
        object_id=thing.pk,
        title=title,
        text=nfc(entry.text[:SHOWN_TEXT]),
        url=entry.url[:500],
        department_id=entry.department_id,
        day=entry.day,
        title_words=f" {' '.join(words_of(title))} "[:1100],
        words=_all_words(entry),
    )


def _all_words(entry: Entry) -> str:
    """Return all different words of an entry, those of the title first, as many as the databases take."""
    texts = (entry.title, entry.more, entry.text[:SEARCHED_TEXT])
    kept: list[str] = []
    size = 0
    for word in dict.fromkeys(word for text in texts for word in words_of(text)):
        size += len(word) + 1
        if size > MOST_WORDS:
            break
        kept.append(word)
    return " ".join(kept)


def put_in_index(things: Iterable[Any]) -> int:
    """Write what the index holds of these things, whatever it held before; return how many it holds now."""
    rows, gone = [], []
    for one in things:
        thing, source = _as_itself(one)
        if source is None:
            continue
        row = row_of(source, thing)
        if row is None:
            gone.append((source.code, thing.pk))
        else:
            rows.append(row)
    if rows:
        Findable.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=_WRITTEN
        )
    for kind, pk in gone:
        Findable.objects.filter(kind=kind, object_id=pk).delete()
    return len(rows)


def _saved(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    if kwargs.get("raw"):
        return
    source = source_of(instance)
    written: Collection[str] | None = kwargs.get("update_fields")
    if source is not None and source.indexed is not None:
        of_interest = source.indexed.fields
        if written is None:
            put_in_index([instance])
        elif not (of_interest and of_interest.isdisjoint(written)):
            # Only some columns were written, and the object may hold more: a page that keeps a draft holds all of it.
            put_in_index(type(instance)._base_manager.filter(pk=instance.pk))
    _follow(sender, instance)


def _deleted(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    source = source_of(instance)
    if source is not None:
        Findable.objects.filter(kind=source.code, object_id=instance.pk).delete()
    _follow(sender, instance)


def _follow(sender: type[models.Model], instance: Any) -> None:
    """Have those entries written anew, in the background, that depend on a row of another kind."""
    for source in search_sources:
        if source.indexed is None or source.indexed.follows is None:
            continue
        concerned = source.indexed.follows.get(sender)
        if concerned is None:
            continue
        pks = [thing.pk for thing in concerned(instance)]
        for start in range(0, len(pks), BATCH):
            reindex_some.enqueue(source.code, pks[start : start + BATCH])


@task()
def reindex_some(kind: str, pks: list[int]) -> None:
    """Write the entries of some things anew."""
    if kind in search_sources:
        source = search_sources.get(kind)
        if source.indexed is not None:
            put_in_index(source.indexed.model._default_manager.filter(pk__in=pks))


def connect() -> None:
    """Index whatever is saved, and forget whatever is deleted, from now on."""
    post_save.connect(_saved, dispatch_uid="findable_saved")
    post_delete.connect(_deleted, dispatch_uid="findable_deleted")


def indexed_sources() -> Iterator[tuple[str, Indexed]]:
    """Yield the kinds of things that stand in the index."""
    for source in search_sources:
        if source.indexed is not None:
            yield source.code, source.indexed


def reindex(kinds: Collection[str] = ()) -> dict[str, int]:
    """Write the whole index anew, or some kinds of it; return how many entries each kind has.

    Searches go on meanwhile.
    """
    counts = {}
    for kind, indexed in indexed_sources():
        if not kinds or kind in kinds:
            drop_orphans(kind, indexed)
            counts[kind] = sum(put_in_index(batch) for batch in _batches(_things(indexed)))
    return counts


def catch_up() -> int:
    """Index what has no entry (written past `save()`), and forget what is gone; return how many came in."""
    found = 0
    for kind, indexed in indexed_sources():
        drop_orphans(kind, indexed)
        entries = Findable.objects.filter(kind=kind, object_id=OuterRef("pk"))
        missing = _things(indexed).filter(~Exists(entries))[:CATCH_UP]
        found += sum(put_in_index(batch) for batch in _batches(missing))
    return found


def drop_orphans(kind: str, indexed: Indexed) -> None:
    """Forget entries of this kind whose thing is no longer there, or has become another kind."""
    there = _things(indexed).filter(pk=OuterRef("object_id"))
    Findable.objects.filter(~Exists(there), kind=kind).delete()


def _things(indexed: Indexed) -> models.QuerySet[Any]:
    """Return all things of a kind, without those that belong to a nearer one."""
    things = indexed.model._default_manager.order_by("pk")
    for _kind, other in indexed_sources():
        if other.model is not indexed.model and issubclass(other.model, indexed.model):
            things = things.exclude(pk__in=other.model._default_manager.order_by().values("pk"))
    return things


def _batches(things: models.QuerySet[Any]) -> Iterator[list[Any]]:
    """Yield the things in batches, pages as their own types."""
    pks = list(things.values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        rows = things.model._default_manager.filter(pk__in=pks[start : start + BATCH])
        yield list(rows.specific() if hasattr(rows, "specific") else rows)
