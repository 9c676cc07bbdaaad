"""Words that an administrator wrote: one language or several, always clean."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any

from django.conf import settings
from django.utils.translation import get_language
from pydantic import AfterValidator, PlainValidator

from .problems import complaint

LANGUAGES = ("vi", "en")
MAX_TEXT = 5_000

#: Marks that change the reading direction or hide inside a word; they are never typed on purpose.
_INVISIBLE = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


def clean_text(value: str, *, lines: bool = False) -> str:
    """Return `value` in NFC without control, direction and invisible marks, stripped.

    `lines` keeps line breaks (as `\\n`) and tabs; otherwise they become spaces.
    """
    if value.isprintable():
        return unicodedata.normalize("NFC", value).strip()
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        value = value.replace("\n", " ").replace("\t", " ")
    kept = (c for c in value if c in "\n\t" or _is_visible(c))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _is_visible(char: str) -> bool:
    return char not in _INVISIBLE and unicodedata.category(char) not in ("Cc", "Cs")


def localized(text: str | Mapping[str, str]) -> str:
    """Return the words in the active language, else in the office's language, else in any."""
    if isinstance(text, str):
        return text
    active = (get_language() or settings.LANGUAGE_CODE)[:2]
    return text.get(active) or text.get(settings.LANGUAGE_CODE[:2]) or next(iter(text.values()), "")


def _parse(value: Any) -> str | dict[str, str]:
    if isinstance(value, str):
        return _bounded(value)
    if not isinstance(value, dict):
        raise complaint("text", known=LANGUAGES)
    for language, words in value.items():
        if language not in LANGUAGES:
            raise complaint("language", known=LANGUAGES, key=str(language))
        if not isinstance(words, str):
            raise complaint("text", known=LANGUAGES)
    return _shortest({language: _bounded(words) for language, words in value.items()})


def _shortest(texts: dict[str, str]) -> str | dict[str, str]:
    """Return a text that there is in the first language only as a plain one: it is read the same."""
    given = {language: words for language, words in texts.items() if words}
    return given.get(LANGUAGES[0], "") if set(given) <= {LANGUAGES[0]} else given


def _bounded(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise complaint("string_too_long", max_length=MAX_TEXT)
    return clean_text(value, lines=True)


def _required(value: str | dict[str, str]) -> str | dict[str, str]:
    if not localized(value):
        raise complaint("empty")
    return value


#: A text of a profile: plain, or `{vi: …, en: …}`. Read it through `localized`.
Text = Annotated[str | dict[str, str], PlainValidator(_parse)]

#: A `Text` that says something.
Label = Annotated[Text, AfterValidator(_required)]
