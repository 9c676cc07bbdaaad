"""New stamps, for the digest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from home.notifications.api import DigestItem, DigestSection, digest_sections


def none_yet(user: Any, since: datetime, until: datetime) -> list[DigestItem]:
    """Return nothing: stamps do not appear by themselves."""
    return []


digest_sections.register(DigestSection(code="stamps", label=_("Stamps"), items=none_yet))
