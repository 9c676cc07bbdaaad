"""The systems that the operator lets dossiers call."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

DEFAULT_TIMEOUT, MAX_TIMEOUT = 10, 60
MIN_SECRET = 16


def read_webhooks(text: str) -> dict[str, dict[str, Any]]:
    """Read `{"name": {"url": …, "secret": …, "timeout": seconds}}`. Raises `ImproperlyConfigured` with the mistake."""
    try:
        raw = json.loads(text or "{}")
    except ValueError as error:
        raise ImproperlyConfigured(f"WEBHOOKS is not JSON: {error}.") from None
    if not isinstance(raw, dict):
        raise ImproperlyConfigured("WEBHOOKS must be an object: name to url, secret and timeout.")
    return {name: _target(name, row) for name, row in raw.items()}


def _target(name: str, row: Any) -> dict[str, Any]:
    if not isinstance(row, dict) or set(row) - {"url", "secret", "timeout"}:
        raise ImproperlyConfigured(
            f"WEBHOOKS, {name}: give url, secret and, if wanted, timeout; nothing else."
        )
    url, secret = str(row.get("url", "")), str(row.get("secret", ""))
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
        raise ImproperlyConfigured(f"WEBHOOKS, {name}: url must be a plain http or https address.")
    if len(secret) < MIN_SECRET:
        raise ImproperlyConfigured(f"WEBHOOKS, {name}: the secret needs {MIN_SECRET} characters or more.")
    timeout = row.get("timeout", DEFAULT_TIMEOUT)
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not 0 < timeout <= MAX_TIMEOUT:
        raise ImproperlyConfigured(f"WEBHOOKS, {name}: timeout is 1 to {MAX_TIMEOUT} seconds.")
    return {"url": url, "secret": secret, "timeout": timeout}
