"""What the search page asks: every room answers for its own things through `search_sources.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from home.people.api import fold
from plugins.api.api import Registry

#: Longer words are cut: databases refuse to index what no language has.
_LONGEST_WORD = 60
#: A query is cut after so many characters and words: nobody types them, and the database would work for nothing.
MAX_QUERY = 200
MAX_QUERY_WORDS = 12


def search_words(text: str) -> str:
    """Return the words of the text as searches see them: folded, one space apart, without any other sign.

    Index and query both go through it: databases disagree on what "15/TB-VP" is.
    """
    return " ".join(re.findall(r"\w+", fold(text)))


def words_of(text: str) -> list[str]:
    """Return the folded words of a text in its order; signs, underscores too, only part them."""
    return [word[:_LONGEST_WORD] for word in re.findall(r"[^\W_]+", fold(text))]


def query_text(typed: str) -> str:
    """Return a query as it is shown again: one line, without NUL, not too long."""
    return " ".join(typed[: 4 * MAX_QUERY].replace("\0", "").split())[:MAX_QUERY]


def query_words(typed: str) -> list[str]:
    """Return the folded words that are looked for."""
    return words_of(query_text(typed))[:MAX_QUERY_WORDS]


@dataclass(frozen=True)
class Hit:
    """One thing found; `summary` is plain text.

    `about` is a short line below the title (a date, a department): it is shown as it is, while words that were looked
    for are marked in title and summary.
    """

    title: str
    url: str
    summary: str = ""
    icon: str = "file"
    about: tuple[str, ...] = ()
    archived: bool = False


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the index holds of one thing.

    `title` and `text` are plain text, shown to readers; `more` is found but not shown. `url` may stay empty where the
    source tells addresses itself (`Indexed.urls`).
    """

    title: str
    text: str = ""
    more: str = ""
    url: str = ""
    department_id: int | None = None
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """Things that stand in the index of the office (`home.base.findable`).

    `visible_to(user)` is the gate: a queryset of the things that the person may see now. It is asked at every search,
    inside the query itself: nothing else decides what is found. What it finds out beforehand (a right, a role) must
    renew the stamp (`home.people.remembering`): the queryset is remembered for the reader until then, or until the day
    is over.

    `entry(thing)` returns what the index holds, None for what is not to be found. `archived_for(user)` is the gate of
    what has expired, for kinds that keep an archive.

    A saved thing is indexed at once; with `fields` only when one of these was written. `follows` names models whose
    rows change entries of this kind: each gives the things that a saved or deleted row concerns.
    """

    model: type[Model]
    visible_to: Callable[[Any], QuerySet[Any]]
    entry: Callable[[Any], Entry | None]
    archived_for: Callable[[Any], QuerySet[Any]] | None = None
    urls: Callable[[Any, Iterable[int]], Mapping[int, str]] | None = None
    fields: frozenset[str] = frozenset()
    follows: Mapping[type[Model], Callable[[Any], Iterable[Any]]] | None = None


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """One kind of thing that can be found: either indexed, or searched by a function.

    `search(user, query, limit)` returns at most `limit` hits, best first, only what `user` may see, in at most two
    queries. The query comes as typed; sources fold it themselves. `suggest` does the same for the list below the search
    box, in one query; without it the source suggests nothing.
    """

    code: str
    label: str | Promise
    search: Callable[[Any, str, int], list[Hit]] | None = None
    suggest: Callable[[Any, str, int], list[Hit]] | None = None
    indexed: Indexed | None = None
    icon: str = "file"
    order: int = 100


def _problems(source: SearchSource) -> Iterable[str]:
    if (source.search is None) == (source.indexed is None):
        yield "give either `search` or `indexed`."


#: Every room and plugin may ship a `search_sources.py` that registers here.
search_sources: Registry[SearchSource] = Registry(
    SearchSource, module="search_sources", noun="search source", check=_problems
)


def sources_in_order() -> list[SearchSource]:
    """Return all sources in the order in which they are shown."""
    return sorted(search_sources, key=lambda source: (source.order, source.code))
