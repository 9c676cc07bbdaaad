"""“Did you mean …?”: what was typed, with each word replaced by one that stands in a title that the reader may see.

All words of a suggestion stand in one such title, so it never leads to nothing, and never tells a word of any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When

from home.base.api import query_words, words_of
from home.base.findable import Findable

from .looking import seen_by

#: Titles that are looked at closely, and pieces of words by which they are picked.
_TITLES = 150
_MOST_PIECES = 12
_PIECE = 2
#: How alike a word must be, and all words of the query on average.
_ALIKE, _ON_AVERAGE = 0.6, 0.74
_LONGEST = 30
#: How alike words of the same letters are: fingers turn two letters round.
_TURNED = 0.85


def did_you_mean(user: Any, text: str) -> str:
    """Return a better query for one that found nothing; empty when nothing is near. One query."""
    words = [word for word in query_words(text) if len(word) <= _LONGEST]
    pieces = _pieces(words)
    if not pieces:
        return ""
    near = [When(title_words__contains=piece, then=Value(1)) for piece in pieces]
    scores = [Case(when, default=Value(0), output_field=IntegerField()) for when in near]
    rows = Findable.objects.filter(seen_by(user)).annotate(near=reduce(add, scores))
    titles = rows.filter(~Q(near=0)).order_by("-near", "-pk").values_list("title", flat=True)[:_TITLES]
    return _best(words, titles)


def _pieces(words: Iterable[str]) -> list[str]:
    """Return pairs of letters of the words, beginnings first."""
    of_each = [[word[i : i + _PIECE] for i in range(len(word) - _PIECE + 1)] for word in words]
    beginnings = [f" {word[:_PIECE]}" for word in words if len(word) >= _PIECE]
    return list(dict.fromkeys([*beginnings, *(piece for pieces in of_each for piece in pieces)]))[
        :_MOST_PIECES
    ]


def _best(words: Sequence[str], titles: Iterable[str]) -> str:
    best, found = _ON_AVERAGE, ""
    for title in titles:
        alike, said = _replaced(words, title)
        if alike > best:
            best, found = alike, said
    return "" if words_of(found) == list(words) else found


def _replaced(words: Sequence[str], title: str) -> tuple[float, str]:
    """Return how alike the words and those of a title are on average, and what to type instead.

    Of words that are alike the same, the one that goes on in the title is taken.
    """
    there = [(folded[0], word) for word in re.findall(r"[^\W_]+", title) if (folded := words_of(word))]
    total, said, following = 0.0, [], 0
    for word in words:
        fits = [(_alike(word, one), place == following, -place) for place, (one, _said) in enumerate(there)]
        alike, _follows, place = max(fits, default=(0.0, False, 0))
        if alike < _ALIKE:
            return 0.0, ""
        total += alike
        said.append(there[-place][1])
        following = 1 - place
    return total / len(words), " ".join(said)


def _alike(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if sorted(word) == sorted(other):
        return _TURNED
    matcher = SequenceMatcher(None, word, other, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return matcher.ratio()
