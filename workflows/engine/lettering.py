"""How wide words are when nobody can ask a browser: widths that no usual sans-serif font exceeds."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

#: Advance widths in em, the widest of Be Vietnam Pro (400 to 600), DejaVu Sans, Liberation Sans and Arial, rounded up.
_GROUPS = (
    (0.35, " ',.:;ijl·‘’"),
    (0.47, "!()frtI`"),
    (0.56, 'sz"*[]/\\|“”°{}J'),
    (0.66, "abcdeghknopquvxy123457?-^_$FELZ¡"),
    (0.73, "068 9PTYSBRHKđ₫"),
    (0.80, "ACDUVXươ&«»"),
    (0.86, "NGOQ+<>=~#–×÷→↩"),
    (1.00, "mwMW%@—…ƯƠĐ✕⚠≤≥≠"),
)
_WIDTHS = {letter: width for width, letters in _GROUPS for letter in letters}
_UPPER, _OTHER, _WIDE, _PICTURE = 0.86, 1.0, 1.1, 1.45


@lru_cache(maxsize=2_000)
def _em(letter: str) -> float:
    """Return the width of one letter in em; an accent adds nothing to its letter, except the horns of ơ and ư."""
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    base = unicodedata.normalize("NFD", letter)
    horn = 0.14 if "\u031b" in base else 0.0
    if base[0] in _WIDTHS:
        return _WIDTHS[base[0]] + horn
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0.0
    if ord(letter) >= 0x1F000:
        return _PICTURE
    if unicodedata.east_asian_width(letter) in "WF":
        return _WIDE
    return _UPPER if letter.isupper() else _OTHER


def width_of(words: str, size: float) -> float:
    """Return how many pixels `words` need at most at a font size of `size` pixels."""
    return sum(map(_em, words)) * size


def wrapped(words: str, size: float, room: float, lines: int) -> list[str]:
    """Break `words` into at most `lines` lines of `room` pixels; a word that is too long is broken inside.

    What does not fit is left out, and the last line ends in an ellipsis.
    """
    found: list[str] = []
    line = ""
    for word in words.split():
        for piece in _pieces(word, size, room):
            longer = f"{line} {piece}" if line else piece
            if width_of(longer, size) <= room:
                line = longer
                continue
            found.append(line)
            line = piece
    found += [line] if line else []
    return found if len(found) <= lines else [*found[: lines - 1], _shortened(found[lines - 1], size, room)]


def _pieces(word: str, size: float, room: float) -> list[str]:
    """Break a word that is wider than the room."""
    if width_of(word, size) <= room:
        return [word]
    found, piece = [], ""
    for letter in word:
        if piece and width_of(piece + letter, size) > room:
            found.append(piece)
            piece = ""
        piece += letter
    return [*found, piece]


def _shortened(line: str, size: float, room: float) -> str:
    while line and width_of(f"{line}…", size) > room:
        line = line[:-1].rstrip()
    return f"{line}…"
