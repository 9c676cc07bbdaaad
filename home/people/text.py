"""Vietnamese text: one normal form, the search fold and the order of names."""

from __future__ import annotations

import unicodedata

#: The Vietnamese alphabet, digits first; f, j, w and z stand where Latin has them.
ALPHABET = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
#: Ngang, huyền, hỏi, ngã, sắc, nặng: the order of dictionaries and class lists.
TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}

#: More digits than every whole number of 64 bits has are no key.
_KEY_DIGITS = 18
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PLACES = {letter: f"{place:02d}" for place, letter in enumerate(ALPHABET, start=1)}


def nfc(text: str) -> str:
    """Return the text composed (NFC), in single spaces, without control and other invisible characters."""
    kept = "".join(c if c.isspace() else "" if _is_invisible(c) else c for c in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _is_invisible(char: str) -> bool:
    return char in _INVISIBLE or unicodedata.category(char) in {"Cc", "Cs"}


def fold(text: str) -> str:
    """Return the text as searches see it: lower case, đ as d, no diacritics, single spaces.

    "Đức", "đức" in decomposed form and "duc" all fold to "duc"; folding twice changes nothing.
    """
    lowered = unicodedata.normalize("NFKD", text).casefold().replace("đ", "d")
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return " ".join(bare.split())


def key_in(text: object) -> int | None:
    """Return the key of a row that somebody sent, or None for what no database can hold as one."""
    said = str(text)
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _KEY_DIGITS else None


def sort_key(*names: str) -> str:
    """Return digits that sort names in Vietnamese order in any database collation.

    Syllable by syllable: first the letters, then the tone. Other characters do not count.
    """
    return "".join(_syllable_key(word) for name in names for word in name.split())


def _syllable_key(word: str) -> str:
    letters: list[str] = []
    tone = "0"
    for char in unicodedata.normalize("NFD", word.casefold()):
        if char in TONES:
            tone = TONES[char]
        elif unicodedata.combining(char) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + char)
        else:
            letters.append(char)
    known = [_PLACES[letter] for letter in letters if letter in _PLACES]
    return "".join(known) + "00" + tone if known else ""
