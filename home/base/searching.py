"""What the search page asks: every room answers for its own things through `search_sources.py`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from home.people.api import fold
from plugins.api.api import Registry


def search_words(text: str) -> str:
    """Return the words of the text as searches see them: folded, one space apart, without any other sign.

    Index and query both go through it: databases disagree on what "15/TB-VP" is.
    """
    return " ".join(re.findall(r"\w+", fold(text)))


@dataclass(frozen=True)
class Hit:
    """One thing found; `summary` is plain text."""

    title: str
    url: str
    summary: str = ""
    icon: str = "file"


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """One kind of thing that can be found.

    `search(user, query, limit)` returns at most `limit` hits, best first, only what `user` may see, in at
    most two queries. The query comes as typed; sources fold it themselves.
    """

    code: str
    label: str | Promise
    search: Callable[[Any, str, int], list[Hit]]
    order: int = 100


#: Every room and plugin may ship a `search_sources.py` that registers here.
search_sources: Registry[SearchSource] = Registry(SearchSource, module="search_sources", noun="search source")
