"""Addresses that are read outside of the site."""

from __future__ import annotations

from django.conf import settings


def absolute(path: str) -> str:
    """Return the address of a page of this site as it stands in a mail."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path
