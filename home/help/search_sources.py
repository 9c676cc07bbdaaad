"""What the search finds in the help."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from home.base.api import Hit, SearchSource, search_sources, search_words

from .chapters import chapters_for


def find(user: Any, query: str, limit: int) -> list[Hit]:
    """Return the chapters that hold all words, those with the words in their title first; no query."""
    words = search_words(query).split()
    if not words:
        return []
    found = []
    for chapter in chapters_for(user):
        title, body = search_words(chapter.title), search_words(chapter.body)
        if all(word in title or word in body for word in words):
            found.append((not all(word in title for word in words), chapter))
    found.sort(key=lambda pair: pair[0])
    return [
        Hit(chapter.title, reverse("help_chapter", args=[chapter.code]), chapter.lead, "help")
        for _last, chapter in found[:limit]
    ]


search_sources.register(SearchSource(code="help", label=_("Help"), search=find, order=900))
