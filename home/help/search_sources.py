"""What the search finds in the help."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from home.base.api import Hit, SearchSource, search_sources, search_words

from .chapters import chapters_for


def find(user: Any, query: str, limit: int) -> list[Hit]:
    """Return the chapters that are about all words, those with the words in their title first; no query.

    Words of the running text do not count: help that holds "không" is no answer to everybody who types it.
    """
    words = search_words(query).split()
    if not words:
        return []
    found = []
    for chapter in chapters_for(user):
        title, outline = (set(search_words(text).split()) for text in (chapter.title, chapter.outline))
        if all(word in title | outline for word in words):
            found.append((not all(word in title for word in words), chapter))
    found.sort(key=lambda pair: pair[0])
    return [
        Hit(chapter.title, reverse("help_chapter", args=[chapter.code]), chapter.lead, "help")
        for _last, chapter in found[:limit]
    ]


search_sources.register(SearchSource(code="help", label=_("Help"), search=find, order=900))
