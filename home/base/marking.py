"""Marking the words that were looked for, in titles and in a piece of the text.

Words are folded when they are looked for, and texts are shown as they were written: each folded letter is therefore
sought as all letters that fold to it, with or without combining marks behind. So nothing has to be counted back from
one form to the other, and decomposed text is marked as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from home.people.api import fold

#: Characters of a piece of text, and of it before the first word found.
PIECE = 220
_BEFORE = 60
_MARKS = "\u0300-\u036f"
#: Where letters of Latin alphabets with marks lie.
_LETTERS = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))


@cache
def _variants() -> dict[str, str]:
    """Return all letters that fold to each plain letter."""
    found: dict[str, list[str]] = defaultdict(list)
    for code in _LETTERS:
        letter = chr(code)
        if unicodedata.category(letter).startswith("L") and len(folded := fold(letter)) == 1:
            found[folded].append(letter)
    return {plain: "".join(letters) for plain, letters in found.items()}


@lru_cache(maxsize=256)
def pattern_of(words: tuple[str, ...], beginning: bool = False) -> re.Pattern[str] | None:
    """Return what finds these folded words in written text; with `beginning` the last one may go on."""
    if not words:
        return None
    edge = rf"\w{_MARKS}"
    found = []
    for place, word in enumerate(words):
        open_end = beginning and place == len(words) - 1
        found.append("".join(map(_letter, word)) + ("" if open_end else rf"(?![{edge}])"))
    # The longest first: of "de" and "den", "đến" is one word.
    return re.compile(rf"(?<![{edge}])(?:{'|'.join(sorted(found, key=len, reverse=True))})", re.IGNORECASE)


def _letter(plain: str) -> str:
    return f"[{re.escape(plain)}{_variants().get(plain, '')}][{_MARKS}]*"


def marked(text: str, words: Sequence[str], *, beginning: bool = False) -> SafeString:
    """Return the text as HTML, escaped, with the words in `<mark>`."""
    pattern = pattern_of(tuple(words), beginning)
    if pattern is None:
        return escape(text)
    parts, end = [], 0
    for match in pattern.finditer(text):
        parts += [escape(text[end : match.start()]), "<mark>", escape(match.group()), "</mark>"]
        end = match.end()
    return mark_safe("".join([*parts, escape(text[end:])]))


def piece_of(text: str, words: Sequence[str], *, length: int = PIECE) -> str:
    """Return the piece of a text around the first place where a word stands; else its beginning."""
    pattern = pattern_of(tuple(words))
    match = pattern.search(text) if pattern is not None and len(text) > length else None
    start = 0 if match is None or match.end() < length else _at_a_space(text, match.start() - _BEFORE)
    end = len(text) if start + length >= len(text) else text.rfind(" ", start + 1, start + length)
    if end <= start:
        end = start + length
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


def _at_a_space(text: str, place: int) -> int:
    """Return the beginning of the next word after a place."""
    return text.find(" ", max(place, 0)) + 1


def holds_all(title: str, words: Iterable[str]) -> bool:
    """Tell whether the title holds every word."""
    there = set(re.findall(r"[^\W_]+", fold(title)))
    return all(word in there for word in words)
