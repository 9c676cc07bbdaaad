"""Where the virus scanner listens."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def read_scanner(text: str) -> str:
    """Return where clamd listens: `tcp://host:3310` or `unix:///run/clamav/clamd.ctl`. Raises on others."""
    text = text.strip()
    if not text:
        return ""
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError:
        port = None
    if (parts.scheme == "tcp" and parts.hostname and port) or (parts.scheme == "unix" and parts.path):
        return text
    raise ImproperlyConfigured("CLAMAV_URL must be tcp://host:port or unix:///path of the socket of clamd.")
