"""Checks of answers that every kind of question shares: a pattern, a choice that is offered, never twice."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

import cel
from django.utils.translation import gettext as _

from .schema import Field
from .text import localized


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> Any:
    """Return a program that matches whole texts, in time that grows with their length only."""
    return cel.compile(f"text.matches({json.dumps(f'^(?:{pattern})$')})")


def fits_pattern(pattern: str, text: str) -> bool:
    """Tell whether a text matches as a whole. Raises ValueError for a pattern that cannot be read."""
    return _pattern(pattern).execute({"text": text}) is True


def pattern_fault(pattern: str) -> str:
    """Return what is wrong with a pattern, or nothing."""
    try:
        fits_pattern(pattern, "abc")
    except Exception as error:
        return str(error).splitlines()[0][:200]
    return ""


def fault_of(field: Field, raw: Any, without: frozenset[str]) -> str:
    """Return what is wrong with an answer that its kind has accepted, or nothing."""
    if without and not without.isdisjoint(raw if isinstance(raw, list) else [raw]):
        return _("This answer does not go with your other answers. Please pick another one.")
    if field.pattern and isinstance(raw, str) and not _fits(field.pattern, raw):
        return localized(field.message) or _("This does not have the expected form.")
    return ""


def _fits(pattern: str, text: str) -> bool:
    try:
        return fits_pattern(pattern, text)
    except Exception:
        return True  # the lint names a pattern that cannot be read; nobody is locked out by it


def digest_of(raw: Any) -> str:
    """Return what two equal answers have in common: texts are compared without regard to case."""
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.casefold().encode()).hexdigest()
