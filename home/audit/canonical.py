"""One spelling for each value, so that both databases and all years compute the same hash."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


def canonical(value: Any) -> str:
    """Return JSON in ASCII with sorted keys and without spaces. Raises `ValueError` for NaN and infinity."""
    return json.dumps(
        value, cls=_Encoder, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":")
    )


def plain(value: Any) -> Any:
    """Return the value as it will be read back: dates, decimals, lazy texts and all keys as strings."""
    return json.loads(canonical(json.loads(json.dumps(value, cls=_Encoder, allow_nan=False))))


def hash_of(content: dict[str, Any]) -> str:
    """Return the sha256 of the canonical form, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content).encode("ascii")).hexdigest()


def clean_text(text: Any, limit: int) -> str:
    """Return text that every database stores: NFC, no control characters or half surrogates, cut to fit."""
    composed = unicodedata.normalize("NFC", str(text))
    if composed.isprintable():
        return composed.strip()[:limit].rstrip()
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in composed)
    return kept.strip()[:limit].rstrip()


class _Encoder(DjangoJSONEncoder):
    """Moments as UTC with six digits of microseconds, whatever zone they came in."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime) and o.tzinfo is not None:
            return o.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return super().default(o)


class CanonicalJSONField(models.TextField):
    """JSON kept as its canonical text: a JSON column rewrites numbers (1e22, -0.0) and so the hash."""

    # What may be stored and what comes back, for the type checker.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        """Read; text that is no JSON any more comes back as that text, so that a broken row can be named."""
        return self.to_python(value)

    def to_python(self, value: Any) -> Any:
        """Parse text; leave everything else as it is."""
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            return value

    def get_prep_value(self, value: Any) -> Any:
        """Write the canonical text."""
        return None if value is None else canonical(value)
